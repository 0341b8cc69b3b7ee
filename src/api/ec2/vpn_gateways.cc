#include <array>
#include <optional>
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

using model::VpnGateway;

void render_attachment(Xml& xml, const model::VpcId& vpc, const char* state) {
  xml.id("vpcId", vpc).text("state", state);
}

void render_gateway(Xml& xml, const VpnGateway& gateway) {
  xml.id("vpnGatewayId", gateway.id).text("state", "available").text("type", "ipsec.1");
  xml.number("amazonSideAsn", gateway.amazon_side_asn);
  std::vector<model::VpcId> attached;
  if (gateway.attached) attached.push_back(*gateway.attached);
  xml.set("attachments", attached,
          [](Xml& item, const model::VpcId& vpc) { render_attachment(item, vpc, "attached"); });
  xml.tags(gateway.tags);
}

Ec2Result<Outcome> create_gateway(const Context& context) {
  if (auto type = check_type(context.params); !type) return fault(type.error());
  const auto asn = amazon_side_asn(context.params);
  if (!asn) return fault(asn.error());
  context.params.text("AvailabilityZone");  // no gateway here lives in one
  const auto tags = tags_at_creation(context.params, "vpn-gateway");
  if (!tags) return fault(tags.error());
  if (auto room = check_room(context.world.all<VpnGateway>().size(), base::limits::kNetworkObjectsPerKind,
                             "VpnGatewayLimitExceeded", "virtual private gateways");
      !room) {
    return fault(room.error());
  }
  VpnGateway gateway;
  gateway.id = model::VpnGatewayId(control::new_resource_id("vgw-", context.entropy));
  gateway.amazon_side_asn = *asn;
  gateway.tags = *tags;
  Outcome outcome;
  outcome.answer.group("vpnGateway", [&](Xml& xml) { render_gateway(xml, gateway); });
  outcome.puts.emplace_back(std::move(gateway));
  return outcome;
}

Ec2Result<Outcome> delete_gateway(const Context& context) {
  const auto gateway = vpn_gateway_at(context);
  if (!gateway) return fault(gateway.error());
  auto users = connections_where(context.world,
                                 [&](const auto& connection) { return connection.vpn_gateway == (*gateway)->id; });
  if ((*gateway)->attached) users.push_back((*gateway)->attached->str());
  if (!users.empty()) return in_use("vpnGateway", (*gateway)->id.str(), users);
  Outcome outcome = done();
  outcome.erases.emplace_back((*gateway)->id);
  return outcome;
}

Ec2Result<Outcome> describe_gateways(const Context& context) {
  return describe<VpnGateway>(
      context,
      {"DescribeVpnGateways", "VpnGatewayId", "InvalidVpnGatewayID.NotFound", "vpnGateway ID", "vpnGatewaySet"},
      context.world.all<VpnGateway>(),
      {"amazon-side-asn", "attachment.state", "attachment.vpc-id", "availability-zone", "state", "type",
       "vpn-gateway-id"},
      [](const VpnGateway& gateway) {
        Facts facts{{"amazon-side-asn", std::to_string(gateway.amazon_side_asn)},
                    {"state", "available"},
                    {"type", "ipsec.1"},
                    {"vpn-gateway-id", gateway.id.str()}};
        if (gateway.attached) {
          facts.emplace("attachment.state", "attached");
          facts.emplace("attachment.vpc-id", gateway.attached->str());
        }
        add_tags(facts, gateway.tags);
        return facts;
      },
      [](Xml& xml, const VpnGateway& gateway) { render_gateway(xml, gateway); });
}

Ec2Result<Outcome> attach_gateway(const Context& context) {
  const auto gateway = vpn_gateway_at(context);
  if (!gateway) return fault(gateway.error());
  const auto vpc = vpc_at(context, context.params, "VpcId");
  if (!vpc) return fault(vpc.error());
  const auto taken = [](const VpnGateway& one, const std::string& why) {
    return fault("VpnGatewayAttachmentLimitExceeded",
                 "The vpnGateway '" + one.id.str() + "' is attached to " + one.attached->str() + " already; " + why);
  };
  if ((*gateway)->attached && (*gateway)->attached != (*vpc)->id) {
    return taken(**gateway, "a gateway serves one VPC: detach it first");
  }
  for (const auto& [id, other] : context.world.all<VpnGateway>()) {
    if (id != (*gateway)->id && other->attached == (*vpc)->id) {
      return taken(*other, "a VPC has one gateway: detach that one first");
    }
  }
  Outcome outcome;
  outcome.answer.group("attachment", [&](Xml& xml) { render_attachment(xml, (*vpc)->id, "attached"); });
  if ((*gateway)->attached) return outcome;
  VpnGateway changed = **gateway;
  changed.attached = (*vpc)->id;
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Ec2Result<Outcome> detach_gateway(const Context& context) {
  const auto gateway = vpn_gateway_at(context);
  if (!gateway) return fault(gateway.error());
  const auto vpc = vpc_at(context, context.params, "VpcId");
  if (!vpc) return fault(vpc.error());
  if ((*gateway)->attached != (*vpc)->id) {
    return fault("InvalidVpnGatewayAttachment.NotFound",
                 "The vpnGateway '" + (*gateway)->id.str() + "' is not attached to " + (*vpc)->id.str());
  }
  VpnGateway changed = **gateway;
  changed.attached = std::nullopt;
  Outcome outcome = done();
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

constexpr auto kVpnGatewayOperations = std::to_array<Entry>({
    {"CreateVpnGateway", create_gateway, true},
    {"DeleteVpnGateway", delete_gateway, true},
    {"DescribeVpnGateways", describe_gateways},
    {"AttachVpnGateway", attach_gateway, true},
    {"DetachVpnGateway", detach_gateway, true},
});

}  // namespace

std::span<const Entry> vpn_gateway_operations() { return kVpnGatewayOperations; }

}  // namespace sallyport::api::ec2
