#include "policy/hosted_zones.h"

#include <algorithm>
#include <utility>

#include "policy/resolve.h"

namespace sallyport::policy {

std::string unfit_settings(const model::Vpc& vpc) {
  std::string what;
  const auto add = [&](bool fit, const char* setting) {
    if (!fit) what += (what.empty() ? "" : ", ") + std::string(setting);
  };
  add(vpc.enable_dns_support, "enableDnsSupport is false");
  add(vpc.enable_dns_hostnames, "enableDnsHostnames is false");
  const auto& servers = vpc.domain_name_servers;
  add(std::ranges::find(servers, model::kAmazonProvidedDns) != servers.end(),
      "its DHCP options' domain-name-servers lack AmazonProvidedDNS");
  return what;
}

std::optional<ZoneState> zone_state(const model::Snapshot& snapshot, const model::Cluster& cluster) {
  if (!cluster.hosted_zone) return std::nullopt;
  ZoneState state;
  state.zone = *cluster.hosted_zone;
  state.cluster = cluster.name;
  state.name = model::endpoint_host(cluster.endpoint_id, snapshot.region, snapshot.zone);
  const model::Vpc* vpc = snapshot.find_vpc(state.zone.vpc);
  if (vpc == nullptr) {
    state.obstacle = "its VPC does not exist";
    return state;
  }
  Answer answer = resolve(snapshot, state.name, Vantage::in_vpc(vpc->id));
  state.serving = answer.reason == ResolveReason::kPrivateAddresses;
  if (state.serving) {
    state.records = std::move(answer.addresses);
  } else {
    state.obstacle = unfit_settings(*vpc);
    if (state.obstacle.empty()) {
      state.obstacle = cluster.status == model::ClusterStatus::kDeleting ? "its cluster is being deleted"
                                                                         : "no private listener lies in the VPC";
    }
  }
  return state;
}

std::vector<ZoneState> zone_states(const model::Snapshot& snapshot) {
  std::vector<ZoneState> states;
  for (const auto& [name, cluster] : snapshot.clusters) {
    if (auto state = zone_state(snapshot, *cluster)) states.push_back(*std::move(state));
  }
  std::ranges::sort(states, {}, &ZoneState::cluster);
  return states;
}

ZoneCounts count_zones(const model::Snapshot& snapshot) {
  ZoneCounts counts;
  for (const auto& [name, cluster] : snapshot.clusters) {
    if (const auto state = zone_state(snapshot, *cluster)) ++(state->serving ? counts.serving : counts.not_serving);
  }
  return counts;
}

}  // namespace sallyport::policy
