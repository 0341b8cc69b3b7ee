#include "app/live_connections.h"

#include <optional>

namespace sallyport::app {

std::vector<policy::LiveConnections> live_connections_of(const model::Cluster& cluster,
                                                         const gateway::LiveBySource& counted) {
  std::vector<policy::LiveConnections> live;
  for (const auto& [from, count] : counted) {
    live.push_back({.cluster = cluster.name,
                    .source = from.first,
                    .private_vpc = from.second ? std::optional(cluster.vpc_config.vpc) : std::nullopt,
                    .count = count});
  }
  return live;
}

api::insight::Sight sight_of(const gateway::Gateway* gateway) {
  if (gateway == nullptr) return {};
  return {.live =
              [gateway](const model::Cluster& cluster) {
                return live_connections_of(cluster, gateway->connections_of(cluster.name));
              },
          .inherited = [gateway]() -> std::uint64_t { return gateway->inherited(); },
          .traffic = [gateway](const model::ClusterName& cluster) { return gateway->traffic(cluster); }};
}

}  // namespace sallyport::app
