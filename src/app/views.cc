#include "app/views.h"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "app/version.h"
#include "policy/decide.h"
#include "policy/resolve.h"

namespace sallyport::app {

namespace {

namespace json = boost::json;

template <class Range, class Fn>
json::array list(const Range& range, Fn&& item) {
  json::array items;
  for (const auto& element : range)
    items.push_back(item(element));
  return items;
}

json::array strings(const std::vector<std::string>& range) {
  return list(range, [](const std::string& text) { return json::value(text); });
}

json::array blocks(const std::vector<model::Cidr>& range) {
  return list(range, [](const model::Cidr& block) { return json::value(block.to_string()); });
}

template <class Map>
auto sorted(const Map& map) {
  std::vector<typename Map::mapped_type> values;
  for (const auto& [id, value] : map)
    values.push_back(value);
  std::ranges::sort(values, {}, [](const auto& value) { return value->id.str(); });
  return values;
}

json::object access_view(const model::EndpointAccess& access) {
  return {{"publicAccess", access.public_access},
          {"privateAccess", access.private_access},
          {"publicAccessCidrs", blocks(access.public_access_cidrs.entries())}};
}

json::object vpc_config_view(const model::VpcConfig& config) {
  const auto id = [](const auto& value) { return json::value(value.str()); };
  return {{"vpcId", config.vpc.str()},
          {"subnetIds", list(config.subnets, id)},
          {"securityGroupIds", list(config.security_groups, id)},
          {"clusterSecurityGroupId", config.cluster_security_group.str()}};
}

json::array log_types(const std::vector<model::LogType>& types) {
  return list(types, [](model::LogType type) { return json::value(model::to_string(type)); });
}

struct ChangeView {
  json::object operator()(const model::AccessChange& change) const {
    return {{"from", access_view(change.previous)}, {"to", access_view(change.target)}};
  }
  json::object operator()(const model::VpcConfigChange& change) const {
    return {{"from", vpc_config_view(change.previous)}, {"to", vpc_config_view(change.target)}};
  }
  json::object operator()(const model::LoggingChange& change) const {
    return {{"from", log_types(change.previous)}, {"to", log_types(change.target)}};
  }
  json::object operator()(const model::DeletionProtectionChange& change) const {
    return {{"from", change.previous}, {"to", change.target}};
  }
  json::object operator()(const model::AuthenticationModeChange& change) const {
    return {{"from", model::to_string(change.previous)}, {"to", model::to_string(change.target)}};
  }
};

json::object listener_view(const model::Listener& listener) {
  const bool is_public = listener.side == model::Listener::Side::kPublic;
  json::object view{{"side", is_public ? "public" : "private"},
                    {"bind", listener.bind.to_string()},
                    {"advertise", listener.advertise.to_string()}};
  if (listener.vpc) view["vpc"] = listener.vpc->str();
  if (listener.subnet) view["subnet"] = listener.subnet->str();
  if (!listener.device.empty()) view["device"] = listener.device;
  return view;
}

json::object gateway_view(const gateway::GatewayStats& stats) {
  std::uint64_t denied = 0;
  for (const auto& [reason, count] : stats.denied)
    denied += count;
  return {{"kernelFilter", stats.kernel_filter_active},
          {"connectionsActive", stats.active},
          {"connectionsInherited", stats.inherited},
          {"connectionsRelayed", stats.relayed},
          {"connectionsDenied", denied},
          {"kernelDroppedSyns", stats.kernel_dropped_syns},
          {"connectionsCut", stats.cut}};
}

json::object node_view(const control::Status::NodeStatus& node) {
  json::object view{{"name", node.name}, {"acknowledged", node.acknowledged.value()}};
  if (node.error) view["error"] = *node.error;
  return view;
}

json::object vpc_view(const model::Vpc& vpc) {
  const auto address = [](const base::IpAddress& value) { return json::value(value.to_string()); };
  return {{"id", vpc.id.str()},
          {"cidrBlocks", blocks(vpc.cidr_blocks)},
          {"isDefault", vpc.is_default},
          {"dnsObstacle", policy::unfit_settings(vpc)},
          {"connectedBlocks", blocks(vpc.connected_blocks.entries())},
          {"egressAddresses", list(vpc.egress_addresses, address)}};
}

json::object pool_view(const model::Pool& pool, const StatusFacts& facts) {
  const auto checked = facts.health.find(pool.name);
  const auto server = [&](const base::SocketAddress& address) {
    json::object view{{"address", address.to_string()}};
    if (checked == facts.health.end()) return view;
    for (const gateway::ServerHealth& health : checked->second) {
      if (health.server != address) continue;
      view["healthy"] = health.healthy;
      if (!health.problem.empty()) view["problem"] = health.problem;
    }
    return view;
  };
  return {{"name", pool.name.str()}, {"servers", list(pool.servers, server)}};
}

}  // namespace

json::object status_view(const StatusFacts& facts) {
  const model::Snapshot& snapshot = *facts.snapshot;
  json::object view{{"version", kVersion},
                    {"dataDir", facts.data_dir},
                    {"startedAt", base::format_rfc3339(facts.started_at)},
                    {"region", snapshot.region.str()},
                    {"zone", snapshot.zone},
                    {"revision", facts.control.stored.value()},
                    {"clusters", facts.control.clusters},
                    {"updatesInFlight", facts.control.updates_in_flight},
                    {"updatesSuccessful", facts.control.updates_successful},
                    {"updatesFailed", facts.control.updates_failed},
                    {"connectionsCut", facts.control.connections_cut},
                    {"nodes", list(facts.control.nodes, node_view)},
                    {"listeners", list(snapshot.listeners, listener_view)}};
  if (facts.gateway) view["gateway"] = gateway_view(*facts.gateway);
  if (facts.dns) {
    view["dns"] = json::object{{"queriesUdp", facts.dns->queries_udp}, {"queriesTcp", facts.dns->queries_tcp}};
  }
  std::map<std::string, std::shared_ptr<const model::Pool>> pools;
  for (const auto& [name, pool] : snapshot.pools)
    pools.emplace(name.str(), pool);
  view["pools"] = list(pools, [&](const auto& entry) { return pool_view(*entry.second, facts); });
  view["vpcs"] = list(sorted(snapshot.vpcs), [](const auto& vpc) { return vpc_view(*vpc); });
  auto subnets = sorted(snapshot.subnets);
  std::ranges::stable_sort(subnets, {}, [](const auto& subnet) { return subnet->availability_zone; });
  view["subnets"] = list(subnets, [](const auto& subnet) {
    return json::object{{"id", subnet->id.str()},
                        {"vpc", subnet->vpc.str()},
                        {"cidrBlock", subnet->cidr_block.to_string()},
                        {"availabilityZone", subnet->availability_zone}};
  });
  return view;
}

json::object zones_view(const std::vector<policy::ZoneState>& states) {
  const auto record = [](const base::IpAddress& address) {
    return json::object{{"type", address.is_v4() ? "A" : "AAAA"}, {"value", address.to_string()}};
  };
  const auto zone = [&](const policy::ZoneState& state) {
    json::object view{{"id", state.zone.id.str()},
                      {"cluster", state.cluster.str()},
                      {"name", state.name},
                      {"vpc", state.zone.vpc.str()},
                      {"createdAt", base::format_rfc3339(state.zone.created_at)},
                      {"records", list(state.records, record)},
                      {"serving", state.serving}};
    if (!state.serving) view["obstacle"] = state.obstacle;
    return view;
  };
  return {{"zones", list(states, zone)}};
}

json::object cluster_view(const model::Cluster& cluster, const std::string& endpoint_url) {
  const auto issue = [](const model::HealthIssue& found) {
    return json::object{{"code", found.code}, {"message", found.message}, {"resourceIds", strings(found.resource_ids)}};
  };
  return {{"name", cluster.name.str()},
          {"arn", cluster.arn.str()},
          {"status", model::to_string(cluster.status)},
          {"endpoint", endpoint_url},
          {"version", cluster.version},
          {"createdAt", base::format_rfc3339(cluster.created_at)},
          {"creator", cluster.creator.str()},
          {"pool", cluster.pool.str()},
          {"access", access_view(cluster.access)},
          {"vpcConfig", vpc_config_view(cluster.vpc_config)},
          {"deletionProtection", cluster.deletion_protection},
          {"healthIssues", list(cluster.health_issues, issue)}};
}

json::object update_view(const model::Update& update) {
  const auto error = [](const model::UpdateError& found) {
    return json::object{{"code", found.code}, {"message", found.message}, {"resourceIds", strings(found.resource_ids)}};
  };
  json::object view{{"id", update.id.str()},
                    {"type", model::type_of(update.change)},
                    {"status", model::to_string(update.status)},
                    {"step", model::to_string(update.step)},
                    {"createdAt", base::format_rfc3339(update.created_at)},
                    {"connectionsCut", update.connections_cut},
                    {"warnings", strings(update.warnings)},
                    {"errors", list(update.errors, error)},
                    {"change", std::visit(ChangeView{}, update.change)}};
  if (update.finished_at) view["finishedAt"] = base::format_rfc3339(*update.finished_at);
  if (update.revision) view["revision"] = update.revision->value();
  return view;
}

json::object foretold_view(const model::ClusterName& cluster, const api::insight::Preview& preview) {
  json::object view = api::insight::preview_view(cluster, preview);
  view["change"] = json::object{{"from", access_view(preview.present)}, {"to", access_view(preview.target)}};
  return view;
}

json::object connections_view(const gateway::LiveBySource& live, std::size_t most) {
  std::uint64_t total = 0;
  for (const auto& [from, count] : live)
    total += count;
  std::vector<std::pair<std::pair<base::IpAddress, bool>, std::uint64_t>> ranked(live.begin(), live.end());
  std::ranges::stable_sort(ranked, std::ranges::greater{}, [](const auto& entry) { return entry.second; });
  if (ranked.size() > most) ranked.resize(most);
  return {{"total", total}, {"sources", list(ranked, [](const auto& entry) {
                               return json::object{{"source", entry.first.first.to_string()},
                                                   {"side", entry.first.second ? "private" : "public"},
                                                   {"count", entry.second}};
                             })}};
}

}  // namespace sallyport::app
