#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"
#include "base/limits.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

class Rules : public testing::Test {
 protected:
  std::string make_group(const std::string& name, const std::string& vpc = {}) {
    return ec2_.made("CreateSecurityGroup", "groupId",
                     {{"GroupName", name}, {"GroupDescription", "words"}, {"VpcId", vpc}});
  }
  Ec2Answer call(const std::string& operation, const std::string& group, wire::Pairs parameters) {
    parameters.emplace_back("GroupId", group);
    return ec2_.call(operation, std::move(parameters));
  }
  Ec2Answer authorize(wire::Pairs parameters) {
    return call("AuthorizeSecurityGroupIngress", web_, std::move(parameters));
  }
  Ec2Answer revoke(wire::Pairs parameters) { return call("RevokeSecurityGroupIngress", web_, std::move(parameters)); }

  static wire::Pairs flat(const std::string& cidr, const std::string& port = "443") {
    return {{"IpProtocol", "tcp"}, {"FromPort", port}, {"ToPort", port}, {"CidrIp", cidr}};
  }
  static wire::Pairs all_of(const std::string& peer_parameter, const std::string& peer) {
    return {{"IpPermissions.1.IpProtocol", "-1"}, {"IpPermissions.1." + peer_parameter, peer}};
  }
  const std::vector<model::SecurityGroupRule>& ingress() { return ec2_.group(web_).ingress; }
  void peer(const std::string& one, const std::string& other, bool active) {
    model::VpcPeering peering;
    peering.id = model::VpcPeeringId("pcx-1");
    peering.requester = model::VpcId(one);
    peering.accepter = model::VpcId(other);
    peering.active = active;
    store::Transaction transaction;
    transaction.puts.emplace_back(peering);
    ec2_.commit(std::move(transaction));
  }

  Ec2World ec2_;
  const std::string home_ = ec2_.add_default_vpc();
  const std::string web_ = make_group("web");
};

TEST_F(Rules, EveryKindOfPeerMakesARuleOfItsOwn) {
  const std::string list = ec2_.made("CreateManagedPrefixList", "prefixListId",
                                     {{"PrefixListName", "l"}, {"AddressFamily", "IPv4"}, {"MaxEntries", "1"}});
  const Ec2Answer answer = authorize({{"IpPermissions.1.IpProtocol", "6"},
                                      {"IpPermissions.1.FromPort", "443"},
                                      {"IpPermissions.1.ToPort", "443"},
                                      {"IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8"},
                                      {"IpPermissions.1.IpRanges.1.Description", "the office"},
                                      {"IpPermissions.1.IpRanges.2.CidrIp", "100.68.0.18/18"},
                                      {"IpPermissions.1.Ipv6Ranges.1.CidrIpv6", "2001:DB8::1/32"},
                                      {"IpPermissions.1.Groups.1.GroupId", web_},
                                      {"IpPermissions.1.Groups.1.UserId", "000000000000"},
                                      {"IpPermissions.1.PrefixListIds.1.PrefixListId", list},
                                      {"TagSpecification.1.ResourceType", "security-group-rule"},
                                      {"TagSpecification.1.Tag.1.Key", "k"},
                                      {"TagSpecification.1.Tag.1.Value", "v"}});
  ASSERT_TRUE(answer.ok()) << answer.message();
  EXPECT_THAT(answer.texts("securityGroupRuleId"), SizeIs(5));
  EXPECT_THAT(answer.text("securityGroupRuleId"), MatchesRegex("sgr-[0-9a-f]{17}"));
  EXPECT_THAT(answer.texts("cidrIpv4"), ElementsAre("10.0.0.0/8", "100.68.0.0/18"));
  EXPECT_THAT(answer.texts("cidrIpv6"), ElementsAre("2001:db8::/32"));
  EXPECT_THAT(answer.texts("prefixListId"), ElementsAre(list));
  EXPECT_THAT(answer.text("referencedGroupInfo"), HasSubstr("<groupId>" + web_ + "</groupId>"));
  EXPECT_THAT(answer.texts("description"), ElementsAre("the office"));
  EXPECT_THAT(answer.texts("ipProtocol"), testing::Each("tcp"));
  EXPECT_THAT(answer.texts("isEgress"), testing::Each("false"));
  ASSERT_THAT(ingress(), SizeIs(5));
  for (const auto& rule : ingress()) {
    EXPECT_TRUE(rule.admits_tcp(443));
    EXPECT_EQ(rule.tags.at("k"), "v");
  }
  const Ec2Answer described = ec2_.call("DescribeSecurityGroups", {{"GroupId.1", web_}});
  EXPECT_THAT(described.texts("ipProtocol"), ElementsAre("tcp", "-1")) << "one permission a protocol and ports";
}

TEST_F(Rules, TheFlatFormNamesABlockOrAGroup) {
  make_group("peer");
  ASSERT_TRUE(authorize(flat("10.0.0.0/8")).ok());
  ASSERT_TRUE(
      ec2_.call("AuthorizeSecurityGroupIngress", {{"GroupName", "web"}, {"SourceSecurityGroupName", "peer"}}).ok());
  ASSERT_THAT(ingress(), SizeIs(4)) << "all of TCP, UDP and ICMP";
  EXPECT_EQ(ingress()[1].to_port, 65'535);
  EXPECT_EQ(ingress()[3].protocol, "icmp");
  EXPECT_EQ(authorize({{"SourceSecurityGroupName", "peer"}, {"CidrIp", "10.0.0.0/8"}}).code(),
            "InvalidParameterCombination");
  EXPECT_EQ(authorize({{"SourceSecurityGroupName", "none"}}).code(), "InvalidGroup.NotFound");
  EXPECT_EQ(authorize({}).code(), "MissingParameter");
  wire::Pairs both = all_of("IpRanges.1.CidrIp", "10.0.0.0/8");
  both.emplace_back("CidrIp", "10.0.0.0/8");
  EXPECT_EQ(authorize(both).code(), "InvalidParameterCombination");
}

TEST_F(Rules, ARuleStandsOnce) {
  ASSERT_TRUE(authorize(flat("10.0.0.0/8")).ok());
  const Ec2Answer again = authorize(flat("10.1.2.3/8"));
  EXPECT_EQ(again.code(), "InvalidPermission.Duplicate");
  EXPECT_EQ(again.message(),
            "the specified rule \"peer: 10.0.0.0/8, TCP, from port: 443, to port: 443, ALLOW\" already exists");
  EXPECT_TRUE(call("AuthorizeSecurityGroupEgress", web_, flat("10.0.0.0/8")).ok()) << "the other direction is its own";
  wire::Pairs twice = all_of("IpRanges.1.CidrIp", "10.0.0.0/8");
  twice.emplace_back("IpPermissions.1.IpRanges.2.CidrIp", "10.9.0.0/8");
  EXPECT_EQ(authorize(twice).code(), "InvalidParameterValue");
  EXPECT_THAT(ingress(), SizeIs(1)) << "a refused request changes nothing";
}

TEST_F(Rules, BadFieldsAreNamed) {
  const auto refusal = [&](const std::string& name, const std::string& value) {
    wire::Pairs good = {{"IpPermissions.1.IpProtocol", "tcp"},
                        {"IpPermissions.1.FromPort", "443"},
                        {"IpPermissions.1.ToPort", "443"},
                        {"IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8"}};
    std::erase_if(good, [&](const auto& pair) { return pair.first == "IpPermissions.1." + name; });
    good.emplace_back("IpPermissions.1." + name, value);
    const Ec2Answer answer = authorize(good);
    EXPECT_THAT(answer.message(), HasSubstr("IpPermissions.1." + name)) << answer.code();
    return answer.code();
  };
  EXPECT_EQ(refusal("IpProtocol", "sctp"), "InvalidParameterValue");
  EXPECT_EQ(refusal("IpProtocol", "256"), "InvalidParameterValue");
  EXPECT_EQ(refusal("IpProtocol", ""), "MissingParameter");
  EXPECT_EQ(refusal("FromPort", ""), "MissingParameter");
  EXPECT_EQ(refusal("ToPort", ""), "MissingParameter");
  EXPECT_EQ(refusal("FromPort", "-1"), "InvalidParameterValue");
  EXPECT_EQ(refusal("FromPort", "444"), "InvalidParameterValue");
  EXPECT_EQ(refusal("ToPort", "65536"), "InvalidParameterValue");
  EXPECT_EQ(refusal("ToPort", "http"), "InvalidParameterValue");
  EXPECT_EQ(refusal("IpRanges.1.CidrIp", "10.0.0.0"), "InvalidParameterValue");
  EXPECT_EQ(refusal("IpRanges.1.CidrIp", "10.0.0.0/33"), "InvalidParameterValue");
  EXPECT_EQ(refusal("IpRanges.1.CidrIp", "::/0"), "InvalidParameterValue");
  EXPECT_EQ(refusal("IpRanges.1.CidrIp", "::ffff:10.0.0.0/104"), "InvalidParameterValue");
  EXPECT_EQ(refusal("Ipv6Ranges.1.CidrIpv6", "10.0.0.0/8"), "InvalidParameterValue");
  EXPECT_EQ(refusal("IpRanges.1.Description", "it's"), "InvalidParameterValue");
  EXPECT_EQ(refusal("IpRanges.1.Description", std::string(256, 'a')), "InvalidParameterValue");
  EXPECT_EQ(refusal("Groups.1.UserId", "111111111111"), "InvalidParameterValue");
  EXPECT_EQ(refusal("Surprise", "1"), "UnknownParameter");
  EXPECT_EQ(authorize(all_of("Groups.1.GroupId", "sg-none")).code(), "InvalidGroup.NotFound");
  EXPECT_EQ(authorize(all_of("PrefixListIds.1.PrefixListId", "pl-none")).code(), "InvalidPrefixListID.NotFound");
  EXPECT_EQ(authorize({{"IpPermissions.1.IpProtocol", "-1"}}).code(), "MissingParameter") << "no peer";
  EXPECT_THAT(ingress(), IsEmpty());
}

TEST_F(Rules, ProtocolsAreKeptInOneForm) {
  const auto kept = [&](const std::string& protocol, const std::string& from, const std::string& to) {
    const Ec2Answer answer = authorize({{"IpPermissions.1.IpProtocol", protocol},
                                        {"IpPermissions.1.FromPort", from},
                                        {"IpPermissions.1.ToPort", to},
                                        {"IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8"}});
    if (!answer.ok()) return answer.code();
    return answer.text("ipProtocol") + " " + answer.text("fromPort") + " " + answer.text("toPort");
  };
  EXPECT_EQ(kept("TCP", "1", "2"), "tcp 1 2");
  EXPECT_EQ(kept("17", "53", "53"), "udp 53 53");
  EXPECT_EQ(kept("1", "8", "0"), "icmp 8 0");
  EXPECT_EQ(kept("icmp", "-1", "-1"), "icmp -1 -1");
  EXPECT_EQ(kept("icmp", "-1", "0"), "InvalidParameterValue");
  EXPECT_EQ(kept("icmp", "256", "0"), "InvalidParameterValue");
  EXPECT_EQ(kept("icmp", "", ""), "MissingParameter");
  EXPECT_EQ(kept("58", "", ""), "icmpv6 -1 -1");
  EXPECT_EQ(kept("50", "7", "9"), "50 -1 -1") << "ports mean nothing to other protocols";
  EXPECT_EQ(kept("-1", "7", "9"), "-1 -1 -1");
}

TEST_F(Rules, AGroupOfAnotherVpcNeedsAnActivePeering) {
  const std::string other = ec2_.make_vpc("10.0.0.0/16");
  const std::string far = make_group("far", other);
  EXPECT_EQ(authorize(all_of("Groups.1.GroupId", far)).code(), "InvalidGroup.NotFound");
  peer(other, home_, false);
  EXPECT_EQ(authorize(all_of("Groups.1.GroupId", far)).code(), "InvalidGroup.NotFound");
  peer(other, home_, true);
  const Ec2Answer answer = authorize(all_of("Groups.1.GroupId", far));
  ASSERT_TRUE(answer.ok()) << answer.message();
  EXPECT_EQ(answer.text("vpcId"), other);
  EXPECT_EQ(answer.text("vpcPeeringConnectionId"), "pcx-1");
  EXPECT_EQ(answer.text("peeringStatus"), "active");

  store::Transaction transaction;
  transaction.erases.emplace_back(model::VpcPeeringId("pcx-1"));
  transaction.erases.emplace_back(model::SecurityGroupId(far));
  ec2_.commit(std::move(transaction));
  EXPECT_TRUE(ec2_.call("DescribeSecurityGroups", {{"GroupId.1", web_}}).ok());
  EXPECT_TRUE(revoke(all_of("Groups.1.GroupId", far)).ok()) << "a stale rule goes, whatever became of its peer";
  EXPECT_THAT(ingress(), IsEmpty());
}

// A reference means the members' own addresses, never what the peer admits: so cycles are harmless.
TEST_F(Rules, GroupsMayReferToThemselvesAndToEachOther) {
  const std::string peer_group = make_group("peer");
  EXPECT_TRUE(authorize(all_of("Groups.1.GroupId", web_)).ok());
  EXPECT_TRUE(authorize(all_of("Groups.1.GroupName", "PEER")).ok());
  EXPECT_TRUE(call("AuthorizeSecurityGroupIngress", peer_group, all_of("Groups.1.GroupId", web_)).ok());
  EXPECT_EQ(ec2_.call("DeleteSecurityGroup", {{"GroupId", peer_group}}).code(), "DependencyViolation");
  EXPECT_TRUE(revoke(all_of("Groups.1.GroupId", peer_group)).ok()) << "the way out of a cycle";
  EXPECT_TRUE(ec2_.call("DeleteSecurityGroup", {{"GroupId", peer_group}}).ok());
}

TEST_F(Rules, TheirNumberIsLimitedAndAListCountsWithItsRoom) {
  const std::string most = std::to_string(base::limits::kRulesPerSecurityGroup);
  const std::string list = ec2_.made("CreateManagedPrefixList", "prefixListId",
                                     {{"PrefixListName", "l"}, {"AddressFamily", "IPv4"}, {"MaxEntries", most}});
  ASSERT_TRUE(authorize(all_of("PrefixListIds.1.PrefixListId", list)).ok());
  const Ec2Answer answer = authorize(flat("10.0.0.0/8"));
  EXPECT_EQ(answer.code(), "RulesPerSecurityGroupLimitExceeded");
  EXPECT_THAT(answer.message(), HasSubstr(most));
  ASSERT_TRUE(revoke(all_of("PrefixListIds.1.PrefixListId", list)).ok());
  EXPECT_TRUE(authorize(flat("10.0.0.0/8")).ok());
}

TEST_F(Rules, RevokedByValueOrById) {
  ASSERT_TRUE(authorize(flat("10.0.0.0/8")).ok());
  const std::string id = authorize(flat("10.0.0.0/8", "80")).text("securityGroupRuleId");
  const Ec2Answer by_value = revoke(flat("10.0.0.0/8"));
  ASSERT_TRUE(by_value.ok()) << by_value.message();
  EXPECT_EQ(by_value.text("fromPort"), "443");
  EXPECT_THAT(by_value.texts("unknownIpPermissionSet"), IsEmpty());
  EXPECT_EQ(call("RevokeSecurityGroupEgress", web_, {{"SecurityGroupRuleId.1", id}}).code(),
            "InvalidSecurityGroupRuleId.NotFound");
  wire::Pairs both = flat("10.0.0.0/8", "80");
  both.emplace_back("SecurityGroupRuleId.1", id);
  EXPECT_EQ(revoke(both).code(), "InvalidParameterCombination");
  const Ec2Answer by_id = revoke({{"SecurityGroupRuleId.1", id}});
  EXPECT_THAT(by_id.texts("securityGroupRuleId"), ElementsAre(id));
  EXPECT_EQ(revoke({{"SecurityGroupRuleId.1", id}}).code(), "InvalidSecurityGroupRuleId.NotFound");
  EXPECT_EQ(revoke({}).code(), "MissingParameter");
  EXPECT_THAT(ingress(), IsEmpty());
}

TEST_F(Rules, WhatIsNotThereIsToldInTheDefaultVpcAndRefusedElsewhere) {
  ASSERT_TRUE(authorize(all_of("IpRanges.1.CidrIp", "10.0.0.0/8")).ok());
  wire::Pairs more = all_of("IpRanges.1.CidrIp", "10.0.0.0/8");
  more.emplace_back("IpPermissions.1.IpRanges.2.CidrIp", "192.0.2.0/24");
  const Ec2Answer answer = revoke(more);
  ASSERT_TRUE(answer.ok()) << answer.message();
  EXPECT_THAT(answer.text("unknownIpPermissionSet"), HasSubstr("192.0.2.0/24"));
  EXPECT_THAT(answer.text("revokedSecurityGroupRuleSet"), HasSubstr("10.0.0.0/8"));
  EXPECT_THAT(ingress(), IsEmpty());
  const int before = ec2_.commits;
  EXPECT_TRUE(revoke(flat("10.0.0.0/8")).ok());
  EXPECT_EQ(ec2_.commits, before) << "nothing changed";

  const std::string far = make_group("far", ec2_.make_vpc("10.0.0.0/16"));
  ASSERT_TRUE(call("AuthorizeSecurityGroupIngress", far, all_of("IpRanges.1.CidrIp", "10.0.0.0/8")).ok());
  EXPECT_EQ(call("RevokeSecurityGroupIngress", far, more).code(), "InvalidPermission.NotFound");
  EXPECT_THAT(ec2_.group(far).ingress, SizeIs(1)) << "none of them is revoked";
}

}  // namespace
}  // namespace sallyport::api::ec2
