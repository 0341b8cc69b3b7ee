#include "policy/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using test::ip;
using test::kHome;
using test::kOther;
using testing::Contains;
using testing::HasSubstr;

model::Snapshot world_with(bool public_access, bool private_access, bool legacy = false) {
  model::Snapshot snapshot = test::world();
  model::Cluster cluster = test::cluster();
  cluster.access.public_access = public_access;
  cluster.access.private_access = private_access;
  cluster.public_resolves_private = !legacy;
  snapshot.put_cluster(cluster);
  return snapshot;
}

Explanation told(const model::Snapshot& snapshot, const char* source, std::optional<model::VpcId> vpc = std::nullopt) {
  return explain(snapshot, test::kName, ip(source), vpc).value();
}

TEST(Explain, FollowsPublicDnsToThePublicSide) {
  const Explanation admitted = told(world_with(true, true), "203.0.113.7");
  EXPECT_EQ(admitted.host, test::kHost);
  EXPECT_TRUE(admitted.arrival.is_public());
  EXPECT_TRUE(admitted.reachable);
  EXPECT_EQ(admitted.decision.matched_rule, "203.0.113.0/24");
  EXPECT_THAT(admitted.sentences, Contains(HasSubstr("203.0.113.0/24")));
  const Explanation denied = told(world_with(true, true), "192.0.2.1");
  EXPECT_FALSE(denied.reachable);
  EXPECT_EQ(denied.decision.reason, Reason::kNoPublicCidrMatch);
}

TEST(Explain, FollowsVpcDnsToThePrivateSide) {
  const Explanation inside = told(world_with(true, true), "10.0.1.5", kHome);
  EXPECT_EQ(inside.arrival.private_vpc, kHome);
  EXPECT_EQ(inside.answer.reason, ResolveReason::kPrivateAddresses);
  EXPECT_TRUE(inside.reachable);
  EXPECT_EQ(inside.decision.matched_rule, "sg-own rule sgr-subnet (10.0.1.0/24)");
  EXPECT_EQ(inside.seen_as, ip("10.0.1.5"));
}

TEST(Explain, PublicDnsOfAPrivateOnlyEndpointLeadsToThePrivateSide) {
  const Explanation outside = told(world_with(false, true), "192.0.2.1");
  EXPECT_EQ(outside.arrival.private_vpc, kHome);
  EXPECT_EQ(outside.decision.reason, Reason::kNotConnected);
  EXPECT_FALSE(outside.reachable);
}

TEST(Explain, ALegacyEndpointIsNotReachableByNameFromOutside) {
  const Explanation outside = told(world_with(false, true, true), "203.0.113.7");
  EXPECT_EQ(outside.answer.status, ResolveStatus::kNameError);
  EXPECT_FALSE(outside.reachable);
  EXPECT_THAT(outside.sentences, Contains(HasSubstr("NXDOMAIN")));
}

TEST(Explain, AnAllowedSourceWithoutAnAnswerIsNotReachable) {
  model::Snapshot snapshot = world_with(true, false);
  snapshot.listeners.clear();
  const Explanation lost = told(snapshot, "203.0.113.7");
  EXPECT_TRUE(lost.decision.allow);
  EXPECT_FALSE(lost.reachable);
}

TEST(Explain, AnAddressOfAnotherFamilyDoesNotReachWhatDnsAnswers) {
  model::Snapshot snapshot = world_with(true, false);
  model::Cluster open = *snapshot.find_cluster(test::kName);
  open.access.public_access_cidrs =
      model::CidrSet({*model::Cidr::parse("203.0.113.0/24"), *model::Cidr::parse("::/0")});
  snapshot.put_cluster(open);
  EXPECT_TRUE(told(snapshot, "2001:db8::1").reachable);
  std::erase_if(snapshot.listeners, [](const model::Listener& one) { return !one.advertise.address.is_v4(); });
  const Explanation told_v6 = told(snapshot, "2001:db8::1");
  EXPECT_TRUE(told_v6.decision.allow);
  EXPECT_FALSE(told_v6.reachable);
  EXPECT_THAT(told_v6.sentences, Contains(HasSubstr("none of the addresses is IPv6")));
  EXPECT_TRUE(told(snapshot, "203.0.113.7").reachable);
}

TEST(Explain, FromInsideAVpcThePublicSideSeesItsEgress) {
  model::Snapshot snapshot = world_with(true, false);
  const Explanation denied = told(snapshot, "10.0.1.5", kHome);
  EXPECT_EQ(denied.seen_as, ip("198.51.100.1"));
  EXPECT_EQ(denied.decision.path, Path::kVpcEgress);
  EXPECT_FALSE(denied.reachable);

  model::Vpc home = *snapshot.find_vpc(kHome);
  home.egress_addresses = {ip("198.51.100.1"), ip("203.0.113.9")};
  test::put(snapshot.vpcs, home);
  EXPECT_EQ(told(snapshot, "10.0.1.5", kHome).seen_as, ip("198.51.100.1")) << "the denied one";
  home.egress_addresses = {ip("203.0.113.9"), ip("203.0.113.200"), ip("203.0.114.1")};
  test::put(snapshot.vpcs, home);
  EXPECT_EQ(told(snapshot, "10.0.1.5", kHome).seen_as, ip("203.0.114.1")) << "the denied one, though last";
  home.egress_addresses = {ip("203.0.113.9"), ip("203.0.113.200")};
  test::put(snapshot.vpcs, home);
  EXPECT_TRUE(told(snapshot, "10.0.1.5", kHome).reachable);

  home.egress_addresses.clear();
  test::put(snapshot.vpcs, home);
  const Explanation unknown = told(snapshot, "10.0.1.5", kHome);
  EXPECT_EQ(unknown.seen_as, ip("10.0.1.5"));
  EXPECT_THAT(unknown.sentences, Contains(HasSubstr("no known egress address")));
}

TEST(Explain, NamesWhatConnectsTheSourcesNetwork) {
  model::Snapshot snapshot = world_with(false, true);
  model::VpcPeering peering;
  peering.id = model::VpcPeeringId("pcx-1");
  peering.requester = kHome;
  peering.accepter = test::kOther;
  peering.active = true;
  test::put(std::get<model::Table<model::VpcPeering>>(snapshot.objects), peering);
  model::Vpc home = *snapshot.find_vpc(kHome);
  home.connected_blocks = test::cidrs({"10.9.0.0/16"});
  test::put(snapshot.vpcs, home);

  const Explanation joined = told(snapshot, "10.9.0.7");
  EXPECT_EQ(joined.decision.path, Path::kConnectedNetwork);
  EXPECT_EQ(joined.decision.reason, Reason::kNoSecurityGroupMatch);
  EXPECT_EQ(joined.connected, (ConnectedNetwork{test::cidr("10.9.0.0/16"), "pcx-1"}));
  EXPECT_THAT(joined.sentences, Contains(HasSubstr("joined to " + kHome.str() + " by pcx-1")));
  EXPECT_FALSE(told(snapshot, "10.0.1.5").connected.has_value()) << "within the VPC";
}

TEST(Explain, SaysWhatAVpcsDnsLacks) {
  model::Snapshot snapshot = world_with(true, true);
  model::Vpc home = *snapshot.find_vpc(kHome);
  home.enable_dns_hostnames = false;
  test::put(snapshot.vpcs, home);
  const Explanation unfit = told(snapshot, "10.0.1.5", kHome);
  EXPECT_TRUE(unfit.arrival.is_public());
  EXPECT_THAT(unfit.sentences, Contains(HasSubstr("enableDnsHostnames")));
}

TEST(Explain, HintsAtTheVpcTheSourceLiesIn) {
  EXPECT_THAT(told(world_with(true, true), "10.0.1.5").sentences, Contains(HasSubstr(kHome.str())));
  EXPECT_THAT(told(world_with(true, true), "192.0.2.1").sentences, testing::Not(Contains(HasSubstr("lies in"))));
}

TEST(Explain, RefusesWhatItDoesNotKnow) {
  const model::Snapshot snapshot = test::world();
  const auto no_cluster = explain(snapshot, model::ClusterName("nope"), ip("192.0.2.1"), std::nullopt);
  ASSERT_FALSE(no_cluster.has_value());
  EXPECT_EQ(no_cluster.error().kind, base::ErrorKind::kNotFound);
  EXPECT_EQ(no_cluster.error().field, "cluster");
  const auto no_vpc = explain(snapshot, test::kName, ip("192.0.2.1"), model::VpcId("vpc-nope"));
  ASSERT_FALSE(no_vpc.has_value());
  EXPECT_EQ(no_vpc.error().field, "vpc");
}

}  // namespace
}  // namespace sallyport::policy
