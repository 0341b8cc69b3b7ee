#include <algorithm>
#include <array>
#include <utility>

#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/vpn.h"
#include "base/limits.h"

namespace sallyport::api::ec2 {

namespace {

using model::VpnConnection;

Ec2Status check_takes_routes(const VpnConnection& connection) {
  if (connection.transit_gateway) {
    return fault("InvalidVpnConnection.InvalidType",
                 "The connection '" + connection.id.str() + "' ends at " + connection.transit_gateway->str() +
                     "; its static routes stand in that gateway's route table: use CreateTransitGatewayRoute");
  }
  if (connection.static_routes_only) return {};
  return fault("InvalidVpnConnection.InvalidType",
               "The connection '" + connection.id.str() +
                   "' does not support static routes; make one with Options.StaticRoutesOnly as true");
}

Ec2Result<Outcome> create_route(const Context& context) {
  const auto connection = vpn_connection_at(context);
  if (!connection) return fault(connection.error());
  const auto block = required_cidr_in(context.params, "DestinationCidrBlock");
  if (!block) return fault(block.error());
  if (auto takes = check_takes_routes(**connection); !takes) return fault(takes.error());
  const auto& routes = (*connection)->static_routes;
  if (std::ranges::find(routes, *block) != routes.end()) return done();
  if (auto room = check_room(routes.size(), base::limits::kVpnStaticRoutes, "VpnConnectionRouteLimitExceeded",
                             "static routes of the connection");
      !room) {
    return fault(room.error());
  }
  VpnConnection changed = **connection;
  changed.static_routes.push_back(*block);
  Outcome outcome = done();
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Ec2Result<Outcome> delete_route(const Context& context) {
  const auto connection = vpn_connection_at(context);
  if (!connection) return fault(connection.error());
  const auto block = required_cidr_in(context.params, "DestinationCidrBlock");
  if (!block) return fault(block.error());
  VpnConnection changed = **connection;
  if (std::erase(changed.static_routes, *block) == 0) {
    return fault("InvalidRoute.NotFound",
                 "The connection '" + changed.id.str() + "' has no static route to " + block->to_string());
  }
  Outcome outcome = done();
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

constexpr auto kVpnRouteOperations = std::to_array<Entry>({
    {"CreateVpnConnectionRoute", create_route, true},
    {"DeleteVpnConnectionRoute", delete_route, true},
});

}  // namespace

std::span<const Entry> vpn_route_operations() { return kVpnRouteOperations; }

}  // namespace sallyport::api::ec2
