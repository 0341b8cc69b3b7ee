#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "policy/decide.h"
#include "policy/derive.h"
#include "policy/test_network.h"

namespace sallyport::policy {
namespace {

using test::cidr;
using test::ip;
using test::kHome;
using test::kOther;
using test::kThird;

const Arrival kAtHome = Arrival::at_private(kHome);

void settle(model::Snapshot& world) {
  const Derived derived = derive(world).value();
  for (const model::Vpc& vpc : derived.vpcs)
    test::put(world.vpcs, vpc);
}

void set_rules(model::Snapshot& world, const std::vector<model::SecurityGroupRule>& rules) {
  model::SecurityGroup own = *world.find_security_group(test::kOwnGroup);
  own.ingress = rules;
  test::put(world.security_groups, own);
}

model::SecurityGroupRule rule_from_list(std::string id, const char* list) {
  model::SecurityGroupRule rule;
  rule.id = model::SecurityGroupRuleId(std::move(id));
  rule.from_port = rule.to_port = 443;
  rule.source_prefix_list = model::PrefixListId(list);
  return rule;
}

void set_list(model::Snapshot& world, const char* id, const std::vector<std::string>& blocks) {
  model::PrefixList list;
  list.id = model::PrefixListId(id);
  for (const std::string& block : blocks)
    list.entries.push_back({cidr(block), ""});
  test::put(world, std::move(list));
}

model::Snapshot private_world() {
  model::Snapshot world = test::three_vpcs();
  model::Cluster cluster = test::cluster();
  cluster.access.private_access = true;
  world.put_cluster(cluster);
  return world;
}

Decision at_home(const model::Snapshot& world, const char* source) {
  return decide_with_rule(world, *world.find_cluster(test::kName), kAtHome, ip(source));
}

TEST(DecideNetwork, AConnectedSourceNeedsTheConnectionAndARule) {
  model::Snapshot world = private_world();
  EXPECT_EQ(at_home(world, "10.9.0.5").reason, Reason::kNotConnected);
  EXPECT_EQ(at_home(world, "10.9.0.5").path, Path::kInternet);

  set_rules(world, {test::rule_from("sgr-1", cidr("10.9.0.0/24"))});
  EXPECT_EQ(at_home(world, "10.9.0.5").reason, Reason::kNotConnected) << "a rule alone joins nothing";

  test::peer(world, "pcx-1", kHome, kOther);
  settle(world);
  const Decision admitted = at_home(world, "10.9.0.5");
  EXPECT_TRUE(admitted.allow);
  EXPECT_EQ(admitted.path, Path::kConnectedNetwork);
  EXPECT_EQ(admitted.matched_rule, "sg-own rule sgr-1 (10.9.0.0/24)");
  EXPECT_EQ(at_home(world, "10.9.1.5").reason, Reason::kNoSecurityGroupMatch);
  EXPECT_EQ(at_home(world, "10.9.1.5").path, Path::kConnectedNetwork);

  set_rules(world, {});
  EXPECT_EQ(at_home(world, "10.9.0.5").reason, Reason::kNoSecurityGroupMatch);
}

TEST(DecideNetwork, WhatIsBehindAPeerIsRefusedWhateverTheRules) {
  model::Snapshot world = private_world();
  test::peer(world, "pcx-1", kHome, kOther);
  test::peer(world, "pcx-2", kOther, kThird);
  settle(world);
  set_rules(world, {test::rule_from("sgr-1", cidr("0.0.0.0/0"))});
  EXPECT_TRUE(at_home(world, "10.9.0.5").allow);
  EXPECT_EQ(at_home(world, "10.8.0.5").reason, Reason::kNotConnected);
}

TEST(DecideNetwork, AConnectedNetworkIsNotThePublicSide) {
  model::Snapshot world = private_world();
  test::peer(world, "pcx-1", kHome, kOther);
  settle(world);
  set_rules(world, {test::rule_from("sgr-1", cidr("0.0.0.0/0"))});
  const model::Cluster& cluster = *world.find_cluster(test::kName);
  EXPECT_EQ(decide(world, cluster, Arrival::at_public(), ip("10.9.0.5")).reason, Reason::kNoPublicCidrMatch);
  EXPECT_EQ(decide(world, cluster, Arrival::at_private(kOther), ip("10.9.0.5")).reason, Reason::kForeignVpc);
}

TEST(DecideNetwork, APrefixListAdmitsItsBlocks) {
  model::Snapshot world = private_world();
  set_list(world, "pl-1", {"10.0.7.0/24", "10.0.9.9/32", "2001:db8::/64"});
  set_rules(world, {rule_from_list("sgr-1", "pl-1")});
  const Decision admitted = at_home(world, "10.0.7.5");
  EXPECT_TRUE(admitted.allow);
  EXPECT_EQ(admitted.matched_rule, "sg-own rule sgr-1 (pl-1)");
  EXPECT_TRUE(at_home(world, "10.0.9.9").allow);
  EXPECT_EQ(at_home(world, "10.0.8.5").reason, Reason::kNoSecurityGroupMatch);
  EXPECT_EQ(at_home(world, "2001:db8::5").reason, Reason::kNotConnected) << "a list joins no network";

  set_list(world, "pl-1", {"10.0.8.0/24"});
  EXPECT_FALSE(at_home(world, "10.0.7.5").allow);
  EXPECT_TRUE(at_home(world, "10.0.8.5").allow);
}

TEST(DecideNetwork, AListThatIsEmptyOrGoneAdmitsNobody) {
  model::Snapshot world = private_world();
  set_rules(world, {rule_from_list("sgr-1", "pl-gone"), rule_from_list("sgr-2", "pl-empty")});
  set_list(world, "pl-empty", {});
  EXPECT_EQ(at_home(world, "10.0.1.5").reason, Reason::kNoSecurityGroupMatch);
}

TEST(DecideNetwork, APrefixListRuleHasProtocolAndPorts) {
  model::Snapshot world = private_world();
  set_list(world, "pl-1", {"0.0.0.0/0"});
  auto rule = rule_from_list("sgr-1", "pl-1");
  rule.protocol = "udp";
  set_rules(world, {rule});
  EXPECT_FALSE(at_home(world, "10.0.1.5").allow);
  rule.protocol = "tcp";
  rule.from_port = 444;
  rule.to_port = 8443;
  set_rules(world, {rule});
  EXPECT_FALSE(at_home(world, "10.0.1.5").allow);
}

TEST(DecideNetwork, ARuleThatNamesAPeersGroupGoesStaleWithThePeering) {
  model::Snapshot world = private_world();
  model::SecurityGroup theirs;
  theirs.id = model::SecurityGroupId("sg-theirs");
  theirs.vpc = kOther;
  theirs.members = {ip("10.9.0.5")};
  test::put(world.security_groups, theirs);
  set_rules(world, {test::rule_from("sgr-1", theirs.id)});
  test::peer(world, "pcx-1", kHome, kOther);
  settle(world);
  EXPECT_TRUE(at_home(world, "10.9.0.5").allow);
  EXPECT_EQ(at_home(world, "10.9.0.6").reason, Reason::kNoSecurityGroupMatch);

  // The same address by another way is still not in a group that this VPC may name.
  test::peer(world, "pcx-1", kHome, kOther, false);
  test::transit(world, "tgw-1", {});
  test::attach(world, "tgw-attach-1", "tgw-1", kHome);
  test::attach(world, "tgw-attach-2", "tgw-1", kOther);
  settle(world);
  EXPECT_EQ(at_home(world, "10.9.0.5").reason, Reason::kNoSecurityGroupMatch);
}

// Networks of a few addresses each, of which some are joined, some listed in a prefix list.
RC_GTEST_PROP(DecideNetworkProperty, AllowsExactlyWhatIsJoinedAndListed, ()) {
  model::Snapshot world = private_world();
  const bool peered = *rc::gen::arbitrary<bool>();
  test::peer(world, "pcx-1", kHome, kOther, peered);
  const bool attached = *rc::gen::arbitrary<bool>();
  test::transit(world, "tgw-1", {});
  test::attach(world, "tgw-attach-1", "tgw-1", kHome);
  if (attached) test::attach(world, "tgw-attach-2", "tgw-1", kThird);
  const bool tunnelled = *rc::gen::arbitrary<bool>();
  if (tunnelled) test::vpn(world, "vpn-1", "vgw-1", kHome, {"192.168.1.0/24"});
  settle(world);

  const std::vector<std::string> networks = {"10.0.1.", "10.9.0.", "10.8.0.", "192.168.1.", "203.0.113."};
  const std::vector<bool> joined = {true, peered, attached, tunnelled, false};
  std::vector<std::string> listed;
  for (const std::string& network : networks) {
    if (*rc::gen::arbitrary<bool>()) listed.push_back(network + "0/29");
  }
  set_list(world, "pl-1", listed);
  set_rules(world, {rule_from_list("sgr-1", "pl-1")});
  const model::CidrSet admitted = admitted_anywhere(world, kAtHome);
  for (std::size_t i = 0; i < networks.size(); ++i) {
    const bool is_listed = std::ranges::find(listed, networks[i] + "0/29") != listed.end();
    for (const auto& [host, in_list] : {std::pair("7", is_listed), std::pair("8", false)}) {
      const std::string source = networks[i] + host;
      RC_ASSERT(at_home(world, source.c_str()).allow == (joined[i] && in_list));
      RC_ASSERT(admitted.contains(ip(source)) == joined[i]);
    }
  }
}

}  // namespace
}  // namespace sallyport::policy
