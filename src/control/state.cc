#include "control/state.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "control/listener_places.h"
#include "control/network_state.h"
#include "control/tables.h"

namespace sallyport::control {

namespace {

template <class T>
constexpr auto kHolds = [](const auto& alternatives) { return std::holds_alternative<T>(alternatives); };

}  // namespace

State::State(Fixed fixed, store::Inventory inventory, const std::vector<model::Update>& unfinished)
    : configured_listeners_(std::move(fixed.listeners)) {
  world_.revision = inventory.revision;
  world_.region = std::move(fixed.region);
  world_.zone = std::move(fixed.zone);
  for (model::Pool& pool : fixed.pools) {
    const model::PoolName name = pool.name;
    world_.pools[name] = std::make_shared<const model::Pool>(std::move(pool));
  }
  for (const auto& vpc : inventory.vpcs)
    put_network(world_, vpc);
  for (const auto& subnet : inventory.subnets)
    put_network(world_, subnet);
  for (const auto& group : inventory.security_groups)
    put_network(world_, group);
  world_.objects = std::move(inventory.objects);
  identities_ = std::move(inventory.identities);
  for (auto& cluster : inventory.clusters) {
    if (const model::Pool* pool = world_.find_pool(cluster.pool)) cluster.certificate_authority_pem = pool->ca_pem;
    put(std::move(cluster), inventory.revision);
  }
  for (const auto& update : unfinished)
    put(update, inventory.revision);
  place_listeners();
}

void State::apply(const store::Transaction& transaction, model::Revision revision) {
  for (const store::Entity& entity : transaction.puts) {
    if (const auto* cluster = std::get_if<model::Cluster>(&entity)) {
      put(*cluster, revision);
    } else if (const auto* update = std::get_if<model::Update>(&entity)) {
      put(*update, revision);
    } else {
      put_network(world_, entity);
      std::visit([&](const auto& object) { put_into(identities_, object); }, entity);
    }
  }
  for (const store::EntityId& id : transaction.erases) {
    if (const auto* name = std::get_if<model::ClusterName>(&id)) {
      erase(*name);
    } else {
      erase_network(world_, id);
      std::visit([&](const auto& object) { erase_from(identities_, object); }, id);
    }
  }
  world_.revision = revision;

  if (std::ranges::any_of(transaction.puts, kHolds<model::Subnet>) ||
      std::ranges::any_of(transaction.erases, kHolds<model::SubnetId>)) {
    place_listeners();
  }
}

void State::place_listeners() {
  PlacedListeners placed = placed_listeners(configured_listeners_, world_);
  world_.listeners = std::move(placed.listeners);
  listener_problems_ = std::move(placed.problems);
}

const Pending* State::find_pending(const model::ClusterName& name) const {
  const auto found = pending_.find(name);
  return found == pending_.end() ? nullptr : &found->second;
}

const model::Cluster* State::find_by_creation_token(const std::string& token) const {
  const auto found = creation_tokens_.find(token);
  return found == creation_tokens_.end() ? nullptr : world_.find_cluster(found->second);
}

void State::put(model::Cluster cluster, model::Revision revision) {
  const bool in_transit =
      cluster.status == model::ClusterStatus::kCreating || cluster.status == model::ClusterStatus::kDeleting;
  const model::Cluster* before = world_.find_cluster(cluster.name);
  put_own_pool(cluster);
  if (!in_transit) {
    const auto found = pending_.find(cluster.name);
    if (found != pending_.end() && !found->second.update) pending_.erase(found);
  } else if (before == nullptr || before->status != cluster.status || before->servers != cluster.servers) {
    pending_[cluster.name] = {revision, std::nullopt};
  }
  names_.insert(cluster.name);
  if (!cluster.client_request_token.empty()) creation_tokens_[cluster.client_request_token] = cluster.name;
  world_.put_cluster(std::move(cluster));
}

void State::put_own_pool(const model::Cluster& cluster) {
  if (!model::is_provided(cluster) || cluster.servers.empty()) return;
  model::Pool pool{.name = cluster.pool,
                   .servers = cluster.servers,
                   .ca_pem = cluster.certificate_authority_pem,
                   .send_proxy_protocol = false};
  const model::Pool* before = world_.find_pool(cluster.pool);
  if (before == nullptr || *before != pool)
    world_.pools[cluster.pool] = std::make_shared<const model::Pool>(std::move(pool));
}

void State::put(const model::Update& update, model::Revision revision) {
  if (update.status == model::UpdateStatus::kInProgress) {
    pending_[update.cluster] = {revision, update};
  } else {
    pending_.erase(update.cluster);
  }
}

void State::erase(const model::ClusterName& name) {
  if (const model::Cluster* cluster = world_.find_cluster(name)) {
    creation_tokens_.erase(cluster->client_request_token);
    names_.erase(name);
    pending_.erase(name);
    if (model::is_provided(*cluster)) world_.pools.erase(cluster->pool);
    world_.erase_cluster(name);
  }
}

}  // namespace sallyport::control
