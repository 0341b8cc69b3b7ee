#include "policy/connected.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace sallyport::policy {

namespace {

using model::AttachmentId;
using model::Cidr;
using model::Snapshot;
using model::Vpc;

// Those of `table` that `wanted` holds for, by id.
template <class Table, class Wanted>
auto in_order(const Table& table, Wanted wanted) {
  using T = std::remove_const_t<typename Table::mapped_type::element_type>;
  std::vector<const T*> all;
  for (const auto& [id, thing] : table) {
    if (wanted(*thing)) all.push_back(thing.get());
  }
  std::ranges::sort(all, {}, [](const T* thing) -> const auto& { return thing->id; });
  return all;
}

// The half of `block` whose next bit is set.
Cidr upper_half(const Cidr& block) {
  base::IpAddress::Octets octets = block.network().octets();
  const unsigned bit = block.prefix() + (block.family() == base::Family::kV4 ? 96 : 0);
  octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | 0x80U >> bit % 8);
  return Cidr::of(base::IpAddress::v6(octets), block.prefix() + 1);
}

void add_peers(const Snapshot& snapshot, const Vpc& vpc, std::vector<ConnectedNetwork>& found) {
  const auto joins = [&](const model::VpcPeering& peering) {
    return peering.active && (peering.requester == vpc.id || peering.accepter == vpc.id);
  };
  for (const model::VpcPeering* peering : in_order(snapshot.all<model::VpcPeering>(), joins)) {
    const Vpc* other = snapshot.find_vpc(peering->requester == vpc.id ? peering->accepter : peering->requester);
    if (other == nullptr || other == &vpc) continue;
    for (const Cidr& block : other->cidr_blocks)
      found.push_back({block, peering->id.str()});
  }
}

// The routes inside that of `routes` at `at` whose target is not `leads_away`. Those inside a block follow it, but
// for the other family's, which lie anywhere.
template <class LeadsAway>
std::vector<Cidr> holes_in(const std::vector<TransitRoute>& routes, std::size_t at, LeadsAway leads_away) {
  const Cidr& block = routes[at].destination;
  std::vector<Cidr> holes;
  for (std::size_t i = at + 1; i < routes.size(); ++i) {
    const Cidr& inner = routes[i].destination;
    if (inner.family() != block.family()) continue;
    if (!block.contains(inner)) break;
    if (!leads_away(routes[i])) holes.push_back(inner);
  }
  return holes;
}

void add_transit(const Snapshot& snapshot, const Vpc& vpc, TransitRoutes& known, std::vector<ConnectedNetwork>& found) {
  std::map<model::TransitGatewayId, AttachmentId> own;
  for (const auto& [id, attachment] : snapshot.all<model::TransitGatewayAttachment>()) {
    if (attachment->vpc == vpc.id) own.emplace(attachment->transit_gateway, id);
  }
  for (const auto& [id, attachment] : own) {
    const auto* gateway = snapshot.find<model::TransitGateway>(id);
    if (gateway == nullptr) continue;
    const auto leads_away = [&](const TransitRoute& route) {
      return route.attachment && *route.attachment != attachment;
    };
    const std::vector<TransitRoute>& routes = known.of(*gateway);
    for (std::size_t i = 0; i < routes.size(); ++i) {
      if (!leads_away(routes[i])) continue;
      // A hole may hold a longer route that leads away; that one is added by its own turn of this loop.
      for (const Cidr& piece : without(routes[i].destination, holes_in(routes, i, leads_away)))
        found.push_back({piece, id.str()});
    }
  }
}

void add_vpns(const Snapshot& snapshot, const Vpc& vpc, std::vector<ConnectedNetwork>& found) {
  const auto ends_here = [&](const model::VpnConnection& connection) {
    const auto* gateway = connection.vpn_gateway ? snapshot.find<model::VpnGateway>(*connection.vpn_gateway) : nullptr;
    return gateway != nullptr && gateway->attached == vpc.id;
  };
  for (const model::VpnConnection* connection : in_order(snapshot.all<model::VpnConnection>(), ends_here)) {
    for (const Cidr& block : connection->static_routes)
      found.push_back({block, connection->vpn_gateway->str()});
  }
}

}  // namespace

std::vector<TransitRoute> transit_routes(const Snapshot& snapshot, const model::TransitGateway& gateway) {
  const auto attachments = in_order(snapshot.all<model::TransitGatewayAttachment>(),
                                    [&](const auto& attachment) { return attachment.transit_gateway == gateway.id; });
  std::map<Cidr, TransitRoute> routes;
  for (const model::TransitGatewayRoute& route : gateway.routes) {
    const auto* target = route.attachment ? snapshot.find<model::TransitGatewayAttachment>(*route.attachment) : nullptr;
    const bool stands = target != nullptr && target->transit_gateway == gateway.id;
    routes.emplace(route.destination, TransitRoute{route.destination, stands ? route.attachment : std::nullopt, false});
  }
  for (const model::TransitGatewayAttachment* attachment : attachments) {
    const Vpc* vpc = attachment->vpc ? snapshot.find_vpc(*attachment->vpc) : nullptr;
    if (vpc == nullptr) continue;
    for (const Cidr& block : vpc->cidr_blocks) {
      if (block.family() == base::Family::kV4 || attachment->ipv6_support) {
        routes.emplace(block, TransitRoute{block, attachment->id, true});
      }
    }
  }
  std::vector<TransitRoute> in_force;
  in_force.reserve(routes.size());
  for (auto& [block, route] : routes)
    in_force.push_back(std::move(route));
  return in_force;
}

const std::vector<TransitRoute>& TransitRoutes::of(const model::TransitGateway& gateway) {
  const auto found = known_.find(gateway.id);
  return found != known_.end() ? found->second
                               : known_.emplace(gateway.id, transit_routes(snapshot_, gateway)).first->second;
}

std::vector<ConnectedNetwork> connected_networks(const Snapshot& snapshot, const Vpc& vpc) {
  TransitRoutes routes(snapshot);
  return connected_networks(snapshot, vpc, routes);
}

std::vector<ConnectedNetwork> connected_networks(const Snapshot& snapshot, const Vpc& vpc, TransitRoutes& routes) {
  std::vector<ConnectedNetwork> found;
  add_peers(snapshot, vpc, found);
  add_transit(snapshot, vpc, routes, found);
  add_vpns(snapshot, vpc, found);
  return found;
}

std::vector<Cidr> without(const Cidr& from, const std::vector<Cidr>& holes) {
  std::vector<Cidr> inside;
  for (const Cidr& hole : holes) {
    if (hole.contains(from)) return {};
    if (from.contains(hole)) inside.push_back(hole);
  }
  if (inside.empty()) return {from};
  std::vector<Cidr> left = without(Cidr::of(from.network(), from.prefix() + 1), inside);
  const std::vector<Cidr> right = without(upper_half(from), inside);
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

}  // namespace sallyport::policy
