#include "api/ec2/elastic_ips.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "control/network.h"
#include "wire/crypto.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using base::IpAddress;
using model::ElasticIp;

constexpr std::size_t kIdDigits = 17;
constexpr std::uint32_t kFirstUnicast = 0x01000000;
constexpr std::uint32_t kFirstMulticast = 0xE0000000;

const ElasticIp* find_public(const model::Snapshot& world, const IpAddress& address) {
  for (const auto& [id, elastic] : world.all<ElasticIp>()) {
    if (elastic->public_ip == address) return elastic.get();
  }
  return nullptr;
}

// The first address of the pool that nobody has, the gateway's public listeners among them.
Ec2Result<IpAddress> from_pool(const Context& context) {
  std::set<IpAddress> taken;
  for (const auto& [id, elastic] : context.world.all<ElasticIp>())
    taken.insert(elastic->public_ip);
  for (const model::Listener& listener : context.world.listeners)
    taken.insert(listener.advertise.address);
  for (const model::Cidr& block : context.elastic_ip_pool) {
    const std::uint64_t first = block.network().v4_value();
    const std::uint64_t end = first + (std::uint64_t{1} << (32 - block.prefix()));
    for (std::uint64_t candidate = first; candidate < end; ++candidate) {
      const IpAddress address = IpAddress::v4(static_cast<std::uint32_t>(candidate));
      if (!taken.contains(address)) return address;
    }
  }
  return fault("InsufficientAddressCapacity",
               std::string(context.elastic_ip_pool.empty() ? "There is no pool of Elastic IP addresses"
                                                           : "Every address of the pool of Elastic IPs is taken") +
                   ": name the public address with Address, such as 203.0.113.77, or add a block to elastic_ip_pool "
                   "in [ec2] of the configuration");
}

Ec2Result<IpAddress> named_public(const Context& context, const std::string& text) {
  const auto address = IpAddress::parse(text);
  if (!address || !address->is_v4() || address->v4_value() < kFirstUnicast || address->v4_value() >= kFirstMulticast) {
    return invalid_value("Address", wire::shortened(text),
                         "Give the public IPv4 address by which your network goes out, such as 203.0.113.77.");
  }
  if (const ElasticIp* other = find_public(context.world, *address)) {
    return fault("InvalidIPAddress.InUse", "Address " + text + " is allocated already, as " + other->id.str());
  }
  return *address;
}

Ec2Result<Outcome> allocate_address(const Context& context) {
  const Params& params = context.params;
  if (const std::string domain = params.text_or("Domain", "vpc"); domain != "vpc") {
    return invalid_value("Domain", wire::shortened(domain), "Only vpc is possible.");
  }
  const std::string& region = context.world.region.str();
  if (const std::string group = params.text_or("NetworkBorderGroup", region); group != region) {
    return invalid_value("NetworkBorderGroup", wire::shortened(group), "The only one is " + region + ".");
  }
  const auto tags = tags_at_creation(params, "elastic-ip");
  if (!tags) return fault(tags.error());
  if (auto room = check_room(context.world.all<ElasticIp>().size(), base::limits::kNetworkObjectsPerKind,
                             "AddressLimitExceeded", "Elastic IP addresses");
      !room) {
    return fault(room.error());
  }
  const auto text = params.text("Address");
  const auto address = text ? named_public(context, *text) : from_pool(context);
  if (!address) return fault(address.error());
  ElasticIp elastic;
  elastic.id = model::AllocationId(control::new_resource_id("eipalloc-", context.entropy));
  elastic.public_ip = *address;
  elastic.tags = *tags;
  Outcome outcome;
  outcome.answer.text("publicIp", elastic.public_ip.to_string()).id("allocationId", elastic.id);
  outcome.answer.text("publicIpv4Pool", "amazon").text("networkBorderGroup", region).text("domain", "vpc");
  outcome.puts.emplace_back(std::move(elastic));
  return outcome;
}

Ec2Result<Outcome> release_address(const Context& context) {
  const auto elastic = elastic_ip_at(context);
  if (!elastic) return fault(elastic.error());
  context.params.text("NetworkBorderGroup");
  const Associations associations(context.world);
  if (const auto* gateway = associations.gateway_of(**elastic)) {
    return fault("InvalidIPAddress.InUse", "Address " + (*elastic)->public_ip.to_string() + " is in use by " +
                                               gateway->id.str() + "; delete that first");
  }
  if ((*elastic)->network_interface) {
    return fault("InvalidIPAddress.InUse", "Address " + (*elastic)->public_ip.to_string() + " is in use by " +
                                               (*elastic)->network_interface->str() + "; disassociate it first");
  }
  Outcome outcome = done();
  outcome.erases.emplace_back((*elastic)->id);
  return outcome;
}

// Where an Elastic IP is, whatever uses it.
struct Place {
  std::string association;
  std::string interface;
  std::string private_ip;
  std::string subnet;
};

Place place_of(const ElasticIp& elastic, const Context& context, const Associations& associations) {
  Place place{.association = associations.id_of(elastic), .interface = {}, .private_ip = {}, .subnet = {}};
  if (const auto* gateway = associations.gateway_of(elastic)) {
    place.private_ip = gateway->private_ip.to_string();
    place.subnet = gateway->subnet.str();
  } else if (elastic.network_interface) {
    place.interface = elastic.network_interface->str();
    if (elastic.private_ip) place.private_ip = elastic.private_ip->to_string();
    const auto* interface = context.world.find<model::NetworkInterface>(*elastic.network_interface);
    if (interface != nullptr) place.subnet = interface->subnet.str();
  }
  return place;
}

void render_address(Xml& xml, const ElasticIp& elastic, const Context& context, const Associations& associations) {
  xml.text("publicIp", elastic.public_ip.to_string()).id("allocationId", elastic.id).text("domain", "vpc");
  xml.text("publicIpv4Pool", "amazon").id("networkBorderGroup", context.world.region);
  const Place place = place_of(elastic, context, associations);
  if (!place.association.empty()) {
    xml.text("associationId", place.association).text("privateIpAddress", place.private_ip);
    xml.text("subnetId", place.subnet);
  }
  if (!place.interface.empty()) {
    xml.text("networkInterfaceId", place.interface).id("networkInterfaceOwnerId", context.account);
  }
  xml.tags(elastic.tags);
}

Facts facts_of(const ElasticIp& elastic, const Context& context, const Associations& associations) {
  Facts facts{{"allocation-id", elastic.id.str()},
              {"domain", "vpc"},
              {"network-border-group", context.world.region.str()},
              {"public-ip", elastic.public_ip.to_string()}};
  const Place place = place_of(elastic, context, associations);
  if (!place.association.empty()) {
    facts.emplace("association-id", place.association);
    facts.emplace("private-ip-address", place.private_ip);
  }
  if (!place.interface.empty()) {
    facts.emplace("network-interface-id", place.interface);
    facts.emplace("network-interface-owner-id", context.account.str());
  }
  add_tags(facts, elastic.tags);
  return facts;
}

// Those that PublicIp.N names; all where it names none.
Ec2Result<model::Table<ElasticIp>> named_by_public_ip(const Context& context) {
  const std::vector<std::string> named = context.params.list("PublicIp");
  if (named.empty()) return context.world.all<ElasticIp>();
  model::Table<ElasticIp> table;
  for (const std::string& text : named) {
    const auto address = IpAddress::parse(text);
    const ElasticIp* found = address ? find_public(context.world, *address) : nullptr;
    if (found == nullptr) {
      return fault("InvalidAddress.NotFound", "Address '" + wire::shortened(text) + "' not found");
    }
    table.insert(*context.world.all<ElasticIp>().find(found->id));
  }
  return table;
}

Ec2Result<Outcome> describe_addresses(const Context& context) {
  const auto table = named_by_public_ip(context);
  if (!table) return fault(table.error());
  const Associations associations(context.world);
  return describe<ElasticIp>(
      context, {"DescribeAddresses", "AllocationId", "InvalidAllocationID.NotFound", "allocation ID", "addressesSet"},
      *table,
      {"allocation-id", "association-id", "domain", "instance-id", "network-border-group", "network-interface-id",
       "network-interface-owner-id", "private-ip-address", "public-ip"},
      [&](const ElasticIp& elastic) { return facts_of(elastic, context, associations); },
      [&](Xml& xml, const ElasticIp& elastic) { render_address(xml, elastic, context, associations); });
}

// The only attribute is the reverse DNS name, and no address has one here.
Ec2Result<Outcome> describe_addresses_attribute(const Context& context) {
  if (const std::string attribute = context.params.text_or("Attribute", "domain-name"); attribute != "domain-name") {
    return invalid_value("Attribute", wire::shortened(attribute), "Only domain-name is possible.");
  }
  if (const auto page = page_request(context, "DescribeAddressesAttribute", 1); !page) return fault(page.error());
  for (const std::string& id : context.params.list("AllocationId")) {
    if (context.world.find<ElasticIp>(model::AllocationId(id)) == nullptr) {
      return fault("InvalidAllocationID.NotFound", "The allocation ID '" + wire::shortened(id) + "' does not exist");
    }
  }
  Outcome outcome;
  outcome.answer.text("addressSet", "");
  return outcome;
}

constexpr auto kElasticIpOperations = std::to_array<Entry>({
    {"AllocateAddress", allocate_address, true},
    {"ReleaseAddress", release_address, true},
    {"DescribeAddresses", describe_addresses},
    {"DescribeAddressesAttribute", describe_addresses_attribute},
});

}  // namespace

Associations::Associations(const model::Snapshot& world) {
  for (const auto& [id, elastic] : world.all<ElasticIp>()) {
    if (elastic->network_interface && elastic->private_ip) {
      by_place_[{*elastic->network_interface, *elastic->private_ip}] = elastic.get();
    }
  }
  for (const auto& [id, gateway] : world.all<model::NatGateway>()) {
    for (const model::AllocationId& allocation : gateway->allocations)
      gateways_[allocation] = gateway.get();
  }
}

const ElasticIp* Associations::on(const model::NetworkInterface& interface, const IpAddress& address) const {
  const auto found = by_place_.find({interface.id, address});
  return found == by_place_.end() ? nullptr : found->second;
}

const model::NatGateway* Associations::gateway_of(const ElasticIp& address) const {
  const auto found = gateways_.find(address.id);
  return found == gateways_.end() ? nullptr : found->second;
}

std::string Associations::id_of(const ElasticIp& address) const {
  const model::NatGateway* gateway = gateway_of(address);
  return gateway == nullptr ? address.association_id : association_id(*gateway, address.id);
}

std::string association_id(const model::NatGateway& gateway, const model::AllocationId& allocation) {
  return "eipassoc-" + base::to_hex(wire::sha256(gateway.id.str() + " " + allocation.str())).substr(0, kIdDigits);
}

ElasticIp disassociated(ElasticIp address) {
  address.network_interface.reset();
  address.private_ip.reset();
  address.association_id.clear();
  return address;
}

Ec2Result<const ElasticIp*> elastic_ip_at(const Context& context) {
  const auto public_ip = context.params.text("PublicIp");
  if (!public_ip) {
    return object_at<ElasticIp>(context, context.params, "AllocationId", "InvalidAllocationID.NotFound",
                                "allocation ID");
  }
  if (context.params.has("AllocationId")) {
    return fault("InvalidParameterCombination", "Give one of AllocationId and PublicIp");
  }
  const auto address = IpAddress::parse(*public_ip);
  const ElasticIp* found = address ? find_public(context.world, *address) : nullptr;
  if (found == nullptr)
    return fault("InvalidAddress.NotFound", "Address '" + wire::shortened(*public_ip) + "' not found");
  return found;
}

std::span<const Entry> elastic_ip_operations() { return kElasticIpOperations; }

}  // namespace sallyport::api::ec2
