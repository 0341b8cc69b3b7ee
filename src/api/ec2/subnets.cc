#include <algorithm>
#include <array>
#include <utility>

#include "api/ec2/address_book.h"
#include "api/ec2/arn.h"
#include "api/ec2/describe.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "api/ec2/zones.h"
#include "base/limits.h"
#include "control/network.h"

namespace sallyport::api::ec2 {

namespace {

using model::Cidr;
using model::Subnet;

constexpr unsigned kLargestPrefix = 16;
constexpr unsigned kSmallestPrefix = 28;
constexpr unsigned kDefaultPrefix = 20;

void render_subnet(Xml& xml, const Subnet& subnet, const Context& context, const AddressBook& book) {
  xml.id("subnetId", subnet.id)
      .text("subnetArn", arn_of(context, "subnet", subnet.id.str()))
      .text("state", "available");
  xml.id("vpcId", subnet.vpc).id("ownerId", context.account).text("cidrBlock", subnet.cidr_block.to_string());
  xml.text("ipv6CidrBlockAssociationSet", "").number("availableIpAddressCount", book.available(subnet));
  xml.text("availabilityZone", subnet.availability_zone);
  xml.text("availabilityZoneId", zone_id(context.world.region, subnet.availability_zone));
  xml.flag("defaultForAz", subnet.is_default).flag("mapPublicIpOnLaunch", subnet.map_public_ip_on_launch);
  xml.flag("mapCustomerOwnedIpOnLaunch", false).flag("assignIpv6AddressOnCreation", false);
  xml.flag("enableDns64", false).flag("ipv6Native", false);
  xml.group("privateDnsNameOptionsOnLaunch", [](Xml& options) {
    options.text("hostnameType", "ip-name");
    options.flag("enableResourceNameDnsARecord", false).flag("enableResourceNameDnsAAAARecord", false);
  });
  xml.tags(subnet.tags);
}

const Subnet* overlapping(const model::Snapshot& world, const model::VpcId& vpc, const Cidr& block) {
  for (const auto& [id, subnet] : world.subnets) {
    if (subnet->vpc == vpc && subnet->cidr_block.overlaps(block)) return subnet.get();
  }
  return nullptr;
}

Ec2Status check_block(const model::Snapshot& world, const model::Vpc& vpc, const Cidr& block) {
  if (block.family() != base::Family::kV4 || block.prefix() < kLargestPrefix || block.prefix() > kSmallestPrefix) {
    return fault("InvalidSubnet.Range",
                 "The CIDR '" + block.to_string() + "' is invalid: give an IPv4 block of /16 to /28");
  }
  if (std::ranges::none_of(vpc.cidr_blocks, [&](const Cidr& whole) { return whole.contains(block); })) {
    std::string blocks;
    for (const Cidr& whole : vpc.cidr_blocks)
      blocks += (blocks.empty() ? "" : ", ") + whole.to_string();
    return fault("InvalidSubnet.Range", "The CIDR '" + block.to_string() + "' is invalid: it must lie in a block of " +
                                            vpc.id.str() + ", which has " + blocks);
  }
  if (const Subnet* other = overlapping(world, vpc.id, block)) {
    return fault("InvalidSubnet.Conflict", "The CIDR '" + block.to_string() + "' conflicts with " +
                                               other->cidr_block.to_string() + " of " + other->id.str());
  }
  return {};
}

Ec2Status check_room_in(const model::Snapshot& world, const model::VpcId& vpc) {
  const auto count = std::ranges::count_if(world.subnets, [&](const auto& entry) { return entry.second->vpc == vpc; });
  return check_room(static_cast<std::size_t>(count), base::limits::kSubnetsPerVpc, "SubnetLimitExceeded",
                    "subnets in the VPC");
}

// The zone with the fewest subnets of the VPC, so that two subnets made without a zone suit a cluster.
std::string emptiest_zone(const model::Snapshot& world, const model::VpcId& vpc) {
  const auto population = [&](const Zone& zone) {
    return std::ranges::count_if(world.subnets, [&](const auto& entry) {
      return entry.second->vpc == vpc && entry.second->availability_zone == zone.name;
    });
  };
  const std::vector<Zone> zones = zones_of(world.region);
  return std::ranges::min_element(zones, {}, population)->name;
}

Outcome made(const Context& context, const Subnet& subnet) {
  Outcome outcome;
  outcome.answer.group("subnet", [&](Xml& xml) { render_subnet(xml, subnet, context, AddressBook(context.world)); });
  outcome.puts.emplace_back(subnet);
  return outcome;
}

Ec2Result<Outcome> create_subnet(const Context& context) {
  const auto vpc = vpc_at(context, context.params, "VpcId");
  if (!vpc) return fault(vpc.error());
  const auto block = required_cidr_in(context.params, "CidrBlock");
  if (!block) return fault(block.error());
  if (auto usable = check_block(context.world, **vpc, *block); !usable) return fault(usable.error());
  const auto zone = zone_asked(context);
  if (!zone) return fault(zone.error());
  const auto tags = tags_at_creation(context.params, "subnet");
  if (!tags) return fault(tags.error());
  if (auto room = check_room_in(context.world, (*vpc)->id); !room) return fault(room.error());
  Subnet subnet;
  subnet.id = model::SubnetId(control::new_resource_id("subnet-", context.entropy));
  subnet.vpc = (*vpc)->id;
  subnet.cidr_block = *block;
  subnet.availability_zone = *zone ? (*zone)->name : emptiest_zone(context.world, subnet.vpc);
  subnet.tags = *tags;
  return made(context, subnet);
}

// The first block of the usual size for a default subnet that no subnet of the VPC overlaps.
std::optional<Cidr> free_default_block(const model::Snapshot& world, const model::Vpc& vpc) {
  const Cidr whole = vpc.cidr_blocks.front();
  const unsigned prefix = std::max(kDefaultPrefix, whole.prefix() + 2);
  if (prefix > kSmallestPrefix) return std::nullopt;
  const std::uint32_t step = std::uint32_t{1} << (32 - prefix);
  for (std::uint32_t i = 0; i < std::uint32_t{1} << (prefix - whole.prefix()); ++i) {
    const Cidr block = Cidr::of(base::IpAddress::v4(whole.network().v4_value() + i * step), prefix);
    if (overlapping(world, vpc.id, block) == nullptr) return block;
  }
  return std::nullopt;
}

Ec2Result<Outcome> create_default_subnet(const Context& context) {
  const auto zone = zone_asked(context);
  if (!zone) return fault(zone.error());
  if (!*zone) return fault("MissingParameter", "The request must contain the parameter AvailabilityZone");
  const auto& vpcs = context.world.vpcs;
  const auto vpc = std::ranges::find_if(vpcs, [](const auto& entry) { return entry.second->is_default; });
  if (vpc == vpcs.end())
    return fault("DefaultVpcDoesNotExist", "There is no default VPC; make it with CreateDefaultVpc");
  for (const auto& [id, subnet] : context.world.subnets) {
    if (subnet->is_default && subnet->availability_zone == (*zone)->name) {
      return fault("DefaultSubnetAlreadyExistsInAvailabilityZone", id.str() + " is the default subnet of that zone");
    }
  }
  const auto block = free_default_block(context.world, *vpc->second);
  if (!block) return fault("InsufficientFreeAddressesInVpc", "The default VPC has no room for another default subnet");
  if (auto room = check_room_in(context.world, vpc->first); !room) return fault(room.error());
  Subnet subnet;
  subnet.id = model::SubnetId(control::new_resource_id("subnet-", context.entropy));
  subnet.vpc = vpc->first;
  subnet.cidr_block = *block;
  subnet.availability_zone = (*zone)->name;
  subnet.is_default = true;
  subnet.map_public_ip_on_launch = true;
  return made(context, subnet);
}

std::vector<std::string> users_of(const model::Snapshot& world, const model::SubnetId& subnet) {
  std::vector<std::string> users;
  for (const auto& [id, interface] : world.all<model::NetworkInterface>()) {
    if (interface->subnet == subnet) users.push_back(id.str());
  }
  for (const auto& [id, gateway] : world.all<model::NatGateway>()) {
    if (gateway->subnet == subnet) users.push_back(id.str());
  }
  for (const auto& [id, attachment] : world.all<model::TransitGatewayAttachment>()) {
    if (std::ranges::find(attachment->subnets, subnet) != attachment->subnets.end()) users.push_back(id.str());
  }
  std::ranges::sort(users);
  std::vector<std::string> all = clusters_using(world, subnet);
  all.insert(all.end(), users.begin(), users.end());
  return all;
}

Ec2Result<Outcome> delete_subnet(const Context& context) {
  const auto subnet = subnet_at(context, context.params, "SubnetId");
  if (!subnet) return fault(subnet.error());
  const auto users = users_of(context.world, (*subnet)->id);
  if (!users.empty()) return dependency_violation("subnet", (*subnet)->id.str(), users);
  Outcome outcome = done();
  outcome.erases.emplace_back((*subnet)->id);
  return outcome;
}

// Attributes of what a subnet gives to instances: settled, because Sallyport runs none.
Ec2Status refuse_launch_attributes(const Params& params, int& given) {
  for (const char* name : {"AssignIpv6AddressOnCreation", "EnableDns64", "EnableResourceNameDnsARecordOnLaunch",
                           "EnableResourceNameDnsAAAARecordOnLaunch", "MapCustomerOwnedIpOnLaunch"}) {
    const auto value = params.under(name).boolean("Value");
    if (!value) return fault(value.error());
    if (!*value) continue;
    ++given;
    if (**value) return invalid_value(name, "true", "Sallyport starts no instances, so only false is possible.");
  }
  if (const auto type = params.text("PrivateDnsHostnameTypeOnLaunch")) {
    ++given;
    if (*type != "ip-name") return invalid_value("PrivateDnsHostnameTypeOnLaunch", *type, "Only ip-name is possible.");
  }
  return {};
}

Ec2Result<Outcome> modify_subnet_attribute(const Context& context) {
  const auto subnet = subnet_at(context, context.params, "SubnetId");
  if (!subnet) return fault(subnet.error());
  const auto map_public = context.params.under("MapPublicIpOnLaunch").boolean("Value");
  if (!map_public) return fault(map_public.error());
  int given = *map_public ? 1 : 0;
  if (auto settled = refuse_launch_attributes(context.params, given); !settled) return fault(settled.error());
  if (given != 1) return fault("InvalidParameterCombination", "Give exactly one attribute to modify");
  Subnet changed = **subnet;
  changed.map_public_ip_on_launch = map_public->value_or(changed.map_public_ip_on_launch);
  Outcome outcome = done();
  if (changed != **subnet) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Facts facts_of(const Subnet& subnet, const Context& context, const AddressBook& book) {
  const std::string zone = zone_id(context.world.region, subnet.availability_zone);
  const std::string block = subnet.cidr_block.to_string();
  Facts facts{{"availability-zone", subnet.availability_zone},
              {"availabilityZone", subnet.availability_zone},
              {"availability-zone-id", zone},
              {"availabilityZoneId", zone},
              {"available-ip-address-count", std::to_string(book.available(subnet))},
              {"cidr-block", block},
              {"cidr", block},
              {"cidrBlock", block},
              {"default-for-az", truth(subnet.is_default)},
              {"defaultForAz", truth(subnet.is_default)},
              {"enable-dns64", "false"},
              {"ipv6-native", "false"},
              {"map-customer-owned-ip-on-launch", "false"},
              {"map-public-ip-on-launch", truth(subnet.map_public_ip_on_launch)},
              {"owner-id", context.account.str()},
              {"private-dns-name-options-on-launch.hostname-type", "ip-name"},
              {"private-dns-name-options-on-launch.enable-resource-name-dns-a-record", "false"},
              {"private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record", "false"},
              {"state", "available"},
              {"subnet-arn", arn_of(context, "subnet", subnet.id.str())},
              {"subnet-id", subnet.id.str()},
              {"vpc-id", subnet.vpc.str()}};
  add_tags(facts, subnet.tags);
  return facts;
}

Ec2Result<Outcome> describe_subnets(const Context& context) {
  const AddressBook book(context.world);
  return describe<Subnet>(
      context, {"DescribeSubnets", "SubnetId", "InvalidSubnetID.NotFound", "subnet ID", "subnetSet"},
      context.world.subnets,
      {"availability-zone",
       "availabilityZone",
       "availability-zone-id",
       "availabilityZoneId",
       "available-ip-address-count",
       "cidr-block",
       "cidr",
       "cidrBlock",
       "customer-owned-ipv4-pool",
       "default-for-az",
       "defaultForAz",
       "enable-dns64",
       "enable-lni-at-device-index",
       "ipv6-cidr-block-association.ipv6-cidr-block",
       "ipv6-cidr-block-association.association-id",
       "ipv6-cidr-block-association.state",
       "ipv6-native",
       "map-customer-owned-ip-on-launch",
       "map-public-ip-on-launch",
       "outpost-arn",
       "owner-id",
       "private-dns-name-options-on-launch.hostname-type",
       "private-dns-name-options-on-launch.enable-resource-name-dns-a-record",
       "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record",
       "state",
       "subnet-arn",
       "subnet-id",
       "vpc-id"},
      [&](const Subnet& subnet) { return facts_of(subnet, context, book); },
      [&](Xml& xml, const Subnet& subnet) { render_subnet(xml, subnet, context, book); });
}

constexpr auto kSubnetOperations = std::to_array<Entry>({
    {"CreateSubnet", create_subnet, true},
    {"CreateDefaultSubnet", create_default_subnet, true},
    {"DeleteSubnet", delete_subnet, true},
    {"ModifySubnetAttribute", modify_subnet_attribute, true},
    {"DescribeSubnets", describe_subnets},
});

}  // namespace

std::span<const Entry> subnet_operations() { return kSubnetOperations; }

}  // namespace sallyport::api::ec2
