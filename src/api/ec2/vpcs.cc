#include <algorithm>
#include <array>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "api/ec2/vpc_blocks.h"
#include "base/limits.h"
#include "control/network.h"

namespace sallyport::api::ec2 {

namespace {

using model::Vpc;

void render_vpc(Xml& xml, const Vpc& vpc, const model::AccountId& owner) {
  xml.id("vpcId", vpc.id).id("ownerId", owner).text("state", "available").id("dhcpOptionsId", vpc.dhcp_options);
  xml.text("cidrBlock", vpc.cidr_blocks.front().to_string()).text("instanceTenancy", "default");
  xml.flag("isDefault", vpc.is_default);
  render_blocks(xml, vpc);
  xml.tags(vpc.tags);
}

Facts facts_of(const Vpc& vpc, const model::AccountId& owner) {
  Facts facts{{"vpc-id", vpc.id.str()},
              {"owner-id", owner.str()},
              {"state", "available"},
              {"dhcp-options-id", vpc.dhcp_options.str()},
              {"cidr", vpc.cidr_blocks.front().to_string()},
              {"is-default", truth(vpc.is_default)},
              {"isDefault", truth(vpc.is_default)}};
  for (const model::Cidr& block : vpc.cidr_blocks) {
    const std::string prefix = block.family() == base::Family::kV4 ? "" : "ipv6-";
    facts.emplace(prefix + "cidr-block-association.cidr-block", block.to_string());
    facts.emplace(prefix + "cidr-block-association.association-id", block_association_id(vpc.id, block));
    facts.emplace(prefix + "cidr-block-association.state", "associated");
  }
  add_tags(facts, vpc.tags);
  return facts;
}

// A new VPC and what comes with each: EC2's usual DHCP options, shared by all that have them, and a group "default".
void add_vpc(const Context& context, const Vpc& vpc, Outcome& outcome) {
  model::SecurityGroup group;
  group.id = model::SecurityGroupId(control::new_resource_id("sg-", context.entropy));
  group.vpc = vpc.id;
  group.name = "default";
  group.description = "default VPC security group";
  group.ingress = {control::everything_from(group.id, context.entropy)};
  group.egress = {control::everything_leaves(context.entropy)};
  outcome.puts.emplace_back(vpc);
  outcome.puts.emplace_back(std::move(group));
  outcome.answer.group("vpc", [&](Xml& xml) { render_vpc(xml, vpc, context.account); });
}

// Sallyport's own set, that of the first start; never a user's equal one, which the user must be free to delete.
model::DhcpOptions usual_options(const Context& context, Outcome& outcome) {
  const auto usual = control::usual_dhcp_configurations(context.world.region);
  for (const auto& [id, options] : context.world.all<model::DhcpOptions>()) {
    if (!options->user_made && options->configurations == usual) return *options;
  }
  model::DhcpOptions options = control::usual_dhcp_options(context.world.region, context.entropy);
  outcome.puts.emplace_back(options);
  return options;
}

Ec2Result<Outcome> create_vpc(const Context& context) {
  const Params& params = context.params;
  const auto block = required_cidr_in(params, "CidrBlock");
  if (!block) return fault(block.error());
  if (auto usable = check_vpc_block(*block); !usable) return fault(usable.error());
  if (const std::string tenancy = params.text_or("InstanceTenancy", "default"); tenancy != "default") {
    return invalid_value("InstanceTenancy", tenancy, "Sallyport runs no instances; leave it out.");
  }
  if (params.boolean("AmazonProvidedIpv6CidrBlock").value_or(false).value_or(false)) {
    return invalid_value("AmazonProvidedIpv6CidrBlock", "true", "Associate your own block with Ipv6CidrBlock.");
  }
  const auto tags = tags_at_creation(params, "vpc");
  if (!tags) return fault(tags.error());
  if (auto room = check_room(context.world.vpcs.size(), base::limits::kVpcs, "VpcLimitExceeded", "VPCs"); !room) {
    return fault(room.error());
  }
  Outcome outcome;
  Vpc vpc;
  vpc.id = model::VpcId(control::new_resource_id("vpc-", context.entropy));
  vpc.cidr_blocks = {*block};
  vpc.dhcp_options = usual_options(context, outcome).id;
  vpc.tags = *tags;
  add_vpc(context, vpc, outcome);
  return outcome;
}

// The VPC with its subnets and its group, as the first start makes it.
Ec2Result<Outcome> create_default_vpc(const Context& context) {
  for (const auto& [id, vpc] : context.world.vpcs) {
    if (vpc->is_default) return fault("DefaultVpcAlreadyExists", "A Default VPC already exists: " + id.str());
  }
  if (auto room = check_room(context.world.vpcs.size(), base::limits::kVpcs, "VpcLimitExceeded", "VPCs"); !room) {
    return fault(room.error());
  }
  const auto made = control::default_vpc(context.default_vpc_block, context.world.region, context.entropy);
  if (!made) return fault("InvalidVpc.Range", made.error().message);
  Outcome outcome;
  const model::DhcpOptions options = usual_options(context, outcome);
  for (store::Entity entity : made->puts) {
    if (std::holds_alternative<model::DhcpOptions>(entity)) continue;
    if (auto* vpc = std::get_if<Vpc>(&entity)) {
      vpc->dhcp_options = options.id;
      outcome.answer.group("vpc", [&](Xml& xml) { render_vpc(xml, *vpc, context.account); });
    }
    outcome.puts.push_back(std::move(entity));
  }
  return outcome;
}

// Everything but the group "default", which goes with the VPC.
std::vector<std::string> users_of(const model::Snapshot& world, const model::VpcId& vpc) {
  std::vector<std::string> users = clusters_using(world, vpc);
  const auto add = [&](const auto& table, auto is_in) {
    for (const auto& [id, thing] : table) {
      if (is_in(*thing)) users.push_back(id.str());
    }
  };
  add(world.subnets, [&](const model::Subnet& subnet) { return subnet.vpc == vpc; });
  add(world.security_groups,
      [&](const model::SecurityGroup& group) { return group.vpc == vpc && group.name != "default"; });
  add(world.all<model::NetworkInterface>(), [&](const auto& interface) { return interface.vpc == vpc; });
  add(world.all<model::NatGateway>(), [&](const auto& gateway) { return gateway.vpc == vpc; });
  add(world.all<model::VpcPeering>(),
      [&](const auto& peering) { return peering.requester == vpc || peering.accepter == vpc; });
  add(world.all<model::TransitGatewayAttachment>(), [&](const auto& attachment) { return attachment.vpc == vpc; });
  add(world.all<model::VpnGateway>(), [&](const auto& gateway) { return gateway.attached == vpc; });
  std::ranges::sort(users);
  return users;
}

Ec2Result<Outcome> delete_vpc(const Context& context) {
  const auto vpc = vpc_at(context, context.params, "VpcId");
  if (!vpc) return fault(vpc.error());
  const auto users = users_of(context.world, (*vpc)->id);
  if (!users.empty()) return dependency_violation("vpc", (*vpc)->id.str(), users);
  Outcome outcome = done();
  for (const auto& [id, group] : context.world.security_groups) {
    if (group->vpc == (*vpc)->id) outcome.erases.emplace_back(id);
  }
  outcome.erases.emplace_back((*vpc)->id);
  return outcome;
}

Ec2Result<Outcome> describe_vpcs(const Context& context) {
  return describe<Vpc>(
      context, {"DescribeVpcs", "VpcId", "InvalidVpcID.NotFound", "vpc ID", "vpcSet"}, context.world.vpcs,
      {"cidr", "cidr-block-association.association-id", "cidr-block-association.cidr-block",
       "cidr-block-association.state", "dhcp-options-id", "ipv6-cidr-block-association.association-id",
       "ipv6-cidr-block-association.cidr-block", "ipv6-cidr-block-association.state", "is-default", "isDefault",
       "owner-id", "state", "vpc-id"},
      [&](const Vpc& vpc) { return facts_of(vpc, context.account); },
      [&](Xml& xml, const Vpc& vpc) { render_vpc(xml, vpc, context.account); });
}

Ec2Result<Outcome> modify_vpc_attribute(const Context& context) {
  const Params& params = context.params;
  const auto vpc = vpc_at(context, params, "VpcId");
  if (!vpc) return fault(vpc.error());
  Vpc changed = **vpc;
  int given = 0;
  for (const auto& [name, setting] : {std::pair("EnableDnsSupport", &Vpc::enable_dns_support),
                                      std::pair("EnableDnsHostnames", &Vpc::enable_dns_hostnames)}) {
    const auto value = params.under(name).boolean("Value");
    if (!value) return fault(value.error());
    if (!*value) continue;
    ++given;
    changed.*setting = **value;
  }
  if (given != 1) {
    return fault("InvalidParameterCombination",
                 "Give exactly one of EnableDnsSupport and EnableDnsHostnames; the other takes a request of its own");
  }
  Outcome outcome = done();
  if (changed != **vpc) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Ec2Result<Outcome> describe_vpc_attribute(const Context& context) {
  const auto vpc = vpc_at(context, context.params, "VpcId");
  if (!vpc) return fault(vpc.error());
  const auto attribute = context.params.required("Attribute");
  if (!attribute) return fault(attribute.error());
  const auto value = *attribute == "enableDnsSupport"                   ? std::optional((*vpc)->enable_dns_support)
                     : *attribute == "enableDnsHostnames"               ? std::optional((*vpc)->enable_dns_hostnames)
                     : *attribute == "enableNetworkAddressUsageMetrics" ? std::optional(false)
                                                                        : std::nullopt;
  if (!value) {
    return invalid_value("Attribute", *attribute,
                         "Give enableDnsSupport, enableDnsHostnames or enableNetworkAddressUsageMetrics.");
  }
  Outcome outcome;
  outcome.answer.id("vpcId", (*vpc)->id).group(*attribute, [&](Xml& xml) { xml.flag("value", *value); });
  return outcome;
}

constexpr auto kVpcOperations = std::to_array<Entry>({
    {"CreateVpc", create_vpc, true},
    {"CreateDefaultVpc", create_default_vpc, true},
    {"DeleteVpc", delete_vpc, true},
    {"DescribeVpcs", describe_vpcs},
    {"ModifyVpcAttribute", modify_vpc_attribute, true},
    {"DescribeVpcAttribute", describe_vpc_attribute},
});

}  // namespace

std::span<const Entry> vpc_operations() { return kVpcOperations; }

}  // namespace sallyport::api::ec2
