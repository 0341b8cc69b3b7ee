#include <array>

#include "api/ec2/describe.h"
#include "api/ec2/interfaces.h"
#include "api/ec2/zones.h"

namespace sallyport::api::ec2 {

namespace {

using base::IpAddress;
using model::ElasticIp;
using model::NetworkInterface;

std::string zone_of(const model::Snapshot& world, const NetworkInterface& interface) {
  const model::Subnet* subnet = world.find_subnet(interface.subnet);
  return subnet == nullptr ? "" : subnet->availability_zone;
}

std::string group_name(const model::Snapshot& world, const model::SecurityGroupId& id) {
  const model::SecurityGroup* group = world.find_security_group(id);
  return group == nullptr ? "" : group->name;
}

void render_association(Xml& xml, const ElasticIp* associated, const Context& context) {
  if (associated == nullptr) return;
  xml.group("association", [&](Xml& inner) {
    inner.id("allocationId", associated->id).text("associationId", associated->association_id);
    inner.id("ipOwnerId", context.account).text("publicIp", associated->public_ip.to_string());
  });
}

void add_addresses(Facts& facts, const NetworkInterface& interface, const Context& context,
                   const Associations& associations) {
  bool primary = true;
  for (const IpAddress& address : interface.addresses) {
    if (!address.is_v4()) {
      facts.emplace("ipv6-addresses.ipv6-address", address.to_string());
      continue;
    }
    facts.emplace("addresses.private-ip-address", address.to_string());
    facts.emplace("addresses.primary", truth(primary));
    if (const auto* associated = associations.on(interface, address)) {
      facts.emplace("addresses.association.public-ip", associated->public_ip.to_string());
      facts.emplace("addresses.association.owner-id", context.account.str());
      facts.emplace("association.allocation-id", associated->id.str());
      facts.emplace("association.association-id", associated->association_id);
      facts.emplace("association.ip-owner-id", context.account.str());
      facts.emplace("association.public-ip", associated->public_ip.to_string());
    }
    primary = false;
  }
}

Facts facts_of(const NetworkInterface& interface, const Context& context, const Associations& associations) {
  const std::string zone = zone_of(context.world, interface);
  Facts facts{{"availability-zone", zone},
              {"availability-zone-id", zone_id(context.world.region, zone)},
              {"description", interface.description},
              {"interface-type", "interface"},
              {"mac-address", interface.mac_address},
              {"network-interface-id", interface.id.str()},
              {"operator.managed", "false"},
              {"owner-id", context.account.str()},
              {"private-ip-address", interface.addresses.front().to_string()},
              {"requester-managed", "false"},
              {"source-dest-check", "true"},
              {"status", "available"},
              {"subnet-id", interface.subnet.str()},
              {"vpc-id", interface.vpc.str()}};
  for (const model::SecurityGroupId& group : interface.groups) {
    facts.emplace("group-id", group.str());
    facts.emplace("group-name", group_name(context.world, group));
  }
  add_addresses(facts, interface, context, associations);
  add_tags(facts, interface.tags);
  return facts;
}

Ec2Result<Outcome> describe_interfaces(const Context& context) {
  if (const auto all = context.params.boolean("IncludeManagedResources"); !all) return fault(all.error());
  const Associations associations(context.world);
  return describe<NetworkInterface>(
      context,
      {"DescribeNetworkInterfaces", "NetworkInterfaceId", "InvalidNetworkInterfaceID.NotFound", "networkInterface ID",
       "networkInterfaceSet"},
      context.world.all<NetworkInterface>(),
      {"addresses.association.owner-id",
       "addresses.association.public-ip",
       "addresses.primary",
       "addresses.private-ip-address",
       "association.allocation-id",
       "association.association-id",
       "association.ip-owner-id",
       "association.public-dns-name",
       "association.public-ip",
       "attachment.attach-time",
       "attachment.attachment-id",
       "attachment.delete-on-termination",
       "attachment.device-index",
       "attachment.instance-id",
       "attachment.instance-owner-id",
       "attachment.status",
       "availability-zone",
       "availability-zone-id",
       "description",
       "group-id",
       "group-name",
       "interface-type",
       "ipv6-addresses.ipv6-address",
       "mac-address",
       "network-interface-id",
       "operator.managed",
       "operator.principal",
       "owner-id",
       "private-dns-name",
       "private-ip-address",
       "requester-id",
       "requester-managed",
       "source-dest-check",
       "status",
       "subnet-id",
       "vpc-id"},
      [&](const NetworkInterface& interface) { return facts_of(interface, context, associations); },
      [&](Xml& xml, const NetworkInterface& interface) { render_interface(xml, interface, context, associations); });
}

constexpr auto kInterfaceDescribeOperations =
    std::to_array<Entry>({{"DescribeNetworkInterfaces", describe_interfaces}});

}  // namespace

void render_interface(Xml& xml, const NetworkInterface& interface, const Context& context,
                      const Associations& associations) {
  const std::string zone = zone_of(context.world, interface);
  const IpAddress& primary = interface.addresses.front();
  render_association(xml, associations.on(interface, primary), context);
  xml.id("networkInterfaceId", interface.id).id("subnetId", interface.subnet).id("vpcId", interface.vpc);
  xml.text("availabilityZone", zone).text("availabilityZoneId", zone_id(context.world.region, zone));
  xml.text("description", interface.description).id("ownerId", context.account).flag("requesterManaged", false);
  xml.text("status", "available").text("interfaceType", "interface").text("macAddress", interface.mac_address);
  xml.text("privateIpAddress", primary.to_string()).flag("sourceDestCheck", true);
  xml.set("groupSet", interface.groups, [&](Xml& item, const model::SecurityGroupId& group) {
    item.id("groupId", group).text("groupName", group_name(context.world, group));
  });
  std::vector<IpAddress> v4;
  std::vector<IpAddress> v6;
  for (const IpAddress& address : interface.addresses)
    (address.is_v4() ? v4 : v6).push_back(address);
  xml.set("privateIpAddressesSet", v4, [&](Xml& item, const IpAddress& address) {
    item.text("privateIpAddress", address.to_string()).flag("primary", address == primary);
    render_association(item, associations.on(interface, address), context);
  });
  xml.set("ipv6AddressesSet", v6,
          [](Xml& item, const IpAddress& address) { item.text("ipv6Address", address.to_string()); });
  xml.tags(interface.tags);
}

std::span<const Entry> interface_describe_operations() { return kInterfaceDescribeOperations; }

}  // namespace sallyport::api::ec2
