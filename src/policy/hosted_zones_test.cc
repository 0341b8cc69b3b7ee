#include "policy/hosted_zones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/resolve.h"
#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using test::ip;
using test::kHome;
using testing::ElementsAre;
using testing::HasSubstr;

model::Snapshot with_zone() {
  model::Snapshot snapshot = test::world();
  model::Cluster cluster = test::cluster();
  cluster.access.private_access = true;
  cluster.hosted_zone = model::HostedZone{.id = model::HostedZoneId("Z1"), .vpc = kHome, .created_at = {}};
  snapshot.put_cluster(cluster);
  return snapshot;
}

void change_home(model::Snapshot& snapshot, void (*change)(model::Vpc&)) {
  model::Vpc home = *snapshot.find_vpc(kHome);
  change(home);
  test::put(snapshot.vpcs, home);
}

ZoneState state_of(const model::Snapshot& snapshot) {
  return zone_state(snapshot, *snapshot.find_cluster(test::kName)).value();
}

TEST(HostedZones, ServesThePrivateAddressesUnderTheEndpointsName) {
  const ZoneState state = state_of(with_zone());
  EXPECT_EQ(state.zone.id.str(), "Z1");
  EXPECT_EQ(state.name, test::kHost);
  EXPECT_TRUE(state.serving);
  EXPECT_EQ(state.obstacle, "");
  EXPECT_THAT(state.records, ElementsAre(ip("10.0.1.10")));
}

TEST(HostedZones, EachUnmetPreconditionIsNamed) {
  model::Snapshot snapshot = with_zone();
  change_home(snapshot, [](model::Vpc& vpc) { vpc.enable_dns_hostnames = false; });
  EXPECT_EQ(state_of(snapshot).obstacle, "enableDnsHostnames is false");
  EXPECT_TRUE(state_of(snapshot).records.empty());
  change_home(snapshot, [](model::Vpc& vpc) { vpc.enable_dns_support = false; });
  EXPECT_EQ(state_of(snapshot).obstacle, "enableDnsSupport is false, enableDnsHostnames is false");
  change_home(snapshot, [](model::Vpc& vpc) {
    vpc.enable_dns_support = vpc.enable_dns_hostnames = true;
    vpc.domain_name_servers = {"10.0.0.53"};
  });
  EXPECT_THAT(state_of(snapshot).obstacle, HasSubstr("lack AmazonProvidedDNS"));
  EXPECT_FALSE(state_of(snapshot).serving);
}

TEST(HostedZones, OtherObstaclesAreNamed) {
  model::Snapshot snapshot = with_zone();
  snapshot.listeners.clear();
  EXPECT_EQ(state_of(snapshot).obstacle, "no private listener lies in the VPC");

  snapshot = with_zone();
  model::Cluster leaving = *snapshot.find_cluster(test::kName);
  leaving.status = model::ClusterStatus::kDeleting;
  snapshot.put_cluster(leaving);
  EXPECT_EQ(state_of(snapshot).obstacle, "its cluster is being deleted");

  snapshot = with_zone();
  snapshot.vpcs.erase(kHome);
  EXPECT_EQ(state_of(snapshot).obstacle, "its VPC does not exist");
}

// The control plane sets public_resolves_private for good once public access was enabled and is disabled.
TEST(HostedZones, ALegacyClustersNameIsKnownInItsVpcAlone) {
  model::Snapshot snapshot = with_zone();
  model::Cluster legacy = *snapshot.find_cluster(test::kName);
  legacy.access.public_access = false;
  legacy.public_resolves_private = false;
  snapshot.put_cluster(legacy);
  EXPECT_EQ(resolve(snapshot, test::kHost, Vantage::at_public()).status, ResolveStatus::kNameError);
  EXPECT_EQ(resolve(snapshot, test::kHost, Vantage::in_vpc(test::kOther)).status, ResolveStatus::kNameError);
  EXPECT_TRUE(state_of(snapshot).serving);
  EXPECT_THAT(resolve(snapshot, test::kHost, Vantage::in_vpc(kHome)).addresses, ElementsAre(ip("10.0.1.10")));

  legacy.public_resolves_private = true;
  snapshot.put_cluster(legacy);
  EXPECT_THAT(resolve(snapshot, test::kHost, Vantage::at_public()).addresses, ElementsAre(ip("10.0.1.10")));
}

TEST(HostedZones, AreListedByClusterAndCounted) {
  EXPECT_TRUE(zone_states(test::world()).empty());
  model::Snapshot snapshot = with_zone();
  model::Cluster other = *snapshot.find_cluster(test::kName);
  other.name = model::ClusterName("another");
  other.endpoint_id = model::EndpointId("1123456789ABCDEF0123456789ABCDEF");
  other.status = model::ClusterStatus::kDeleting;
  snapshot.put_cluster(other);
  const auto states = zone_states(snapshot);
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].cluster.str(), "another");
  EXPECT_EQ(count_zones(snapshot).serving, 1U);
  EXPECT_EQ(count_zones(snapshot).not_serving, 1U);
}

}  // namespace
}  // namespace sallyport::policy
