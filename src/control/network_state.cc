#include "control/network_state.h"

#include <memory>
#include <tuple>
#include <utility>
#include <variant>

#include "control/tables.h"
#include "policy/derive.h"

namespace sallyport::control {

namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

template <class Map, class Value>
void put_shared(Map& map, const Value& value) {
  map[value.id] = std::make_shared<const Value>(value);
}

}  // namespace

void put_network(model::Snapshot& world, const store::Entity& entity) {
  std::visit(Overloaded{[](const model::Cluster&) {}, [](const model::Update&) {},
                        [&](const model::Vpc& vpc) { put_shared(world.vpcs, vpc); },
                        [&](const model::Subnet& subnet) { put_shared(world.subnets, subnet); },
                        [&](const model::SecurityGroup& group) { put_shared(world.security_groups, group); },
                        [&](const auto& object) { put_into(world.objects, object); }},
             entity);
}

void erase_network(model::Snapshot& world, const store::EntityId& id) {
  std::visit(Overloaded{[](const model::ClusterName&) {}, [&](const model::VpcId& vpc) { world.vpcs.erase(vpc); },
                        [&](const model::SubnetId& subnet) { world.subnets.erase(subnet); },
                        [&](const model::SecurityGroupId& group) { world.security_groups.erase(group); },
                        [&](const auto& object) { erase_from(world.objects, object); }},
             id);
}

model::Snapshot network_after(const model::Snapshot& world, const store::Transaction& transaction) {
  model::Snapshot after;
  after.vpcs = world.vpcs;
  after.subnets = world.subnets;
  after.security_groups = world.security_groups;
  after.objects = world.objects;
  for (const store::Entity& entity : transaction.puts)
    put_network(after, entity);
  for (const store::EntityId& id : transaction.erases)
    erase_network(after, id);
  return after;
}

base::Status add_derived(const model::Snapshot& after, store::Transaction& transaction) {
  auto derived = policy::derive(after);
  if (!derived) return base::fail(derived.error());
  for (model::Vpc& vpc : derived->vpcs)
    transaction.puts.emplace_back(std::move(vpc));
  for (model::SecurityGroup& group : derived->security_groups)
    transaction.puts.emplace_back(std::move(group));
  return {};
}

}  // namespace sallyport::control
