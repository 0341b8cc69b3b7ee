#include "app/live_connections.h"

#include <gtest/gtest.h>

namespace sallyport::app {
namespace {

TEST(LiveConnections, AreCountedBySourceAndSide) {
  model::Cluster cluster;
  cluster.name = model::ClusterName("c");
  cluster.vpc_config.vpc = model::VpcId("vpc-1");
  const auto from = [](const char* source, bool inside) { return std::pair(*base::IpAddress::parse(source), inside); };
  const auto counted = live_connections_of(
      cluster, {{from("192.0.2.1", false), 2}, {from("10.0.0.1", true), 1}, {from("192.0.2.1", true), 1}});
  const auto entry = [&](const char* source, std::optional<model::VpcId> vpc, std::uint64_t count) {
    return policy::LiveConnections{cluster.name, *base::IpAddress::parse(source), std::move(vpc), count};
  };
  EXPECT_EQ(counted, (std::vector{entry("10.0.0.1", model::VpcId("vpc-1"), 1), entry("192.0.2.1", std::nullopt, 2),
                                  entry("192.0.2.1", model::VpcId("vpc-1"), 1)}));
}

}  // namespace
}  // namespace sallyport::app
