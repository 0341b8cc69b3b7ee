#include <algorithm>
#include <array>
#include <utility>

#include "api/ec2/interfaces.h"
#include "api/ec2/resources.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using base::IpAddress;
using model::NetworkInterface;

std::string id_of(const NetworkInterface& interface) { return interface.id.str(); }

// The interface whose secondary address it is, in the same subnet, or null.
const NetworkInterface* movable_from(const model::Snapshot& world, const NetworkInterface& to,
                                     const IpAddress& address) {
  for (const auto& [id, interface] : world.all<NetworkInterface>()) {
    if (interface->subnet != to.subnet || id == to.id) continue;
    const auto at = std::ranges::find(interface->addresses, address);
    if (at != interface->addresses.begin() && at != interface->addresses.end()) return interface.get();
  }
  return nullptr;
}

// After the IPv4 addresses, before IPv6.
void add_address(NetworkInterface& interface, const IpAddress& address) {
  const auto first_v6 =
      std::ranges::find_if(interface.addresses, [](const IpAddress& other) { return !other.is_v4(); });
  interface.addresses.insert(first_v6, address);
}

// Takes the address off `from`, which may have changed already in `outcome`, with the Elastic IP on it.
void take_off(const Context& context, const NetworkInterface& from, const IpAddress& address, Outcome& outcome) {
  if (const auto* associated = Associations(context.world).on(from, address)) {
    outcome.puts.emplace_back(disassociated(*associated));
  }
  for (store::Entity& put : outcome.puts) {
    auto* changed = std::get_if<NetworkInterface>(&put);
    if (changed == nullptr || changed->id != from.id) continue;
    std::erase(changed->addresses, address);
    return;
  }
  NetworkInterface changed = from;
  std::erase(changed.addresses, address);
  outcome.puts.emplace_back(std::move(changed));
}

Ec2Result<Outcome> assign_addresses(const Context& context) {
  const auto interface = interface_at(context, context.params);
  if (!interface) return fault(interface.error());
  const auto count = context.params.number("SecondaryPrivateIpAddressCount", 1,
                                           std::int64_t{base::limits::kAddressesPerInterface} - 1);
  if (!count) return fault(count.error());
  const auto reassign = context.params.boolean("AllowReassignment");
  if (!reassign) return fault(reassign.error());
  const std::vector<std::string> named = context.params.list("PrivateIpAddress");
  if (named.empty() != count->has_value()) {
    return fault("InvalidParameterCombination",
                 "Give exactly one of PrivateIpAddress and SecondaryPrivateIpAddressCount");
  }

  const model::Subnet& subnet = *context.world.find_subnet((*interface)->subnet);
  AddressBook book(context.world);
  NetworkInterface changed = **interface;
  Outcome outcome;
  std::vector<IpAddress> assigned;
  for (const std::string& text : named) {
    const auto address = address_in(subnet, "PrivateIpAddress", text);
    if (!address) return fault(address.error());
    const auto* from = reassign->value_or(false) ? movable_from(context.world, **interface, *address) : nullptr;
    if (std::ranges::find(assigned, *address) != assigned.end()) continue;
    if (from != nullptr) {
      take_off(context, *from, *address, outcome);
    } else if (auto free = take_named(book, subnet.vpc, *address, id_of(changed)); !free) {
      return fault(free.error());
    }
    assigned.push_back(*address);
  }
  const auto chosen = take_free(book, subnet, static_cast<std::size_t>(count->value_or(0)), id_of(changed));
  if (!chosen) return fault(chosen.error());
  assigned.insert(assigned.end(), chosen->begin(), chosen->end());
  for (const IpAddress& address : assigned)
    add_address(changed, address);
  if (auto room = check_address_count(changed.addresses.size()); !room) return fault(room.error());

  outcome.answer.id("networkInterfaceId", changed.id);
  outcome.answer.set("assignedPrivateIpAddressesSet", assigned,
                     [](Xml& item, const IpAddress& address) { item.text("privateIpAddress", address.to_string()); });
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Ec2Result<Outcome> unassign_addresses(const Context& context) {
  const auto interface = interface_at(context, context.params);
  if (!interface) return fault(interface.error());
  const std::vector<std::string> named = context.params.list("PrivateIpAddress");
  if (named.empty()) return fault("MissingParameter", "The request must contain the parameter PrivateIpAddress");
  Outcome outcome = done();
  for (const std::string& text : named) {
    const auto address = IpAddress::parse(text);
    const auto& all = (*interface)->addresses;
    const auto at = address ? std::ranges::find(all, *address) : all.end();
    if (at == all.end() || at == all.begin() || !address->is_v4()) {
      return invalid_value("PrivateIpAddress", wire::shortened(text),
                           "It is not a secondary private address of " + id_of(**interface) + ".");
    }
    take_off(context, **interface, *address, outcome);
  }
  return outcome;
}

constexpr auto kInterfaceAddressOperations = std::to_array<Entry>({
    {"AssignPrivateIpAddresses", assign_addresses, true},
    {"UnassignPrivateIpAddresses", unassign_addresses, true},
});

}  // namespace

Ec2Result<const NetworkInterface*> interface_at(const Context& context, const Params& params) {
  return object_at<NetworkInterface>(context, params, "NetworkInterfaceId", "InvalidNetworkInterfaceID.NotFound",
                                     "networkInterface ID");
}

Ec2Result<IpAddress> address_in(const model::Subnet& subnet, const std::string& parameter, const std::string& text) {
  const auto address = IpAddress::parse(text);
  if (!address || !subnet.cidr_block.contains(*address)) {
    return invalid_value(
        parameter, wire::shortened(text),
        "The address does not lie in " + subnet.cidr_block.to_string() + " of " + subnet.id.str() + ".");
  }
  if (is_reserved(subnet, *address)) {
    return invalid_value(parameter, text,
                         "The address is in the subnet's reserved range: the first four and the last of " +
                             subnet.cidr_block.to_string() + " are.");
  }
  return *address;
}

Ec2Status take_named(AddressBook& book, const model::VpcId& vpc, const IpAddress& address, const std::string& user) {
  if (const std::string* other = book.user_of(vpc, address)) {
    return fault("InvalidIPAddress.InUse", "Address " + address.to_string() + " is in use by " + *other);
  }
  book.take(vpc, address, user);
  return {};
}

Ec2Result<std::vector<IpAddress>> take_free(AddressBook& book, const model::Subnet& subnet, std::size_t count,
                                            const std::string& user) {
  std::vector<IpAddress> taken;
  while (taken.size() < count) {
    const auto free = book.take_free(subnet, user);
    if (!free) {
      return fault("InsufficientFreeAddressesInSubnet",
                   "The specified subnet does not have enough free addresses: " + subnet.id.str() + " has " +
                       std::to_string(taken.size()) + ", " + std::to_string(count) + " are needed");
    }
    taken.push_back(*free);
  }
  return taken;
}

Ec2Status check_address_count(std::size_t count) {
  if (count <= base::limits::kAddressesPerInterface) return {};
  return fault("PrivateIpAddressLimitExceeded", "An interface may have " +
                                                    std::to_string(base::limits::kAddressesPerInterface) +
                                                    " addresses; it would have " + std::to_string(count));
}

std::span<const Entry> interface_address_operations() { return kInterfaceAddressOperations; }

}  // namespace sallyport::api::ec2
