#include "api/ec2/transit.h"

#include <algorithm>

#include "api/ec2/resources.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

using model::TransitGateway;
using model::TransitGatewayAttachment;

Ec2Result<const TransitGateway*> transit_gateway_at(const Context& context, const Params& params) {
  return object_at<TransitGateway>(context, params, "TransitGatewayId", "InvalidTransitGatewayID.NotFound",
                                   "transitGateway ID");
}

Ec2Result<const TransitGateway*> gateway_of_route_table(const Context& context) {
  const auto id = context.params.required("TransitGatewayRouteTableId");
  if (!id) return fault(id.error());
  for (const auto& [gateway_id, gateway] : context.world.all<TransitGateway>()) {
    if (gateway->route_table_id == *id) return gateway.get();
  }
  return fault("InvalidRouteTableID.NotFound",
               "The transitGatewayRouteTable ID '" + wire::shortened(*id) + "' does not exist");
}

std::vector<const TransitGatewayAttachment*> attachments_of(const model::Snapshot& world,
                                                            const model::TransitGatewayId& gateway) {
  std::vector<const TransitGatewayAttachment*> all;
  for (const auto& [id, attachment] : world.all<TransitGatewayAttachment>()) {
    if (attachment->transit_gateway == gateway) all.push_back(attachment.get());
  }
  std::ranges::sort(all, {}, [](const auto* attachment) -> const auto& { return attachment->id; });
  return all;
}

std::string_view resource_type(const TransitGatewayAttachment& attachment) { return attachment.vpc ? "vpc" : "vpn"; }

std::string resource_id(const TransitGatewayAttachment& attachment) {
  if (attachment.vpc) return attachment.vpc->str();
  return attachment.vpn ? attachment.vpn->str() : "";
}

void render_resource(Xml& xml, const TransitGatewayAttachment& attachment) {
  xml.id("transitGatewayAttachmentId", attachment.id);
  xml.text("resourceId", resource_id(attachment)).text("resourceType", resource_type(attachment));
}

Ec2Status check_attachment_room(const model::Snapshot& world) {
  return check_room(world.all<TransitGatewayAttachment>().size(), base::limits::kNetworkObjectsPerKind,
                    "TransitGatewayAttachmentLimitExceeded", "transit gateway attachments");
}

Ec2Status check_switch(const Params& options, std::string_view name, std::string_view served) {
  const std::string value = options.text_or(name, served);
  if (value == served) return {};
  if (value != "enable" && value != "disable") {
    return invalid_value(options.full_name(name), value, "Give enable or disable.");
  }
  return invalid_value(options.full_name(name), value, "Sallyport serves " + std::string(served) + " only.");
}

Ec2Result<std::uint64_t> amazon_side_asn(const Params& params) {
  constexpr std::int64_t kMost = 4'294'967'295;
  const auto number = params.number("AmazonSideAsn", 1, kMost);
  if (!number) return fault(number.error());
  const std::int64_t asn = number->value_or(64'512);
  if ((asn >= 64'512 && asn <= 65'534) || (asn >= 4'200'000'000 && asn <= 4'294'967'294)) {
    return static_cast<std::uint64_t>(asn);
  }
  return invalid_value(params.full_name("AmazonSideAsn"), std::to_string(asn),
                       "Give a private number: 64512 to 65534 or 4200000000 to 4294967294.");
}

}  // namespace sallyport::api::ec2
