#include <algorithm>
#include <array>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "api/ec2/vpn.h"
#include "base/ip_address.h"
#include "base/limits.h"
#include "control/network.h"

namespace sallyport::api::ec2 {

namespace {

using model::CustomerGateway;

constexpr std::int64_t kMostShortAsn = 2'147'483'647;
constexpr std::int64_t kMostAsn = 4'294'967'295;
constexpr std::size_t kNameCharacters = 255;

void render_gateway(Xml& xml, const CustomerGateway& gateway) {
  xml.id("customerGatewayId", gateway.id).text("state", "available").text("type", "ipsec.1");
  xml.text("ipAddress", gateway.address.to_string());
  const bool extended = std::cmp_greater(gateway.bgp_asn, kMostShortAsn);
  xml.number(extended ? "bgpAsnExtended" : "bgpAsn", gateway.bgp_asn);
  if (!gateway.device_name.empty()) xml.text("deviceName", gateway.device_name);
  xml.tags(gateway.tags);
}

Ec2Result<base::IpAddress> address_in(const Params& params) {
  if (const auto certificate = params.text("CertificateArn")) {
    return invalid_value("CertificateArn", *certificate, "Name the gateway by IpAddress.");
  }
  const char* name = params.has("PublicIp") ? "PublicIp" : "IpAddress";  // the name it had before
  if (params.has("PublicIp") && params.has("IpAddress")) {
    return fault("InvalidParameterCombination", "Give IpAddress alone; PublicIp is its old name");
  }
  const auto text = params.required(name);
  if (!text) return fault(text.error());
  if (const auto address = base::IpAddress::parse(*text)) return *address;
  return invalid_value(name, *text, "Give an IP address.");
}

Ec2Result<std::uint64_t> asn_in(const Params& params) {
  const auto usual = params.number("BgpAsn", 1, kMostShortAsn);
  if (!usual) return fault(usual.error());
  const auto extended = params.number("BgpAsnExtended", kMostShortAsn + 1, kMostAsn);
  if (!extended) return fault(extended.error());
  if (*usual && *extended) {
    return fault("InvalidParameterCombination", "Give one of BgpAsn and BgpAsnExtended");
  }
  return static_cast<std::uint64_t>(extended->value_or(usual->value_or(65'000)));
}

Ec2Result<Outcome> create_gateway(const Context& context) {
  if (auto type = check_type(context.params); !type) return fault(type.error());
  const auto address = address_in(context.params);
  if (!address) return fault(address.error());
  const auto asn = asn_in(context.params);
  if (!asn) return fault(asn.error());
  const auto device_name = context.params.text_within("DeviceName", kNameCharacters);
  if (!device_name) return fault(device_name.error());
  const auto tags = tags_at_creation(context.params, "customer-gateway");
  if (!tags) return fault(tags.error());
  CustomerGateway gateway;
  gateway.address = *address;
  gateway.bgp_asn = *asn;
  gateway.device_name = device_name->value_or("");
  gateway.tags = *tags;
  Outcome outcome;
  // As on EC2: an identical request gives the gateway that is there.
  for (const auto& [id, other] : context.world.all<CustomerGateway>()) {
    if (other->address != gateway.address || other->bgp_asn != gateway.bgp_asn ||
        other->device_name != gateway.device_name) {
      continue;
    }
    outcome.answer.group("customerGateway", [&](Xml& xml) { render_gateway(xml, *other); });
    return outcome;
  }
  if (auto room = check_room(context.world.all<CustomerGateway>().size(), base::limits::kNetworkObjectsPerKind,
                             "CustomerGatewayLimitExceeded", "customer gateways");
      !room) {
    return fault(room.error());
  }
  gateway.id = model::CustomerGatewayId(control::new_resource_id("cgw-", context.entropy));
  outcome.answer.group("customerGateway", [&](Xml& xml) { render_gateway(xml, gateway); });
  outcome.puts.emplace_back(std::move(gateway));
  return outcome;
}

Ec2Result<Outcome> delete_gateway(const Context& context) {
  const auto gateway = customer_gateway_at(context);
  if (!gateway) return fault(gateway.error());
  const auto users = connections_where(
      context.world, [&](const auto& connection) { return connection.customer_gateway == (*gateway)->id; });
  if (!users.empty()) return in_use("customer gateway", (*gateway)->id.str(), users);
  Outcome outcome = done();
  outcome.erases.emplace_back((*gateway)->id);
  return outcome;
}

Ec2Result<Outcome> describe_gateways(const Context& context) {
  return describe<CustomerGateway>(
      context,
      {"DescribeCustomerGateways", "CustomerGatewayId", "InvalidCustomerGatewayID.NotFound", "customerGateway ID",
       "customerGatewaySet"},
      context.world.all<CustomerGateway>(),
      {"bgp-asn", "customer-gateway-id", "device-name", "ip-address", "state", "type"},
      [](const CustomerGateway& gateway) {
        Facts facts{{"bgp-asn", std::to_string(gateway.bgp_asn)},
                    {"customer-gateway-id", gateway.id.str()},
                    {"device-name", gateway.device_name},
                    {"ip-address", gateway.address.to_string()},
                    {"state", "available"},
                    {"type", "ipsec.1"}};
        add_tags(facts, gateway.tags);
        return facts;
      },
      [](Xml& xml, const CustomerGateway& gateway) { render_gateway(xml, gateway); });
}

constexpr auto kCustomerGatewayOperations = std::to_array<Entry>({
    {"CreateCustomerGateway", create_gateway, true},
    {"DeleteCustomerGateway", delete_gateway, true},
    {"DescribeCustomerGateways", describe_gateways},
});

}  // namespace

std::span<const Entry> customer_gateway_operations() { return kCustomerGatewayOperations; }

}  // namespace sallyport::api::ec2
