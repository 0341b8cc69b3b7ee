#include "policy/hosted_zones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "policy/resolve.h"
#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using test::kHome;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

model::Cluster with_zone() {
  model::Cluster cluster = test::cluster();
  cluster.access.private_access = true;
  cluster.hosted_zone =
      model::HostedZone{.id = model::HostedZoneId("Z0123456789ABCDEFGHIJ"), .vpc = kHome, .created_at = {}};
  return cluster;
}

TEST(HostedZones, AClusterWithoutPrivateAccessHasNone) {
  EXPECT_FALSE(zone_state(test::world(), test::cluster()));
  EXPECT_THAT(zone_states(test::world()), IsEmpty());
}

TEST(HostedZones, AServingZoneShowsWhatTheVpcIsAnswered) {
  model::Snapshot world = test::world();
  world.put_cluster(with_zone());
  const auto states = zone_states(world);
  ASSERT_THAT(states, SizeIs(1));
  EXPECT_EQ(states[0].cluster, test::kName);
  EXPECT_EQ(states[0].name, "0123456789ABCDEF0123456789ABCDEF.gr1.us-east-1.eks.sallyport.internal");
  EXPECT_TRUE(states[0].serving);
  EXPECT_THAT(states[0].records, ElementsAre(test::ip("10.0.1.10")));
  EXPECT_EQ(states[0].obstacle, "");
}

TEST(HostedZones, TheyComeByClusterName) {
  model::Snapshot world = test::world();
  for (const char* name : {"c", "a", "b"}) {
    model::Cluster cluster = with_zone();
    cluster.name = model::ClusterName(name);
    cluster.endpoint_id = model::EndpointId(std::string("0123456789ABCDEF0123456789ABCDE") + *name);
    world.put_cluster(cluster);
  }
  std::vector<std::string> names;
  for (const ZoneState& state : zone_states(world))
    names.push_back(state.cluster.str());
  EXPECT_THAT(names, ElementsAre("a", "b", "c"));
}

// The control plane sets public_resolves_private for good once public access was enabled and is disabled.
TEST(HostedZones, ALegacyClustersNameIsKnownInItsVpcAlone) {
  model::Snapshot world = test::world();
  model::Cluster cluster = with_zone();
  cluster.access.public_access = false;
  cluster.public_resolves_private = false;
  world.put_cluster(cluster);
  EXPECT_EQ(resolve(world, test::kHost, Vantage::at_public()).status, ResolveStatus::kNameError);
  EXPECT_EQ(resolve(world, test::kHost, Vantage::in_vpc(test::kOther)).status, ResolveStatus::kNameError);
  EXPECT_TRUE(zone_state(world, cluster)->serving);
  EXPECT_THAT(resolve(world, test::kHost, Vantage::in_vpc(kHome)).addresses, ElementsAre(test::ip("10.0.1.10")));

  cluster.public_resolves_private = true;
  world.put_cluster(cluster);
  EXPECT_THAT(resolve(world, test::kHost, Vantage::at_public()).addresses, ElementsAre(test::ip("10.0.1.10")));
}

struct Obstacle {
  const char* name;
  std::function<void(model::Snapshot&)> make;
  const char* says;
};

void change_home(model::Snapshot& world, const std::function<void(model::Vpc&)>& change) {
  model::Vpc vpc = *world.find_vpc(kHome);
  change(vpc);
  test::put(world.vpcs, vpc);
}

class HostedZoneObstacle : public testing::TestWithParam<Obstacle> {};

TEST_P(HostedZoneObstacle, IsNamed) {
  model::Snapshot world = test::world();
  world.put_cluster(with_zone());
  GetParam().make(world);
  const auto state = zone_state(world, *world.find_cluster(test::kName));
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->serving);
  EXPECT_THAT(state->records, IsEmpty());
  EXPECT_EQ(state->obstacle, GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(
    All, HostedZoneObstacle,
    testing::Values(Obstacle{"Support",
                             [](model::Snapshot& world) {
                               change_home(world, [](model::Vpc& vpc) { vpc.enable_dns_support = false; });
                             },
                             "enableDnsSupport is false"},
                    Obstacle{"Hostnames",
                             [](model::Snapshot& world) {
                               change_home(world, [](model::Vpc& vpc) { vpc.enable_dns_hostnames = false; });
                             },
                             "enableDnsHostnames is false"},
                    Obstacle{"Servers",
                             [](model::Snapshot& world) {
                               change_home(world, [](model::Vpc& vpc) { vpc.domain_name_servers = {"10.0.0.2"}; });
                             },
                             "its DHCP options' domain-name-servers lack AmazonProvidedDNS"},
                    Obstacle{
                        "Two",
                        [](model::Snapshot& world) {
                          change_home(world, [](model::Vpc& vpc) {
                            vpc.enable_dns_hostnames = false;
                            vpc.domain_name_servers = {};
                          });
                        },
                        "enableDnsHostnames is false, its DHCP options' domain-name-servers lack AmazonProvidedDNS"},
                    Obstacle{"Listener", [](model::Snapshot& world) { world.listeners.resize(2); },
                             "no private listener lies in the VPC"},
                    Obstacle{"Deleting",
                             [](model::Snapshot& world) {
                               model::Cluster cluster = with_zone();
                               cluster.status = model::ClusterStatus::kDeleting;
                               world.put_cluster(cluster);
                             },
                             "its cluster is being deleted"},
                    Obstacle{"Vpc", [](model::Snapshot& world) { world.vpcs.erase(kHome); }, "its VPC does not exist"}),
    [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace sallyport::policy
