#include "policy/connected.h"

#include <algorithm>
#include <map>
#include <optional>

namespace sallyport::policy {

namespace {

using model::AttachmentId;
using model::Cidr;
using model::Snapshot;
using model::Vpc;

template <class T>
std::vector<const T*> in_order(const model::Table<T>& table) {
  std::vector<const T*> all;
  for (const auto& [id, thing] : table)
    all.push_back(thing.get());
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
  for (const model::VpcPeering* peering : in_order(snapshot.all<model::VpcPeering>())) {
    if (!peering->active || (peering->requester != vpc.id && peering->accepter != vpc.id)) continue;
    const Vpc* other = snapshot.find_vpc(peering->requester == vpc.id ? peering->accepter : peering->requester);
    if (other == nullptr || other == &vpc) continue;
    for (const Cidr& block : other->cidr_blocks)
      found.push_back({block, peering->id.str()});
  }
}

// Where a transit gateway sends a block: to an attachment, or nowhere.
using Routes = std::map<Cidr, std::optional<AttachmentId>>;

Routes routes_of(const Snapshot& snapshot, const model::TransitGateway& gateway,
                 const std::vector<const model::TransitGatewayAttachment*>& attachments) {
  Routes routes;
  for (const model::TransitGatewayRoute& route : gateway.routes)
    routes.emplace(route.destination, route.attachment);
  for (const model::TransitGatewayAttachment* attachment : attachments) {
    const Vpc* vpc = attachment->vpc ? snapshot.find_vpc(*attachment->vpc) : nullptr;
    if (vpc == nullptr) continue;
    for (const Cidr& block : vpc->cidr_blocks)
      routes.emplace(block, attachment->id);
  }
  return routes;
}

void add_transit(const Snapshot& snapshot, const Vpc& vpc, std::vector<ConnectedNetwork>& found) {
  std::map<model::TransitGatewayId, std::vector<const model::TransitGatewayAttachment*>> by_gateway;
  for (const auto* attachment : in_order(snapshot.all<model::TransitGatewayAttachment>()))
    by_gateway[attachment->transit_gateway].push_back(attachment);

  for (const auto& [id, attachments] : by_gateway) {
    const auto* gateway = snapshot.find<model::TransitGateway>(id);
    const auto own = std::ranges::find(attachments, std::optional(vpc.id), &model::TransitGatewayAttachment::vpc);
    if (gateway == nullptr || own == attachments.end()) continue;
    const auto leads_away = [&](const std::optional<AttachmentId>& target) {
      return target && *target != (*own)->id &&
             std::ranges::find(attachments, *target, &model::TransitGatewayAttachment::id) != attachments.end();
    };
    const Routes routes = routes_of(snapshot, *gateway, attachments);
    for (const auto& [block, target] : routes) {
      if (!leads_away(target)) continue;
      std::vector<Cidr> holes;
      for (const auto& [inner, elsewhere] : routes) {
        if (inner != block && block.contains(inner) && !leads_away(elsewhere)) holes.push_back(inner);
      }
      // A hole may hold a longer route that leads away; that one is added by its own turn of this loop.
      for (const Cidr& piece : without(block, holes))
        found.push_back({piece, id.str()});
    }
  }
}

void add_vpns(const Snapshot& snapshot, const Vpc& vpc, std::vector<ConnectedNetwork>& found) {
  for (const model::VpnConnection* connection : in_order(snapshot.all<model::VpnConnection>())) {
    if (!connection->vpn_gateway) continue;
    const auto* gateway = snapshot.find<model::VpnGateway>(*connection->vpn_gateway);
    if (gateway == nullptr || gateway->attached != vpc.id) continue;
    for (const Cidr& block : connection->static_routes)
      found.push_back({block, gateway->id.str()});
  }
}

}  // namespace

std::vector<ConnectedNetwork> connected_networks(const Snapshot& snapshot, const Vpc& vpc) {
  std::vector<ConnectedNetwork> found;
  add_peers(snapshot, vpc, found);
  add_transit(snapshot, vpc, found);
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
