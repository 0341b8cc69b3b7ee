#include "policy/decide.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using test::cidr;
using test::cidrs;
using test::ip;
using test::kHome;
using test::kOther;

const std::string kPublic = "public";
const std::string kInHome = "private(home)";
const std::string kInOther = "private(other)";

Arrival arrival(const std::string& name) {
  if (name == kPublic) return Arrival::at_public();
  return Arrival::at_private(name == kInHome ? kHome : kOther);
}

struct Row {
  bool public_access;
  bool private_access;
  std::string at;
  std::string source;
  bool allow;
  Reason reason;
};

class DecideTable : public testing::TestWithParam<Row> {};

TEST_P(DecideTable, FollowsTheDesign) {
  const Row& row = GetParam();
  model::Cluster cluster = test::cluster();
  cluster.access.public_access = row.public_access;
  cluster.access.private_access = row.private_access;
  const Decision decision = decide(test::world(), cluster, arrival(row.at), ip(row.source));
  EXPECT_EQ(decision.allow, row.allow) << row.at << " from " << row.source;
  EXPECT_EQ(to_string(decision.reason), to_string(row.reason)) << row.at << " from " << row.source;
}

// 203.0.113.7: in publicAccessCidrs. 192.0.2.1: in nothing. 10.0.1.5: in the VPC, admitted by block.
// 10.0.3.7: in the VPC, admitted as a member. 10.0.2.5: in the VPC, admitted by nothing.
INSTANTIATE_TEST_SUITE_P(
    PublicOnly, DecideTable,
    testing::Values(Row{true, false, kPublic, "203.0.113.7", true, Reason::kPublicCidrMatch},
                    Row{true, false, kPublic, "192.0.2.1", false, Reason::kNoPublicCidrMatch},
                    Row{true, false, kPublic, "10.0.1.5", false, Reason::kNoPublicCidrMatch},
                    Row{true, false, kPublic, "2001:db8:1::9", true, Reason::kPublicCidrMatch},
                    Row{true, false, kPublic, "2001:db8:2::9", false, Reason::kNoPublicCidrMatch},
                    Row{true, false, kInHome, "10.0.1.5", false, Reason::kPrivateAccessDisabled},
                    Row{true, false, kInHome, "203.0.113.7", false, Reason::kPrivateAccessDisabled},
                    Row{true, false, kInOther, "10.9.0.5", false, Reason::kPrivateAccessDisabled}));
INSTANTIATE_TEST_SUITE_P(PublicAndPrivate, DecideTable,
                         testing::Values(Row{true, true, kPublic, "203.0.113.7", true, Reason::kPublicCidrMatch},
                                         Row{true, true, kPublic, "192.0.2.1", false, Reason::kNoPublicCidrMatch},
                                         Row{true, true, kPublic, "10.0.1.5", false, Reason::kNoPublicCidrMatch},
                                         Row{true, true, kInHome, "10.0.1.5", true, Reason::kSecurityGroupMatch},
                                         Row{true, true, kInHome, "10.0.3.7", true, Reason::kSecurityGroupMatch},
                                         Row{true, true, kInHome, "10.0.2.5", false, Reason::kNoSecurityGroupMatch},
                                         Row{true, true, kInHome, "203.0.113.7", false, Reason::kNotConnected},
                                         Row{true, true, kInOther, "10.9.0.5", false, Reason::kForeignVpc},
                                         Row{true, true, kInOther, "10.0.1.5", false, Reason::kForeignVpc}));
INSTANTIATE_TEST_SUITE_P(PrivateOnly, DecideTable,
                         testing::Values(Row{false, true, kPublic, "203.0.113.7", false, Reason::kPublicAccessDisabled},
                                         Row{false, true, kPublic, "10.0.1.5", false, Reason::kPublicAccessDisabled},
                                         Row{false, true, kInHome, "10.0.1.5", true, Reason::kSecurityGroupMatch},
                                         Row{false, true, kInHome, "10.0.3.7", true, Reason::kSecurityGroupMatch},
                                         Row{false, true, kInHome, "10.0.2.5", false, Reason::kNoSecurityGroupMatch},
                                         Row{false, true, kInHome, "192.0.2.1", false, Reason::kNotConnected},
                                         Row{false, true, kInOther, "10.0.1.5", false, Reason::kForeignVpc}));
INSTANTIATE_TEST_SUITE_P(
    Neither, DecideTable,
    testing::Values(Row{false, false, kPublic, "203.0.113.7", false, Reason::kPublicAccessDisabled},
                    Row{false, false, kInHome, "10.0.1.5", false, Reason::kPrivateAccessDisabled}));

model::Cluster open_cluster() {
  model::Cluster cluster = test::cluster();
  cluster.access.private_access = true;
  return cluster;
}

TEST(Decide, DeniesWhereTheClusterIsDeletedOrFailed) {
  const model::Snapshot snapshot = test::world();
  model::Cluster cluster = open_cluster();
  for (const auto status : {model::ClusterStatus::kDeleting, model::ClusterStatus::kFailed}) {
    cluster.status = status;
    EXPECT_EQ(decide(snapshot, cluster, Arrival::at_public(), ip("203.0.113.7")).reason, Reason::kClusterNotServing);
    EXPECT_EQ(decide(snapshot, cluster, Arrival::at_private(kHome), ip("10.0.1.5")).reason, Reason::kClusterNotServing);
  }
  for (const auto status : {model::ClusterStatus::kCreating, model::ClusterStatus::kUpdating}) {
    cluster.status = status;
    EXPECT_TRUE(decide(snapshot, cluster, Arrival::at_public(), ip("203.0.113.7")).allow);
  }
}

TEST(Decide, ADefaultOfBothFamiliesAdmitsBoth) {
  model::Cluster cluster = open_cluster();
  cluster.access.public_access_cidrs = cidrs({"0.0.0.0/0", "::/0"});
  const model::Snapshot snapshot = test::world();
  EXPECT_TRUE(decide(snapshot, cluster, Arrival::at_public(), ip("192.0.2.1")).allow);
  EXPECT_TRUE(decide(snapshot, cluster, Arrival::at_public(), ip("2001:db8:9::1")).allow);
}

TEST(Decide, OnlyRulesForTcp443Admit) {
  struct Case {
    std::string protocol;
    std::uint16_t from, to;
    bool admits;
  };
  for (const Case& each : std::vector<Case>{{"tcp", 443, 443, true},
                                            {"tcp", 0, 65535, true},
                                            {"-1", 0, 0, true},
                                            {"tcp", 444, 65535, false},
                                            {"tcp", 0, 442, false},
                                            {"tcp", 8443, 8443, false},
                                            {"udp", 443, 443, false},
                                            {"icmp", 0, 65535, false}}) {
    model::Snapshot snapshot = test::world();
    model::SecurityGroup group = *snapshot.find_security_group(test::kOwnGroup);
    group.ingress = {test::rule_from("sgr-x", cidr("10.0.0.0/16"))};
    group.ingress[0].protocol = each.protocol;
    group.ingress[0].from_port = each.from;
    group.ingress[0].to_port = each.to;
    test::put(snapshot.security_groups, group);
    EXPECT_EQ(decide(snapshot, open_cluster(), Arrival::at_private(kHome), ip("10.0.9.9")).allow, each.admits)
        << each.protocol << " " << each.from << "-" << each.to;
  }
}

TEST(Decide, AGroupThatRefersToItselfAdmitsItsMembers) {
  model::Snapshot snapshot = test::world();
  model::SecurityGroup group = *snapshot.find_security_group(test::kOwnGroup);
  group.members = {ip("10.0.8.8")};
  group.ingress = {test::rule_from("sgr-self", test::kOwnGroup)};
  test::put(snapshot.security_groups, group);
  EXPECT_TRUE(decide(snapshot, open_cluster(), Arrival::at_private(kHome), ip("10.0.8.8")).allow);
  EXPECT_FALSE(decide(snapshot, open_cluster(), Arrival::at_private(kHome), ip("10.0.8.9")).allow);
}

TEST(Decide, TheOwnersGroupsAdmitAsWell) {
  model::Snapshot snapshot = test::world();
  model::SecurityGroup extra = *snapshot.find_security_group(test::kExtraGroup);
  extra.ingress = {test::rule_from("sgr-more", cidr("10.0.2.5/32"))};
  test::put(snapshot.security_groups, extra);
  const Decision decision = decide_with_rule(snapshot, open_cluster(), Arrival::at_private(kHome), ip("10.0.2.5"));
  EXPECT_TRUE(decision.allow);
  EXPECT_EQ(decision.matched_rule, "sg-extra rule sgr-more (10.0.2.5/32)");
}

TEST(Decide, NoRuleReachesOutsideTheVpc) {
  model::Snapshot snapshot = test::world();
  model::SecurityGroup group = *snapshot.find_security_group(test::kOwnGroup);
  group.ingress = {test::rule_from("sgr-all", cidr("0.0.0.0/0"))};
  test::put(snapshot.security_groups, group);
  EXPECT_EQ(decide(snapshot, open_cluster(), Arrival::at_private(kHome), ip("10.9.0.5")).reason, Reason::kNotConnected);
}

TEST(Decide, UnknownGroupsAndVpcsDeny) {
  model::Snapshot snapshot = test::world();
  model::Cluster cluster = open_cluster();
  snapshot.security_groups.clear();
  EXPECT_EQ(decide(snapshot, cluster, Arrival::at_private(kHome), ip("10.0.1.5")).reason,
            Reason::kNoSecurityGroupMatch);
  snapshot.vpcs.clear();
  EXPECT_EQ(decide(snapshot, cluster, Arrival::at_private(kHome), ip("10.0.1.5")).reason, Reason::kNotConnected);
}

TEST(Decide, NamesTheRuleThatMadeIt) {
  const model::Snapshot snapshot = test::world();
  const auto rule = [&](const Arrival& arrival, const char* source) {
    return decide_with_rule(snapshot, open_cluster(), arrival, ip(source)).matched_rule;
  };
  EXPECT_EQ(rule(Arrival::at_public(), "203.0.113.7"), "203.0.113.0/24");
  EXPECT_EQ(rule(Arrival::at_public(), "192.0.2.1"), "");
  EXPECT_EQ(rule(Arrival::at_private(kHome), "10.0.1.5"), "sg-own rule sgr-subnet (10.0.1.0/24)");
  EXPECT_EQ(rule(Arrival::at_private(kHome), "10.0.3.7"), "sg-own rule sgr-peers (sg-peers)");
  EXPECT_EQ(rule(Arrival::at_private(kHome), "10.0.2.5"), "");
  EXPECT_EQ(decide(snapshot, open_cluster(), Arrival::at_public(), ip("203.0.113.7")).matched_rule, "");
}

TEST(Decide, LabelsThePathWithoutDecidingByIt) {
  const model::Snapshot snapshot = test::world();
  const auto path = [&](const Arrival& arrival, const char* source) {
    return to_string(decide_with_rule(snapshot, open_cluster(), arrival, ip(source)).path);
  };
  EXPECT_EQ(path(Arrival::at_public(), "203.0.113.7"), "internet");
  EXPECT_EQ(path(Arrival::at_public(), "198.51.100.1"), "vpc-egress");
  EXPECT_EQ(path(Arrival::at_public(), "198.51.100.2"), "vpc-egress") << "another VPC's egress is one too";
  EXPECT_EQ(path(Arrival::at_private(kHome), "10.0.1.5"), "vpc");
  EXPECT_EQ(path(Arrival::at_private(kHome), "192.0.2.1"), "internet") << "not connected is not a connected network";
  EXPECT_FALSE(decide(snapshot, open_cluster(), Arrival::at_public(), ip("198.51.100.1")).allow);
}

TEST(Decide, DescribesEveryReasonInWords) {
  for (int value = 0; value <= static_cast<int>(Reason::kNoSecurityGroupMatch); ++value) {
    Decision decision;
    decision.reason = static_cast<Reason>(value);
    EXPECT_NE(describe(decision), "unknown");
    EXPECT_NE(to_string(decision.reason), "unknown");
  }
}

TEST(AdmittedAnywhere, IsTheCollapsedUnionOfServingClusters) {
  model::Snapshot snapshot = test::world();
  model::Cluster second = open_cluster();
  second.name = model::ClusterName("second");
  second.endpoint_id = model::EndpointId("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
  second.access.public_access_cidrs = cidrs({"203.0.113.5/32", "192.0.2.0/24", "2001:db8:1:2::/64"});
  snapshot.put_cluster(second);
  EXPECT_TRUE(admitted_anywhere(snapshot, Arrival::at_public())
                  .same_blocks(cidrs({"192.0.2.0/24", "203.0.113.0/24", "2001:db8:1::/48"})));

  second.access.public_access_cidrs = cidrs({"0.0.0.0/0"});
  snapshot.put_cluster(second);
  EXPECT_TRUE(admitted_anywhere(snapshot, Arrival::at_public()).same_blocks(cidrs({"0.0.0.0/0", "2001:db8:1::/48"})));

  second.status = model::ClusterStatus::kDeleting;
  snapshot.put_cluster(second);
  EXPECT_TRUE(
      admitted_anywhere(snapshot, Arrival::at_public()).same_blocks(cidrs({"203.0.113.0/24", "2001:db8:1::/48"})));
}

TEST(AdmittedAnywhere, IsEmptyWhereNothingIsAdmitted) {
  model::Snapshot snapshot = test::world();
  EXPECT_TRUE(admitted_anywhere(snapshot, Arrival::at_private(kHome)).empty()) << "private access is off";
  model::Cluster cluster = open_cluster();
  cluster.access.public_access = false;
  snapshot.put_cluster(cluster);
  EXPECT_TRUE(admitted_anywhere(snapshot, Arrival::at_public()).empty());
  EXPECT_TRUE(admitted_anywhere(snapshot, Arrival::at_private(kOther)).empty());
  EXPECT_TRUE(admitted_anywhere(snapshot, Arrival::at_private(kHome)).contains(ip("10.0.1.5")));
}

TEST(AdmittedAnywhere, ManyClustersWithTheSameBlocksGiveOneSmallSet) {
  model::Snapshot snapshot = test::world();
  model::Cluster cluster = open_cluster();
  for (int i = 0; i < 10'000; ++i) {
    cluster.name = model::ClusterName("c" + std::to_string(i));
    cluster.endpoint_id = model::EndpointId("E" + std::to_string(i));
    snapshot.put_cluster(cluster);
  }
  EXPECT_EQ(admitted_anywhere(snapshot, Arrival::at_public()).size(), 2U);
}

}  // namespace
}  // namespace sallyport::policy
