#include <array>
#include <cstdint>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "api/ec2/transit.h"
#include "api/ec2/vpn.h"
#include "base/limits.h"
#include "control/network.h"

namespace sallyport::api::ec2 {

namespace {

using model::VpnConnection;

// Plain text where EC2 has a document of tunnels and their secrets: nothing here can be taken for one.
constexpr const char* kConfiguration =
    "The tunnels are the operator's own: Sallyport makes none, keeps no secret of theirs, and speaks no BGP. What lies "
    "behind them is told by static routes.";

// A deleted one is gone from the world, and remembered for a while.
enum class State : std::uint8_t { kAvailable, kDeleted };

State state_of(const Context& context, const VpnConnection& connection) {
  return context.world.find<VpnConnection>(connection.id) == nullptr ? State::kDeleted : State::kAvailable;
}

const char* name_of(State state) { return state == State::kAvailable ? "available" : "deleted"; }

void render_connection(Xml& xml, const VpnConnection& connection, State state) {
  xml.id("vpnConnectionId", connection.id)
      .text("state", name_of(state))
      .text("type", "ipsec.1")
      .text("category", "VPN");
  xml.id("customerGatewayId", connection.customer_gateway).text("customerGatewayConfiguration", kConfiguration);
  if (connection.vpn_gateway) xml.id("vpnGatewayId", *connection.vpn_gateway);
  if (connection.transit_gateway) xml.id("transitGatewayId", *connection.transit_gateway);
  xml.text("gatewayAssociationState", state == State::kAvailable ? "associated" : "not-associated");
  xml.group("options", [&](Xml& options) {
    options.flag("enableAcceleration", false).flag("staticRoutesOnly", connection.static_routes_only);
    options.text("localIpv4NetworkCidr", "0.0.0.0/0").text("remoteIpv4NetworkCidr", "0.0.0.0/0");
    options.text("outsideIpAddressType", "PublicIpv4").text("tunnelInsideIpVersion", "ipv4");
  });
  xml.set("routes", connection.static_routes, [&](Xml& route, const model::Cidr& block) {
    route.text("destinationCidrBlock", block.to_string()).text("source", "Static").text("state", name_of(state));
  });
  xml.tags(connection.tags);
}

Facts facts_of(const Context& context, const VpnConnection& connection) {
  Facts facts{{"vpn-connection-id", connection.id.str()},
              {"state", name_of(state_of(context, connection))},
              {"type", "ipsec.1"},
              {"customer-gateway-id", connection.customer_gateway.str()},
              {"customer-gateway-configuration", kConfiguration},
              {"option.static-routes-only", truth(connection.static_routes_only)}};
  if (connection.vpn_gateway) facts.emplace("vpn-gateway-id", connection.vpn_gateway->str());
  if (connection.transit_gateway) facts.emplace("transit-gateway-id", connection.transit_gateway->str());
  if (const auto* gateway = context.world.find<model::CustomerGateway>(connection.customer_gateway)) {
    facts.emplace("bgp-asn", std::to_string(gateway->bgp_asn));
  }
  for (const model::Cidr& block : connection.static_routes)
    facts.emplace("route.destination-cidr-block", block.to_string());
  add_tags(facts, connection.tags);
  return facts;
}

// Takes StaticRoutesOnly; refuses what would shape tunnels that are not ours.
Ec2Status read_options(const Params& options, VpnConnection& connection) {
  const auto only = options.boolean("StaticRoutesOnly");
  if (!only) return fault(only.error());
  connection.static_routes_only = only->value_or(false);
  const auto acceleration = options.boolean("EnableAcceleration");
  if (!acceleration) return fault(acceleration.error());
  if (acceleration->value_or(false)) {
    return invalid_value(options.full_name("EnableAcceleration"), "true", "Sallyport has no accelerator.");
  }
  if (options.has("TunnelOptions")) {
    return fault("InvalidParameterValue",
                 options.full_name("TunnelOptions") +
                     " must not be given: the tunnels are the operator's own, and Sallyport keeps no secret of theirs");
  }
  for (const auto& [name, served] :
       {std::pair("TunnelInsideIpVersion", "ipv4"), std::pair("OutsideIpAddressType", "PublicIpv4"),
        std::pair("LocalIpv4NetworkCidr", "0.0.0.0/0"), std::pair("RemoteIpv4NetworkCidr", "0.0.0.0/0")}) {
    const std::string value = options.text_or(name, served);
    if (value != served) {
      return invalid_value(options.full_name(name), value,
                           "The tunnels are the operator's own; leave it out, or give " + std::string(served) + ".");
    }
  }
  return {};
}

// Where the connection ends: one of the two gateways.
Ec2Status read_end(const Context& context, VpnConnection& connection) {
  const Params& params = context.params;
  const bool through_transit = params.text("TransitGatewayId").has_value();
  if (params.text("VpnGatewayId").has_value() == through_transit) {
    return fault("InvalidParameterCombination", "Give exactly one of VpnGatewayId and TransitGatewayId");
  }
  if (through_transit) {
    const auto gateway = transit_gateway_at(context, params);
    if (!gateway) return fault(gateway.error());
    connection.transit_gateway = (*gateway)->id;
    return check_attachment_room(context.world);
  }
  const auto gateway = vpn_gateway_at(context);
  if (!gateway) return fault(gateway.error());
  connection.vpn_gateway = (*gateway)->id;
  return {};
}

Ec2Result<Outcome> create_connection(const Context& context) {
  if (auto type = check_type(context.params); !type) return fault(type.error());
  const auto customer = customer_gateway_at(context);
  if (!customer) return fault(customer.error());
  VpnConnection connection;
  connection.customer_gateway = (*customer)->id;
  if (auto end = read_end(context, connection); !end) return fault(end.error());
  if (auto options = read_options(context.params.under("Options"), connection); !options) {
    return fault(options.error());
  }
  const auto tags = tags_at_creation(context.params, "vpn-connection");
  if (!tags) return fault(tags.error());
  if (auto room = check_room(context.world.all<VpnConnection>().size(), base::limits::kNetworkObjectsPerKind,
                             "VpnConnectionLimitExceeded", "VPN connections");
      !room) {
    return fault(room.error());
  }
  connection.id = model::VpnConnectionId(control::new_resource_id("vpn-", context.entropy));
  connection.tags = *tags;
  Outcome outcome;
  outcome.answer.group("vpnConnection", [&](Xml& xml) { render_connection(xml, connection, State::kAvailable); });
  if (connection.transit_gateway) {
    model::TransitGatewayAttachment attachment;
    attachment.id = model::AttachmentId(control::new_resource_id("tgw-attach-", context.entropy));
    attachment.transit_gateway = *connection.transit_gateway;
    attachment.vpn = connection.id;
    attachment.created_at = context.now;
    outcome.puts.emplace_back(std::move(attachment));
  }
  outcome.puts.emplace_back(std::move(connection));
  return outcome;
}

Ec2Result<Outcome> delete_connection(const Context& context) {
  const auto connection = vpn_connection_at(context);
  if (!connection) return fault(connection.error());
  Outcome outcome = done();
  for (const auto& [id, attachment] : context.world.all<model::TransitGatewayAttachment>()) {
    if (attachment->vpn == (*connection)->id) outcome.erases.emplace_back(id);
  }
  outcome.erases.emplace_back((*connection)->id);
  outcome.deleted_connections.push_back(**connection);
  return outcome;
}

// Those that VpnConnectionId.N names, also if they were deleted lately.
model::Table<VpnConnection> named_connections(const Context& context) {
  const auto& there = context.world.all<VpnConnection>();
  model::Table<VpnConnection> named;
  for (const std::string& text : context.params.list("VpnConnectionId")) {
    const model::VpnConnectionId id(text);
    if (const auto found = there.find(id); found != there.end()) {
      named.insert(*found);
    } else if (auto deleted = context.deleted_connections.find(id, context.now)) {
      named.emplace(id, std::move(deleted));
    }
  }
  return named;
}

Ec2Result<Outcome> describe_connections(const Context& context) {
  const model::Table<VpnConnection> named = named_connections(context);
  return describe<VpnConnection>(
      context,
      {"DescribeVpnConnections", "VpnConnectionId", "InvalidVpnConnectionID.NotFound", "vpnConnection ID",
       "vpnConnectionSet"},
      named.empty() ? context.world.all<VpnConnection>() : named,
      {"bgp-asn", "customer-gateway-configuration", "customer-gateway-id", "option.static-routes-only",
       "route.destination-cidr-block", "state", "transit-gateway-id", "type", "vpn-connection-id", "vpn-gateway-id"},
      [&](const VpnConnection& connection) { return facts_of(context, connection); },
      [&](Xml& xml, const VpnConnection& connection) {
        render_connection(xml, connection, state_of(context, connection));
      });
}

constexpr auto kVpnConnectionOperations = std::to_array<Entry>({
    {"CreateVpnConnection", create_connection, true},
    {"DeleteVpnConnection", delete_connection, true},
    {"DescribeVpnConnections", describe_connections},
});

}  // namespace

std::span<const Entry> vpn_connection_operations() { return kVpnConnectionOperations; }

}  // namespace sallyport::api::ec2
