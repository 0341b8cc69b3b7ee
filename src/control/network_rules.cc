#include "control/network_rules.h"

#include <algorithm>
#include <string>
#include <variant>

#include "control/listener_places.h"
#include "policy/reach.h"

namespace sallyport::control {

namespace {

using base::ErrorKind;
using base::fail;

bool names(const model::VpcConfig& config, const model::SubnetId& subnet) {
  return std::ranges::find(config.subnets, subnet) != config.subnets.end();
}
bool names(const model::VpcConfig& config, const model::SecurityGroupId& group) {
  return std::ranges::find(config.security_groups, group) != config.security_groups.end();
}

template <class Id>
base::Status check_updates(const State& state, const Id& erased, const std::string& noun) {
  const model::Update* update = update_that_may_end_with(
      state, [&](const model::ClusterName&, const model::VpcConfig& config) { return names(config, erased); });
  if (update == nullptr) return {};
  return fail(ErrorKind::kInUse, "The " + noun + " '" + erased.str() + "' cannot be deleted: update " +
                                     update->id.str() + " of cluster " + update->cluster.str() +
                                     " is in flight and may end with it; try again when the update has ended");
}

base::Status check_erasures(const State& state, const store::Transaction& transaction) {
  for (const store::EntityId& id : transaction.erases) {
    base::Status checked;
    if (const auto* subnet = std::get_if<model::SubnetId>(&id)) checked = check_updates(state, *subnet, "subnet");
    if (const auto* group = std::get_if<model::SecurityGroupId>(&id)) {
      checked = check_updates(state, *group, "security group");
    }
    if (!checked) return checked;
  }
  return {};
}

const model::Cluster* some_cluster_in(const model::Snapshot& world, const model::VpcId& vpc) {
  for (const auto& [name, cluster] : world.clusters) {
    if (cluster->vpc_config.vpc == vpc) return cluster.get();
  }
  return nullptr;
}

base::Status check_listeners(const model::Snapshot& before, const model::Snapshot& after, const Settings& settings) {
  const PlacedListeners placed = placed_listeners(settings.listeners, after);
  for (std::size_t i = 0; i < before.listeners.size(); ++i) {
    const model::Listener& was = before.listeners[i];
    if (!was.vpc || placed.listeners[i].vpc) continue;
    const std::string listener = "private listener " + was.advertise.to_string();
    if (after.subnets.contains(*was.subnet)) {
      return fail(ErrorKind::kInvalidParameter,
                  "CidrBlock: " + listener + " lies in " + was.subnet->str() + " of " + was.vpc->str() +
                      "; in a second subnet it would belong to neither and cut whom it serves. Give it its subnet in "
                      "the configuration, { bind = …, subnet = \"" +
                      was.subnet->str() + "\" }, or choose another block",
                  "CidrBlock");
    }
    if (const model::Cluster* cluster = some_cluster_in(before, *was.vpc)) {
      return fail(ErrorKind::kInUse, "The subnet '" + was.subnet->str() + "' cannot be deleted: " + listener +
                                         " lies in it, by which cluster " + cluster->name.str() + " is reached");
    }
  }
  return {};
}

base::Status check_resolvers(const model::Snapshot& before, const model::Snapshot& after, const Settings& settings) {
  for (const base::SocketAddress& resolver : settings.resolvers) {
    const auto was = policy::vpcs_containing(before, resolver.address);
    if (was.size() != 1 || policy::vpcs_containing(after, resolver.address).size() <= 1) continue;
    return fail(ErrorKind::kInvalidParameter,
                "CidrBlock: resolver " + resolver.to_string() + " lies in " + was.front().str() +
                    "; in a second VPC it would answer for neither. Give it its VPC in the configuration, { bind = …, "
                    "vpc = \"" +
                    was.front().str() + "\" }, or choose another block",
                "CidrBlock");
  }
  return {};
}

}  // namespace

const model::Update* update_that_may_end_with(const State& state, const VpcConfigTest& holds) {
  for (const auto& [cluster, pending] : state.pending()) {
    const auto* change = pending.update ? std::get_if<model::VpcConfigChange>(&pending.update->change) : nullptr;
    if (change == nullptr) continue;
    if (holds(cluster, change->target) || holds(cluster, change->previous)) return &*pending.update;
  }
  return nullptr;
}

base::Status check_network_change(const State& state, const model::Snapshot& after,
                                  const store::Transaction& transaction, const Settings& settings) {
  if (auto kept = check_erasures(state, transaction); !kept) return kept;
  if (auto kept = check_listeners(state.world(), after, settings); !kept) return kept;
  return check_resolvers(state.world(), after, settings);
}

}  // namespace sallyport::control
