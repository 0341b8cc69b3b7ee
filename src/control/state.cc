#include "control/state.h"

#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include "control/listener_places.h"

namespace sallyport::control {

namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

template <class T>
constexpr bool kSaysWhereListenersAre =
    std::is_same_v<std::remove_cvref_t<T>, model::Subnet> || std::is_same_v<std::remove_cvref_t<T>, model::SubnetId>;

template <class Map, class Value>
void put_shared(Map& map, Value value) {
  auto shared = std::make_shared<const Value>(std::move(value));
  const auto id = shared->id;
  map[id] = std::move(shared);
}

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
  for (auto& vpc : inventory.vpcs)
    put_shared(world_.vpcs, std::move(vpc));
  for (auto& subnet : inventory.subnets)
    put_shared(world_.subnets, std::move(subnet));
  for (auto& group : inventory.security_groups)
    put_shared(world_.security_groups, std::move(group));
  for (auto& cluster : inventory.clusters) {
    if (const model::Pool* pool = world_.find_pool(cluster.pool)) cluster.certificate_authority_pem = pool->ca_pem;
    put(std::move(cluster), inventory.revision);
  }
  for (const auto& update : unfinished)
    put(update, inventory.revision);
  place_listeners();
}

void State::apply(const store::Transaction& transaction, model::Revision revision) {
  const Overloaded put_entity{
      [&](const model::Cluster& cluster) { put(cluster, revision); },
      [&](const model::Update& update) { put(update, revision); },
      [&](const model::Vpc& vpc) { put_shared(world_.vpcs, vpc); },
      [&](const model::Subnet& subnet) { put_shared(world_.subnets, subnet); },
      [&](const model::SecurityGroup& group) { put_shared(world_.security_groups, group); },
  };
  for (const store::Entity& entity : transaction.puts)
    std::visit(put_entity, entity);

  const Overloaded erase_entity{
      [&](const model::ClusterName& name) { erase(name); },
      [&](const model::VpcId& id) { world_.vpcs.erase(id); },
      [&](const model::SubnetId& id) { world_.subnets.erase(id); },
      [&](const model::SecurityGroupId& id) { world_.security_groups.erase(id); },
  };
  for (const store::EntityId& id : transaction.erases)
    std::visit(erase_entity, id);
  world_.revision = revision;

  const auto of_subnet = [](const auto& thing) {
    return std::visit([](const auto& alternative) { return kSaysWhereListenersAre<decltype(alternative)>; }, thing);
  };
  if (std::ranges::any_of(transaction.puts, of_subnet) || std::ranges::any_of(transaction.erases, of_subnet)) {
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
  if (!in_transit) {
    const auto found = pending_.find(cluster.name);
    if (found != pending_.end() && !found->second.update) pending_.erase(found);
  } else if (before == nullptr || before->status != cluster.status) {
    pending_[cluster.name] = {revision, std::nullopt};
  }
  names_.insert(cluster.name);
  if (!cluster.client_request_token.empty()) creation_tokens_[cluster.client_request_token] = cluster.name;
  world_.put_cluster(std::move(cluster));
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
    world_.erase_cluster(name);
  }
}

}  // namespace sallyport::control
