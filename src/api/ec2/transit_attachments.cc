#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "api/ec2/transit.h"
#include "base/time.h"
#include "control/network.h"

namespace sallyport::api::ec2 {

namespace {

using model::SubnetId;
using model::TransitGatewayAttachment;

constexpr const char* kNotFound = "InvalidTransitGatewayAttachmentID.NotFound";
constexpr const char* kNoun = "transitGatewayAttachment ID";

void render_vpc_attachment(Xml& xml, const Context& context, const TransitGatewayAttachment& attachment,
                           const char* state) {
  xml.id("transitGatewayAttachmentId", attachment.id).id("transitGatewayId", attachment.transit_gateway);
  xml.id("vpcId", *attachment.vpc).id("vpcOwnerId", context.account).text("state", state);
  xml.set("subnetIds", attachment.subnets, [](Xml& item, const SubnetId& subnet) { item.bare(subnet.str()); });
  xml.text("creationTime", base::format_rfc3339(attachment.created_at));
  xml.group("options", [&](Xml& options) {
    options.text("dnsSupport", "enable").text("securityGroupReferencingSupport", "enable");
    options.text("ipv6Support", attachment.ipv6_support ? "enable" : "disable");
    options.text("applianceModeSupport", "disable");
  });
  xml.tags(attachment.tags);
}

Outcome answer_of(const Context& context, const TransitGatewayAttachment& attachment, const char* state) {
  Outcome outcome;
  outcome.answer.group("transitGatewayVpcAttachment",
                       [&](Xml& xml) { render_vpc_attachment(xml, context, attachment, state); });
  return outcome;
}

std::string route_table_of(const Context& context, const TransitGatewayAttachment& attachment) {
  const auto* gateway = context.world.find<model::TransitGateway>(attachment.transit_gateway);
  return gateway == nullptr ? "" : gateway->route_table_id;
}

void render_attachment(Xml& xml, const Context& context, const TransitGatewayAttachment& attachment) {
  render_resource(xml, attachment);
  xml.id("transitGatewayId", attachment.transit_gateway).id("transitGatewayOwnerId", context.account);
  xml.id("resourceOwnerId", context.account).text("state", "available");
  xml.group("association", [&](Xml& association) {
    association.text("transitGatewayRouteTableId", route_table_of(context, attachment)).text("state", "associated");
  });
  xml.text("creationTime", base::format_rfc3339(attachment.created_at)).tags(attachment.tags);
}

// A VPC's; that of a VPN connection comes and goes with the connection.
Ec2Result<const TransitGatewayAttachment*> vpc_attachment_at(const Context& context) {
  auto attachment =
      object_at<TransitGatewayAttachment>(context, context.params, "TransitGatewayAttachmentId", kNotFound, kNoun);
  if (!attachment || (*attachment)->vpc) return attachment;
  return fault(kNotFound, "The " + std::string(kNoun) + " '" + (*attachment)->id.str() + "' is not a VPC's: it is of " +
                              resource_id(**attachment) + " and goes with it");
}

// Each in the VPC, and one for a zone.
Ec2Status check_subnets(const Context& context, const std::vector<SubnetId>& subnets, const model::VpcId& vpc) {
  std::map<std::string, SubnetId> by_zone;
  for (const SubnetId& id : subnets) {
    const model::Subnet* subnet = context.world.find_subnet(id);
    if (subnet == nullptr || subnet->vpc != vpc) {
      return fault("InvalidSubnetID.NotFound", "The subnet ID '" + id.str() + "' does not exist in " + vpc.str());
    }
    const auto [other, is_first] = by_zone.emplace(subnet->availability_zone, id);
    if (!is_first) {
      return fault("DuplicateSubnetsInSameZone", "The subnets " + other->second.str() + " and " + id.str() +
                                                     " are both in " + subnet->availability_zone +
                                                     "; give one for each zone");
    }
  }
  return {};
}

Ec2Status read_options(const Params& options, TransitGatewayAttachment& attachment) {
  for (const auto& [name, served] :
       {std::pair("DnsSupport", "enable"), std::pair("SecurityGroupReferencingSupport", "enable"),
        std::pair("ApplianceModeSupport", "disable")}) {
    if (auto checked = check_switch(options, name, served); !checked) return checked;
  }
  const std::string ipv6 = options.text_or("Ipv6Support", attachment.ipv6_support ? "enable" : "disable");
  if (ipv6 != "enable" && ipv6 != "disable") {
    return invalid_value(options.full_name("Ipv6Support"), ipv6, "Give enable or disable.");
  }
  attachment.ipv6_support = ipv6 == "enable";
  return {};
}

std::vector<SubnetId> subnets_in(const Params& params, std::string_view list) {
  std::vector<SubnetId> subnets;
  for (std::string& id : params.list(list))
    subnets.emplace_back(std::move(id));
  return subnets;
}

Ec2Result<Outcome> create_attachment(const Context& context) {
  const Params& params = context.params;
  const auto gateway = transit_gateway_at(context, params);
  if (!gateway) return fault(gateway.error());
  const auto vpc = vpc_at(context, params, "VpcId");
  if (!vpc) return fault(vpc.error());
  TransitGatewayAttachment attachment;
  attachment.transit_gateway = (*gateway)->id;
  attachment.vpc = (*vpc)->id;
  attachment.subnets = subnets_in(params, "SubnetIds");
  if (attachment.subnets.empty()) {
    return fault("MissingParameter", "The request must contain the parameter SubnetIds");
  }
  if (auto checked = check_subnets(context, attachment.subnets, (*vpc)->id); !checked) return fault(checked.error());
  if (auto checked = read_options(params.under("Options"), attachment); !checked) return fault(checked.error());
  for (const auto* other : attachments_of(context.world, (*gateway)->id)) {
    if (other->vpc == (*vpc)->id) {
      return fault("DuplicateTransitGatewayAttachment",
                   (*gateway)->id.str() + " already has the attachment " + other->id.str() + " of " + (*vpc)->id.str());
    }
  }
  const auto tags = tags_at_creation(params, "transit-gateway-attachment", "TagSpecifications");
  if (!tags) return fault(tags.error());
  if (auto room = check_attachment_room(context.world); !room) return fault(room.error());
  attachment.id = model::AttachmentId(control::new_resource_id("tgw-attach-", context.entropy));
  attachment.created_at = context.now;
  attachment.tags = *tags;
  Outcome outcome = answer_of(context, attachment, "available");
  outcome.puts.emplace_back(std::move(attachment));
  return outcome;
}

Ec2Result<Outcome> delete_attachment(const Context& context) {
  const auto attachment = vpc_attachment_at(context);
  if (!attachment) return fault(attachment.error());
  Outcome outcome = answer_of(context, **attachment, "deleting");
  outcome.erases.emplace_back((*attachment)->id);
  return outcome;
}

Ec2Result<Outcome> modify_attachment(const Context& context) {
  const auto attachment = vpc_attachment_at(context);
  if (!attachment) return fault(attachment.error());
  TransitGatewayAttachment changed = **attachment;
  for (SubnetId& id : subnets_in(context.params, "AddSubnetIds")) {
    if (std::ranges::find(changed.subnets, id) == changed.subnets.end()) changed.subnets.push_back(std::move(id));
  }
  for (const SubnetId& id : subnets_in(context.params, "RemoveSubnetIds")) {
    if (std::erase(changed.subnets, id) == 0) {
      return fault("InvalidSubnetID.NotFound",
                   "The subnet ID '" + id.str() + "' is not of the attachment " + changed.id.str());
    }
  }
  if (changed.subnets.empty()) {
    return fault("InvalidParameterValue", "The attachment " + changed.id.str() + " must keep at least one subnet");
  }
  if (auto checked = check_subnets(context, changed.subnets, *changed.vpc); !checked) return fault(checked.error());
  if (auto checked = read_options(context.params.under("Options"), changed); !checked) return fault(checked.error());
  Outcome outcome = answer_of(context, changed, "available");
  if (changed != **attachment) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Facts facts_of(const Context& context, const TransitGatewayAttachment& attachment) {
  Facts facts{{"transit-gateway-attachment-id", attachment.id.str()},
              {"transit-gateway-id", attachment.transit_gateway.str()},
              {"vpc-id", resource_id(attachment)},
              {"state", "available"},
              {"association.state", "associated"},
              {"association.transit-gateway-route-table-id", route_table_of(context, attachment)},
              {"resource-id", resource_id(attachment)},
              {"resource-owner-id", context.account.str()},
              {"resource-type", std::string(resource_type(attachment))},
              {"transit-gateway-owner-id", context.account.str()}};
  add_tags(facts, attachment.tags);
  return facts;
}

Ec2Result<Outcome> describe_vpc_attachments(const Context& context) {
  model::Table<TransitGatewayAttachment> of_vpcs;
  for (const auto& entry : context.world.all<TransitGatewayAttachment>()) {
    if (entry.second->vpc) of_vpcs.insert(entry);
  }
  return describe<TransitGatewayAttachment>(
      context,
      {"DescribeTransitGatewayVpcAttachments", "TransitGatewayAttachmentIds", kNotFound, kNoun,
       "transitGatewayVpcAttachments"},
      of_vpcs, {"state", "transit-gateway-attachment-id", "transit-gateway-id", "vpc-id"},
      [&](const TransitGatewayAttachment& attachment) { return facts_of(context, attachment); },
      [&](Xml& xml, const TransitGatewayAttachment& attachment) {
        render_vpc_attachment(xml, context, attachment, "available");
      });
}

Ec2Result<Outcome> describe_attachments(const Context& context) {
  return describe<TransitGatewayAttachment>(
      context,
      {"DescribeTransitGatewayAttachments", "TransitGatewayAttachmentIds", kNotFound, kNoun,
       "transitGatewayAttachments"},
      context.world.all<TransitGatewayAttachment>(),
      {"association.state", "association.transit-gateway-route-table-id", "resource-id", "resource-owner-id",
       "resource-type", "state", "transit-gateway-attachment-id", "transit-gateway-id", "transit-gateway-owner-id"},
      [&](const TransitGatewayAttachment& attachment) { return facts_of(context, attachment); },
      [&](Xml& xml, const TransitGatewayAttachment& attachment) { render_attachment(xml, context, attachment); });
}

constexpr auto kTransitAttachmentOperations = std::to_array<Entry>({
    {"CreateTransitGatewayVpcAttachment", create_attachment, true},
    {"DeleteTransitGatewayVpcAttachment", delete_attachment, true},
    {"ModifyTransitGatewayVpcAttachment", modify_attachment, true},
    {"DescribeTransitGatewayVpcAttachments", describe_vpc_attachments},
    {"DescribeTransitGatewayAttachments", describe_attachments},
});

}  // namespace

std::span<const Entry> transit_attachment_operations() { return kTransitAttachmentOperations; }

}  // namespace sallyport::api::ec2
