#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/test_world.h"

// Networks joined to the VPCs of test_world.h, for the tests of this room.
namespace sallyport::policy::test {

inline const model::VpcId kThird{"vpc-0000000000000000c"};

template <class T>
void put(model::Snapshot& world, T object) {
  put(std::get<model::Table<T>>(world.objects), std::move(object));
}

// The world, and a third VPC: 10.8.0.0/16, seen as 198.51.100.3.
inline model::Snapshot three_vpcs() {
  model::Snapshot made = world();
  put(made.vpcs, vpc(kThird, "10.8.0.0/16", "198.51.100.3"));
  return made;
}

inline void peer(model::Snapshot& world, const std::string& id, const model::VpcId& one, const model::VpcId& other,
                 bool active = true) {
  model::VpcPeering peering;
  peering.id = model::VpcPeeringId(id);
  peering.requester = one;
  peering.accepter = other;
  peering.active = active;
  put(world, std::move(peering));
}

// Static routes by destination and attachment; no attachment: a black hole.
inline void transit(model::Snapshot& world, const std::string& id,
                    const std::vector<std::pair<std::string, std::string>>& routes) {
  model::TransitGateway gateway;
  gateway.id = model::TransitGatewayId(id);
  gateway.route_table_id = "tgw-rtb-of-" + id;
  for (const auto& [destination, attachment] : routes) {
    model::TransitGatewayRoute route;
    route.destination = cidr(destination);
    if (!attachment.empty()) route.attachment = model::AttachmentId(attachment);
    gateway.routes.push_back(std::move(route));
  }
  put(world, std::move(gateway));
}

inline void attach(model::Snapshot& world, const std::string& id, const std::string& gateway, const model::VpcId& vpc,
                   bool ipv6 = false) {
  model::TransitGatewayAttachment attachment;
  attachment.id = model::AttachmentId(id);
  attachment.transit_gateway = model::TransitGatewayId(gateway);
  attachment.vpc = vpc;
  attachment.ipv6_support = ipv6;
  put(world, std::move(attachment));
}

inline void attach_vpn(model::Snapshot& world, const std::string& id, const std::string& gateway,
                       const std::string& connection) {
  model::TransitGatewayAttachment attachment;
  attachment.id = model::AttachmentId(id);
  attachment.transit_gateway = model::TransitGatewayId(gateway);
  attachment.vpn = model::VpnConnectionId(connection);
  put(world, std::move(attachment));
}

// A connection at a virtual private gateway that is attached to `vpc`.
inline void vpn(model::Snapshot& world, const std::string& id, const std::string& gateway, const model::VpcId& vpc,
                const std::vector<std::string>& routes) {
  model::VpnGateway end;
  end.id = model::VpnGatewayId(gateway);
  end.attached = vpc;
  put(world, std::move(end));
  model::VpnConnection connection;
  connection.id = model::VpnConnectionId(id);
  connection.vpn_gateway = model::VpnGatewayId(gateway);
  connection.static_routes_only = true;
  connection.static_routes = cidrs(routes).entries();
  put(world, std::move(connection));
}

}  // namespace sallyport::policy::test
