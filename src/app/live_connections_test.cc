#include "app/live_connections.h"

#include <gtest/gtest.h>

namespace sallyport::app {
namespace {

gateway::LiveConnection live(const char* cluster, const char* source, bool inside = false) {
  gateway::LiveConnection connection;
  connection.cluster = model::ClusterName(cluster);
  connection.source = *base::IpAddress::parse(source);
  connection.private_arrival = inside;
  return connection;
}

TEST(LiveConnections, AreCountedBySourceAndSide) {
  model::Cluster cluster;
  cluster.name = model::ClusterName("c");
  cluster.vpc_config.vpc = model::VpcId("vpc-1");
  const auto counted =
      live_connections_of(cluster, {live("c", "192.0.2.1"), live("d", "192.0.2.1"), live("c", "192.0.2.1"),
                                    live("c", "10.0.0.1", true), live("c", "192.0.2.1", true)});
  const auto entry = [&](const char* source, std::optional<model::VpcId> vpc, std::uint64_t count) {
    return policy::LiveConnections{cluster.name, *base::IpAddress::parse(source), std::move(vpc), count};
  };
  EXPECT_EQ(counted, (std::vector{entry("10.0.0.1", model::VpcId("vpc-1"), 1), entry("192.0.2.1", std::nullopt, 2),
                                  entry("192.0.2.1", model::VpcId("vpc-1"), 1)}));
}

}  // namespace
}  // namespace sallyport::app
