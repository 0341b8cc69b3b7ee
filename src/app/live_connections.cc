#include "app/live_connections.h"

#include <map>
#include <optional>
#include <utility>

namespace sallyport::app {

std::vector<policy::LiveConnections> live_connections_of(const model::Cluster& cluster,
                                                         const std::vector<gateway::LiveConnection>& all) {
  std::map<std::pair<base::IpAddress, bool>, std::uint64_t> counts;
  for (const gateway::LiveConnection& connection : all) {
    if (connection.cluster == cluster.name) ++counts[{connection.source, connection.private_arrival}];
  }
  std::vector<policy::LiveConnections> live;
  for (const auto& [from, count] : counts) {
    live.push_back({.cluster = cluster.name,
                    .source = from.first,
                    .private_vpc = from.second ? std::optional(cluster.vpc_config.vpc) : std::nullopt,
                    .count = count});
  }
  return live;
}

api::insight::LiveConnectionsOf live_connections_at(const gateway::Gateway* gateway) {
  if (gateway == nullptr) return {};
  return [gateway](const model::Cluster& cluster) {
    return live_connections_of(cluster, gateway->connections(kConnectionsCounted));
  };
}

}  // namespace sallyport::app
