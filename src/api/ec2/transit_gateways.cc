#include <array>
#include <utility>

#include "api/ec2/arn.h"
#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "api/ec2/transit.h"
#include "base/limits.h"
#include "base/time.h"
#include "control/network.h"

namespace sallyport::api::ec2 {

namespace {

using model::TransitGateway;

constexpr std::size_t kDescriptionCharacters = 255;

// Switches of EC2's that Sallyport keeps where EC2 has them by default.
constexpr auto kSwitches = std::to_array<std::pair<const char*, const char*>>({
    {"AutoAcceptSharedAttachments", "disable"},
    {"DefaultRouteTableAssociation", "enable"},
    {"DefaultRouteTablePropagation", "enable"},
    {"VpnEcmpSupport", "enable"},
    {"DnsSupport", "enable"},
    {"SecurityGroupReferencingSupport", "disable"},
    {"MulticastSupport", "disable"},
});

void render_gateway(Xml& xml, const Context& context, const TransitGateway& gateway, const char* state) {
  xml.id("transitGatewayId", gateway.id);
  xml.text("transitGatewayArn", arn_of(context, "transit-gateway", gateway.id.str()));
  xml.text("state", state).id("ownerId", context.account).text("description", gateway.description);
  xml.text("creationTime", base::format_rfc3339(gateway.created_at));
  xml.group("options", [&](Xml& options) {
    options.number("amazonSideAsn", gateway.amazon_side_asn);
    options.text("autoAcceptSharedAttachments", "disable");
    options.text("defaultRouteTableAssociation", "enable");
    options.text("associationDefaultRouteTableId", gateway.route_table_id);
    options.text("defaultRouteTablePropagation", "enable");
    options.text("propagationDefaultRouteTableId", gateway.route_table_id);
    options.text("vpnEcmpSupport", "enable").text("dnsSupport", "enable");
    options.text("securityGroupReferencingSupport", "disable").text("multicastSupport", "disable");
  });
  xml.tags(gateway.tags);
}

Facts facts_of(const TransitGateway& gateway, const model::AccountId& owner) {
  Facts facts{{"transit-gateway-id", gateway.id.str()},
              {"owner-id", owner.str()},
              {"state", "available"},
              {"options.amazon-side-asn", std::to_string(gateway.amazon_side_asn)},
              {"options.association-default-route-table-id", gateway.route_table_id},
              {"options.propagation-default-route-table-id", gateway.route_table_id},
              {"options.auto-accept-shared-attachments", "disable"},
              {"options.default-route-table-association", "enable"},
              {"options.default-route-table-propagation", "enable"},
              {"options.dns-support", "enable"},
              {"options.vpn-ecmp-support", "enable"}};
  add_tags(facts, gateway.tags);
  return facts;
}

Outcome answer_of(const Context& context, const TransitGateway& gateway, const char* state) {
  Outcome outcome;
  outcome.answer.group("transitGateway", [&](Xml& xml) { render_gateway(xml, context, gateway, state); });
  return outcome;
}

Ec2Status check_options(const Params& options) {
  for (const auto& [name, served] : kSwitches) {
    if (auto checked = check_switch(options, name, served); !checked) return checked;
  }
  for (const char* name : {"TransitGatewayCidrBlocks", "AddTransitGatewayCidrBlocks"}) {
    const auto blocks = options.list(name);
    if (!blocks.empty()) {
      return invalid_value(options.full_name(name), blocks.front(), "A transit gateway has no blocks of its own here.");
    }
  }
  return {};
}

Ec2Result<Outcome> create_gateway(const Context& context) {
  const Params options = context.params.under("Options");
  if (auto checked = check_options(options); !checked) return fault(checked.error());
  const auto asn = amazon_side_asn(options);
  if (!asn) return fault(asn.error());
  const auto description = context.params.text_within("Description", kDescriptionCharacters);
  if (!description) return fault(description.error());
  const auto tags = tags_at_creation(context.params, "transit-gateway");
  if (!tags) return fault(tags.error());
  if (auto room = check_room(context.world.all<TransitGateway>().size(), base::limits::kTransitGateways,
                             "TransitGatewayLimitExceeded", "transit gateways");
      !room) {
    return fault(room.error());
  }
  TransitGateway gateway;
  gateway.id = model::TransitGatewayId(control::new_resource_id("tgw-", context.entropy));
  gateway.route_table_id = control::new_resource_id("tgw-rtb-", context.entropy);
  gateway.description = description->value_or("");
  gateway.amazon_side_asn = *asn;
  gateway.created_at = context.now;
  gateway.tags = *tags;
  Outcome outcome = answer_of(context, gateway, "available");
  outcome.puts.emplace_back(std::move(gateway));
  return outcome;
}

Ec2Result<Outcome> delete_gateway(const Context& context) {
  const auto gateway = transit_gateway_at(context, context.params);
  if (!gateway) return fault(gateway.error());
  std::string users;
  for (const auto* attachment : attachments_of(context.world, (*gateway)->id))
    users += (users.empty() ? "" : ", ") + attachment->id.str() + " of " + resource_id(*attachment);
  if (!users.empty()) {
    return fault("IncorrectState", "The transit gateway '" + (*gateway)->id.str() +
                                       "' has attachments and cannot be deleted; delete them first: " + users);
  }
  Outcome outcome = answer_of(context, **gateway, "deleting");
  outcome.erases.emplace_back((*gateway)->id);
  return outcome;
}

Ec2Result<Outcome> describe_gateways(const Context& context) {
  return describe<TransitGateway>(
      context,
      {"DescribeTransitGateways", "TransitGatewayIds", "InvalidTransitGatewayID.NotFound", "transitGateway ID",
       "transitGatewaySet"},
      context.world.all<TransitGateway>(),
      {"options.amazon-side-asn", "options.association-default-route-table-id",
       "options.auto-accept-shared-attachments", "options.default-route-table-association",
       "options.default-route-table-propagation", "options.dns-support", "options.propagation-default-route-table-id",
       "options.vpn-ecmp-support", "owner-id", "state", "transit-gateway-id"},
      [&](const TransitGateway& gateway) { return facts_of(gateway, context.account); },
      [&](Xml& xml, const TransitGateway& gateway) { render_gateway(xml, context, gateway, "available"); });
}

Ec2Result<Outcome> modify_gateway(const Context& context) {
  const auto gateway = transit_gateway_at(context, context.params);
  if (!gateway) return fault(gateway.error());
  TransitGateway changed = **gateway;
  const auto description = context.params.text_within("Description", kDescriptionCharacters);
  if (!description) return fault(description.error());
  changed.description = description->value_or(changed.description);
  const Params options = context.params.under("Options");
  if (auto checked = check_options(options); !checked) return fault(checked.error());
  if (auto checked = check_switch(options, "EncryptionSupport", "disable"); !checked) return fault(checked.error());
  for (const char* name : {"AssociationDefaultRouteTableId", "PropagationDefaultRouteTableId"}) {
    const std::string table = options.text_or(name, changed.route_table_id);
    if (table != changed.route_table_id) {
      return invalid_value(options.full_name(name), table,
                           "The gateway has one route table, " + changed.route_table_id + ".");
    }
  }
  if (options.has("AmazonSideAsn")) {
    const auto asn = amazon_side_asn(options);
    if (!asn) return fault(asn.error());
    changed.amazon_side_asn = *asn;
  }
  Outcome outcome = answer_of(context, changed, "available");
  if (changed != **gateway) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

constexpr auto kTransitGatewayOperations = std::to_array<Entry>({
    {"CreateTransitGateway", create_gateway, true},
    {"DeleteTransitGateway", delete_gateway, true},
    {"DescribeTransitGateways", describe_gateways},
    {"ModifyTransitGateway", modify_gateway, true},
});

}  // namespace

std::span<const Entry> transit_gateway_operations() { return kTransitGatewayOperations; }

}  // namespace sallyport::api::ec2
