#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/ec2/ec2_fixture.h"
#include "base/limits.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class Peering : public testing::Test {
 protected:
  std::string request(const std::string& from, const std::string& to) {
    return ec2_.made("CreateVpcPeeringConnection", "vpcPeeringConnectionId", {{"VpcId", from}, {"PeerVpcId", to}});
  }
  std::string peer(const std::string& from, const std::string& to) {
    const std::string id = request(from, to);
    EXPECT_EQ(on(id, "Accept").text("code"), "active");
    return id;
  }
  // What happens to the peering connection: "Accept", "Reject", "Delete".
  Ec2Answer on(const std::string& id, const std::string& verb) {
    return ec2_.call(verb + "VpcPeeringConnection", {{"VpcPeeringConnectionId", id}});
  }
  Ec2Answer refused(wire::Pairs parameters) { return ec2_.call("CreateVpcPeeringConnection", std::move(parameters)); }
  std::vector<std::string> found(const std::string& filter, const std::string& value) {
    return ec2_.call("DescribeVpcPeeringConnections", {{"Filter.1.Name", filter}, {"Filter.1.Value.1", value}})
        .texts("vpcPeeringConnectionId");
  }
  std::size_t connected(const std::string& vpc) { return ec2_.vpc(vpc).connected_blocks.size(); }

  Ec2World ec2_;
  const std::string one_ = ec2_.make_vpc("10.0.0.0/16");
  const std::string two_ = ec2_.make_vpc("10.9.0.0/16");
};

TEST_F(Peering, JoinsNothingBeforeItIsAccepted) {
  const Ec2Answer made =
      ec2_.call("CreateVpcPeeringConnection", {{"VpcId", one_},
                                               {"PeerVpcId", two_},
                                               {"PeerOwnerId", "000000000000"},
                                               {"PeerRegion", "us-east-1"},
                                               {"TagSpecification.1.ResourceType", "vpc-peering-connection"},
                                               {"TagSpecification.1.Tag.1.Key", "Name"},
                                               {"TagSpecification.1.Tag.1.Value", "x"}});
  ASSERT_TRUE(made.ok()) << made.message();
  EXPECT_EQ(made.text("code"), "pending-acceptance");
  EXPECT_THAT(made.texts("vpcId"), ElementsAre(one_, two_));
  EXPECT_EQ(made.text("key"), "Name");
  EXPECT_EQ(connected(one_), 0U);

  const Ec2Answer accepted = on(made.text("vpcPeeringConnectionId"), "Accept");
  EXPECT_EQ(accepted.text("code"), "active");
  EXPECT_EQ(accepted.text("key"), "Name");
  EXPECT_EQ(connected(one_), 1U);
  EXPECT_EQ(connected(two_), 1U);

  EXPECT_TRUE(on(made.text("vpcPeeringConnectionId"), "Delete").ok());
  EXPECT_EQ(connected(one_), 0U);
}

TEST_F(Peering, StatesFollowEachOther) {
  const std::string id = peer(one_, two_);
  EXPECT_EQ(on(id, "Accept").code(), "InvalidStateTransition");
  EXPECT_EQ(on(id, "Reject").code(), "InvalidStateTransition");
  EXPECT_TRUE(on(id, "Delete").ok());
  for (const char* verb : {"Accept", "Reject", "Delete"})
    EXPECT_EQ(on(id, verb).code(), "InvalidVpcPeeringConnectionID.NotFound") << verb;

  const std::string rejected = request(two_, one_);
  EXPECT_TRUE(on(rejected, "Reject").ok());
  EXPECT_EQ(ec2_.call("DescribeVpcPeeringConnections", {{"VpcPeeringConnectionId.1", rejected}}).code(),
            "InvalidVpcPeeringConnectionID.NotFound");
}

TEST_F(Peering, RefusesWhatCannotBeJoined) {
  EXPECT_EQ(refused({{"VpcId", one_}, {"PeerVpcId", "vpc-gone"}}).code(), "InvalidVpcID.NotFound");
  EXPECT_EQ(refused({{"VpcId", one_}}).code(), "MissingParameter");
  EXPECT_THAT(refused({{"VpcId", one_}, {"PeerVpcId", one_}}).message(), HasSubstr("itself"));
  const auto foreign = refused({{"VpcId", one_}, {"PeerVpcId", two_}, {"PeerOwnerId", "111111111111"}});
  EXPECT_EQ(foreign.code(), "InvalidParameterValue");
  EXPECT_THAT(foreign.message(), HasSubstr("PeerOwnerId"));
  EXPECT_THAT(refused({{"VpcId", one_}, {"PeerVpcId", two_}, {"PeerRegion", "eu-west-1"}}).message(),
              HasSubstr("PeerRegion"));

  const std::string inside = ec2_.make_vpc("10.9.4.0/24");
  const auto overlapping = refused({{"VpcId", two_}, {"PeerVpcId", inside}});
  EXPECT_EQ(overlapping.code(), "InvalidParameterValue");
  EXPECT_THAT(overlapping.message(), HasSubstr("10.9.0.0/16"));
  EXPECT_THAT(overlapping.message(), HasSubstr("10.9.4.0/24"));
}

TEST_F(Peering, APairIsJoinedOnceWhoeverAsked) {
  const std::string id = request(one_, two_);
  for (int i = 0; i < 2; ++i) {
    const auto forth = refused({{"VpcId", one_}, {"PeerVpcId", two_}});
    EXPECT_EQ(forth.code(), "VpcPeeringConnectionAlreadyExists");
    EXPECT_THAT(forth.message(), HasSubstr(id));
    EXPECT_EQ(refused({{"VpcId", two_}, {"PeerVpcId", one_}}).code(), "VpcPeeringConnectionAlreadyExists");
    on(id, "Accept");
  }
}

TEST_F(Peering, IsFoundByWhatFiltersAsk) {
  const std::string three = ec2_.make_vpc("10.8.0.0/16");
  const std::string active = peer(one_, two_);
  const std::string pending = request(three, one_);
  EXPECT_THAT(found("status-code", "active"), ElementsAre(active));
  EXPECT_THAT(found("status-code", "pending-acceptance"), ElementsAre(pending));
  EXPECT_THAT(found("status-code", "*a*"), UnorderedElementsAre(active, pending));
  EXPECT_THAT(found("requester-vpc-info.vpc-id", three), ElementsAre(pending));
  EXPECT_THAT(found("accepter-vpc-info.vpc-id", one_), ElementsAre(pending));
  EXPECT_THAT(found("accepter-vpc-info.cidr-block", "10.9.0.0/16"), ElementsAre(active));
  EXPECT_THAT(found("requester-vpc-info.owner-id", "000000000000"), SizeIs(2));
  EXPECT_THAT(found("accepter-vpc-info.owner-id", "111111111111"), IsEmpty());
  EXPECT_THAT(found("vpc-peering-connection-id", pending), ElementsAre(pending));
  EXPECT_EQ(
      ec2_.call("DescribeVpcPeeringConnections", {{"Filter.1.Name", "vpc-id"}, {"Filter.1.Value.1", one_}}).code(),
      "InvalidParameterValue");
}

TEST_F(Peering, OptionsAreKeptOnceItIsActive) {
  const std::string id = request(one_, two_);
  const wire::Pairs both = {{"VpcPeeringConnectionId", id},
                            {"RequesterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc", "true"},
                            {"AccepterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc", "false"}};
  EXPECT_EQ(ec2_.call("ModifyVpcPeeringConnectionOptions", both).code(), "OperationNotPermitted");
  on(id, "Accept");
  const Ec2Answer changed = ec2_.call("ModifyVpcPeeringConnectionOptions", both);
  EXPECT_THAT(changed.texts("allowDnsResolutionFromRemoteVpc"), ElementsAre("true", "false"));
  EXPECT_THAT(ec2_.call("DescribeVpcPeeringConnections").texts("allowDnsResolutionFromRemoteVpc"),
              ElementsAre("true", "false"));
  const int commits = ec2_.commits;
  EXPECT_TRUE(ec2_.call("ModifyVpcPeeringConnectionOptions", both).ok());
  EXPECT_EQ(ec2_.commits, commits) << "nothing changed";
  EXPECT_EQ(ec2_.call("ModifyVpcPeeringConnectionOptions", {{"VpcPeeringConnectionId", id}}).code(),
            "MissingParameter");
  EXPECT_EQ(ec2_.call("ModifyVpcPeeringConnectionOptions",
                      {{"VpcPeeringConnectionId", id},
                       {"RequesterPeeringConnectionOptions.AllowEgressFromLocalClassicLinkToRemoteVpc", "true"}})
                .code(),
            "InvalidParameterValue");
}

TEST_F(Peering, APeeredVpcGrowsByBlocksOfItsOwn) {
  const std::string id = request(one_, two_);
  const auto grow = [&](const std::string& vpc, const std::string& block) {
    return ec2_.call("AssociateVpcCidrBlock", {{"VpcId", vpc}, {"CidrBlock", block}});
  };
  for (int i = 0; i < 2; ++i) {
    const Ec2Answer overlapping = grow(one_, "10.9.128.0/17");
    EXPECT_EQ(overlapping.code(), "CidrConflict");
    EXPECT_THAT(overlapping.message(), HasSubstr("10.9.0.0/16"));
    EXPECT_THAT(overlapping.message(), HasSubstr(id));
    EXPECT_EQ(grow(two_, "10.0.0.0/20").code(), "CidrConflict");
    on(id, "Accept");
  }
  EXPECT_TRUE(grow(one_, "10.7.0.0/16").ok());
  EXPECT_EQ(connected(two_), 2U) << "the new block is joined at once";
  on(id, "Delete");
  EXPECT_TRUE(grow(one_, "10.9.128.0/17").ok());
}

TEST_F(Peering, KeepsItsVpcsFromDeletion) {
  const std::string id = peer(one_, two_);
  const Ec2Answer refused = ec2_.call("DeleteVpc", {{"VpcId", two_}});
  EXPECT_EQ(refused.code(), "DependencyViolation");
  EXPECT_THAT(refused.message(), HasSubstr(id));
  on(id, "Delete");
  EXPECT_TRUE(ec2_.call("DeleteVpc", {{"VpcId", two_}}).ok());
}

TEST_F(Peering, AVpcHasSoManyWhicheverSideItIs) {
  store::Transaction many;
  for (std::size_t i = 0; i < base::limits::kPeeringsPerVpc; ++i) {
    model::VpcPeering peering;
    peering.id = model::VpcPeeringId("pcx-" + std::to_string(i));
    peering.requester = model::VpcId(one_);
    peering.accepter = model::VpcId("vpc-" + std::to_string(i));
    peering.active = true;
    many.puts.emplace_back(peering);
  }
  ec2_.commit(std::move(many));
  EXPECT_EQ(refused({{"VpcId", one_}, {"PeerVpcId", two_}}).code(), "VpcPeeringConnectionsPerVpcLimitExceeded");
  EXPECT_EQ(refused({{"VpcId", two_}, {"PeerVpcId", one_}}).code(), "VpcPeeringConnectionsPerVpcLimitExceeded");
  on("pcx-0", "Delete");
  EXPECT_TRUE(refused({{"VpcId", two_}, {"PeerVpcId", one_}}).ok());
}

TEST_F(Peering, ADryRunChangesNothing) {
  const Ec2Answer dry = refused({{"VpcId", one_}, {"PeerVpcId", two_}, {"DryRun", "true"}});
  EXPECT_EQ(dry.code(), "DryRunOperation");
  EXPECT_THAT(ec2_.call("DescribeVpcPeeringConnections").texts("vpcPeeringConnectionId"), IsEmpty());
}

}  // namespace
}  // namespace sallyport::api::ec2
