#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/ec2/filters.h"
#include "api/ec2/operation.h"
#include "model/network_objects.h"

// What the operations on transit gateways, their attachments and their routes share.
namespace sallyport::api::ec2 {

// InvalidTransitGatewayID.NotFound.
Ec2Result<const model::TransitGateway*> transit_gateway_at(const Context& context, const Params& params);
// The gateway whose route table TransitGatewayRouteTableId names; InvalidRouteTableID.NotFound.
Ec2Result<const model::TransitGateway*> gateway_of_route_table(const Context& context);

// By id.
std::vector<const model::TransitGatewayAttachment*> attachments_of(const model::Snapshot& world,
                                                                   const model::TransitGatewayId& gateway);

// What is attached: "vpc" and its id, or "vpn" and the connection's.
std::string_view resource_type(const model::TransitGatewayAttachment& attachment);
std::string resource_id(const model::TransitGatewayAttachment& attachment);
// transitGatewayAttachmentId, resourceId, resourceType.
void render_resource(Xml& xml, const model::TransitGatewayAttachment& attachment);

// Refuses an attachment more, of a VPC or a VPN connection, where the limit is reached.
Ec2Status check_attachment_room(const model::Snapshot& world);

// An "enable" or "disable" of which only `served` is: InvalidParameterValue for the other, saying so, and for
// anything else.
Ec2Status check_switch(const Params& options, std::string_view name, std::string_view served);

// AmazonSideAsn: 64512 unless given; one of the private numbers.
Ec2Result<std::uint64_t> amazon_side_asn(const Params& params);

}  // namespace sallyport::api::ec2
