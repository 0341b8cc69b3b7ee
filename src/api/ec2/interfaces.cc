#include "api/ec2/interfaces.h"

#include <algorithm>
#include <array>
#include <utility>

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
using model::NetworkInterface;
using model::SecurityGroupId;
using model::Subnet;

constexpr std::size_t kMacDigits = 10;
constexpr std::size_t kIdDigits = 17;
constexpr std::size_t kDescriptionCharacters = 255;

// The addresses a new interface is to have.
struct AddressRequest {
  std::optional<IpAddress> primary;  // chosen where there is none
  std::vector<IpAddress> others;
  std::size_t more = 0;  // chosen too
  std::vector<IpAddress> v6;
};

// "02:…": locally administered, as EC2's are.
std::string new_mac_address(base::Entropy& entropy) {
  const std::string digits = base::random_hex(entropy, kMacDigits);
  std::string mac = "02";
  for (std::size_t i = 0; i < digits.size(); i += 2)
    mac += ":" + digits.substr(i, 2);
  return mac;
}

// A client token names the interface it makes, so that a repeated request finds it.
std::string id_for(const Context& context, const std::string& token) {
  if (token.empty()) return control::new_resource_id("eni-", context.entropy);
  return "eni-" + base::to_hex(wire::sha256("CreateNetworkInterface " + token)).substr(0, kIdDigits);
}

// What a request with a client token asks for, whatever becomes of the interface later; each text after its length, so
// that no two requests read alike.
std::string digest_of(const Subnet& subnet, std::vector<SecurityGroupId> groups, const AddressRequest& addresses,
                      const std::string& description, const model::Tags& tags) {
  std::string text;
  const auto add = [&](const std::string& piece) { text += std::to_string(piece.size()) + ":" + piece; };
  const auto add_all = [&](const std::vector<IpAddress>& list) {
    add(std::to_string(list.size()));
    for (const IpAddress& address : list)
      add(address.to_string());
  };
  add(subnet.id.str());
  add(description);
  add(addresses.primary ? addresses.primary->to_string() : "");
  add_all(addresses.others);
  add(std::to_string(addresses.more));
  add_all(addresses.v6);
  std::ranges::sort(groups);
  add(std::to_string(groups.size()));
  for (const SecurityGroupId& group : groups)
    add(group.str());
  for (const auto& [key, value] : tags) {
    add(key);
    add(value);
  }
  return base::to_hex(wire::sha256(text));
}

// The groups SecurityGroupId.N names, each of the VPC; the VPC's group "default" where none is named.
Ec2Result<std::vector<SecurityGroupId>> groups_asked(const Context& context, const model::VpcId& vpc) {
  std::vector<SecurityGroupId> groups;
  for (const std::string& id : context.params.list("SecurityGroupId")) {
    const auto* group = context.world.find_security_group(SecurityGroupId(id));
    if (group == nullptr) {
      return fault("InvalidGroup.NotFound", "The security group '" + wire::shortened(id) + "' does not exist");
    }
    if (group->vpc != vpc) {
      return fault("InvalidParameter", "Security group " + id + " is of " + group->vpc.str() + " and the subnet of " +
                                           vpc.str() + ": they belong to different networks");
    }
    if (std::ranges::find(groups, group->id) == groups.end()) groups.push_back(group->id);
  }
  if (groups.size() > base::limits::kGroupsPerInterface) {
    return fault("SecurityGroupsPerInterfaceLimitExceeded",
                 "An interface may have " + std::to_string(base::limits::kGroupsPerInterface) +
                     " security groups; the request names " + std::to_string(groups.size()));
  }
  if (!groups.empty()) return groups;
  for (const auto& [id, group] : context.world.security_groups) {
    if (group->vpc == vpc && group->name == "default") return std::vector{id};
  }
  return fault("MissingParameter", vpc.str() + " has no group default; the request must contain SecurityGroupId");
}

Ec2Status add_named(AddressRequest& request, const Subnet& subnet, const std::string& parameter,
                    const std::string& text, bool is_primary) {
  const auto address = address_in(subnet, parameter, text);
  if (!address) return fault(address.error());
  if (!is_primary) {
    request.others.push_back(*address);
  } else if (std::exchange(request.primary, *address)) {
    return invalid_value(parameter, text, "An interface has one primary address; several are given.");
  }
  return {};
}

// Ipv6Addresses.N: of the VPC's IPv6 blocks.
Ec2Result<std::vector<IpAddress>> ipv6_addresses(const Params& params, const model::Vpc& vpc) {
  std::vector<IpAddress> addresses;
  for (const Params& each : params.structs("Ipv6Addresses")) {
    const auto text = each.required("Ipv6Address");
    if (!text) return fault(text.error());
    const auto address = IpAddress::parse(*text);
    if (!address || address->is_v4() || !vpc.contains(*address)) {
      return invalid_value(each.full_name("Ipv6Address"), wire::shortened(*text),
                           "Give an address of an IPv6 block of " + vpc.id.str() + ".");
    }
    addresses.push_back(*address);
  }
  return addresses;
}

Ec2Result<AddressRequest> addresses_asked(const Context& context, const Subnet& subnet) {
  const Params& params = context.params;
  AddressRequest request;
  if (const auto text = params.text("PrivateIpAddress")) {
    if (auto added = add_named(request, subnet, "PrivateIpAddress", *text, true); !added) return fault(added.error());
  }
  for (const Params& each : params.structs("PrivateIpAddresses")) {
    const auto text = each.required("PrivateIpAddress");
    if (!text) return fault(text.error());
    const auto is_primary = each.boolean("Primary");
    if (!is_primary) return fault(is_primary.error());
    if (auto added = add_named(request, subnet, each.full_name("PrivateIpAddress"), *text, is_primary->value_or(false));
        !added) {
      return fault(added.error());
    }
  }
  const auto more =
      params.number("SecondaryPrivateIpAddressCount", 1, std::int64_t{base::limits::kAddressesPerInterface} - 1);
  if (!more) return fault(more.error());
  request.more = static_cast<std::size_t>(more->value_or(0));
  auto v6 = ipv6_addresses(params, *context.world.find_vpc(subnet.vpc));
  if (!v6) return fault(v6.error());
  request.v6 = *std::move(v6);
  return request;
}

// Those named, if nobody has them, and chosen ones: the primary first, IPv6 last.
Ec2Result<std::vector<IpAddress>> addresses_for(const Context& context, const Subnet& subnet,
                                                const AddressRequest& request, const std::string& interface) {
  AddressBook book(context.world);
  std::vector<IpAddress> named = request.others;
  if (request.primary) named.insert(named.begin(), *request.primary);
  named.insert(named.end(), request.v6.begin(), request.v6.end());
  for (const IpAddress& address : named) {
    if (auto free = take_named(book, subnet.vpc, address, interface); !free) return fault(free.error());
  }
  auto chosen = take_free(book, subnet, request.more + (request.primary ? 0 : 1), interface);
  if (!chosen) return fault(chosen.error());
  std::vector<IpAddress> all = *std::move(chosen);
  if (request.primary) all.insert(all.begin(), *request.primary);
  all.insert(all.begin() + 1, request.others.begin(), request.others.end());
  all.insert(all.end(), request.v6.begin(), request.v6.end());
  if (auto room = check_address_count(all.size()); !room) return fault(room.error());
  return all;
}

Outcome answer_of(const Context& context, const NetworkInterface& interface, const std::string& token) {
  Outcome outcome;
  outcome.answer.group("networkInterface",
                       [&](Xml& xml) { render_interface(xml, interface, context, Associations(context.world)); });
  if (!token.empty()) outcome.answer.text("clientToken", token);
  return outcome;
}

Ec2Result<Outcome> create_interface(const Context& context) {
  const auto subnet = subnet_at(context, context.params, "SubnetId");
  if (!subnet) return fault(subnet.error());
  if (const std::string type = context.params.text_or("InterfaceType", "interface"); type != "interface") {
    return invalid_value("InterfaceType", wire::shortened(type), "Leave it out.");
  }
  const auto description = context.params.text_within("Description", kDescriptionCharacters);
  if (!description) return fault(description.error());
  const auto groups = groups_asked(context, (*subnet)->vpc);
  if (!groups) return fault(groups.error());
  const auto request = addresses_asked(context, **subnet);
  if (!request) return fault(request.error());
  const auto tags = tags_at_creation(context.params, "network-interface");
  if (!tags) return fault(tags.error());

  const std::string token = context.params.text_or("ClientToken", "");
  const std::string digest =
      token.empty() ? "" : digest_of(**subnet, *groups, *request, description->value_or(""), *tags);
  NetworkInterface interface;
  interface.id = model::NetworkInterfaceId(id_for(context, token));
  if (const auto* before = context.world.find<NetworkInterface>(interface.id)) {
    if (before->request_digest == digest) return answer_of(context, *before, token);
    return fault("IdempotentParameterMismatch",
                 "ClientToken was used for " + before->id.str() + " with other parameters; use a new one");
  }
  if (auto room = check_room(context.world.all<NetworkInterface>().size(), base::limits::kNetworkObjectsPerKind,
                             "NetworkInterfaceLimitExceeded", "network interfaces");
      !room) {
    return fault(room.error());
  }
  auto addresses = addresses_for(context, **subnet, *request, interface.id.str());
  if (!addresses) return fault(addresses.error());
  interface.subnet = (*subnet)->id;
  interface.vpc = (*subnet)->vpc;
  interface.addresses = *std::move(addresses);
  interface.groups = *groups;
  interface.mac_address = new_mac_address(context.entropy);
  interface.description = description->value_or("");
  interface.created_at = context.now;
  interface.request_digest = digest;
  interface.tags = *tags;
  Outcome outcome = answer_of(context, interface, token);
  outcome.puts.emplace_back(std::move(interface));
  return outcome;
}

// An Elastic IP of the interface stays allocated, associated with nothing.
Ec2Result<Outcome> delete_interface(const Context& context) {
  const auto interface = interface_at(context, context.params);
  if (!interface) return fault(interface.error());
  const Associations associations(context.world);
  Outcome outcome = done();
  for (const IpAddress& address : (*interface)->addresses) {
    if (const auto* associated = associations.on(**interface, address)) {
      outcome.puts.emplace_back(disassociated(*associated));
    }
  }
  outcome.erases.emplace_back((*interface)->id);
  return outcome;
}

Ec2Result<Outcome> modify_interface(const Context& context) {
  const auto interface = interface_at(context, context.params);
  if (!interface) return fault(interface.error());
  NetworkInterface changed = **interface;
  const Params& params = context.params;
  const auto check = params.under("SourceDestCheck").boolean("Value");  // of no meaning to access
  if (!check) return fault(check.error());
  const auto description = params.under("Description").text_within("Value", kDescriptionCharacters);
  if (!description) return fault(description.error());
  const bool described = params.has("Description");
  const bool grouped = params.has("SecurityGroupId");
  if (int{check->has_value()} + int{described} + int{grouped} != 1) {
    return fault("InvalidParameterCombination",
                 "Give exactly one of SecurityGroupId, Description and SourceDestCheck to modify");
  }
  if (described) changed.description = description->value_or("");
  if (grouped) {
    auto groups = groups_asked(context, changed.vpc);
    if (!groups) return fault(groups.error());
    changed.groups = *std::move(groups);
  }
  Outcome outcome = done();
  if (changed != **interface) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

constexpr auto kInterfaceOperations = std::to_array<Entry>({
    {"CreateNetworkInterface", create_interface, true},
    {"DeleteNetworkInterface", delete_interface, true},
    {"ModifyNetworkInterfaceAttribute", modify_interface, true},
});

}  // namespace

std::span<const Entry> interface_operations() { return kInterfaceOperations; }

}  // namespace sallyport::api::ec2
