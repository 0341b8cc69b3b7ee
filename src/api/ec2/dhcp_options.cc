#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "base/ip_address.h"
#include "base/limits.h"
#include "control/network.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::DhcpOptions;

constexpr std::size_t kServers = 4;
constexpr std::size_t kDomainNameCharacters = 253;      // of all the names together: some clients take several
constexpr std::uint64_t kShortestLease = 140;           // seconds
constexpr std::uint64_t kLongestLease = 2'147'483'647;  // about 68 years
constexpr auto kAddressOptions =
    std::to_array<std::string_view>({"domain-name-servers", "ntp-servers", "netbios-name-servers"});
constexpr auto kNodeTypes = std::to_array<std::string_view>({"1", "2", "4", "8"});
constexpr const char* kNotFound = "InvalidDhcpOptionID.NotFound";
constexpr const char* kNoun = "dhcpOption ID";

void render_options(Xml& xml, const DhcpOptions& options, const model::AccountId& owner) {
  xml.id("dhcpOptionsId", options.id).id("ownerId", owner);
  xml.set("dhcpConfigurationSet", options.configurations, [](Xml& item, const auto& configuration) {
    item.text("key", configuration.first);
    item.set("valueSet", configuration.second, [](Xml& value, const std::string& text) { value.text("value", text); });
  });
  xml.tags(options.tags);
}

bool contains(const auto& words, std::string_view word) {
  return std::ranges::find(words, word) != std::ranges::end(words);
}

Ec2Status check_servers(const std::string& key, const std::vector<std::string>& values) {
  if (values.size() > kServers) {
    return invalid_value("DhcpConfiguration", key, "At most " + std::to_string(kServers) + " values are allowed.");
  }
  for (const std::string& value : values) {
    if (key == "domain-name-servers" && value == model::kAmazonProvidedDns) continue;
    if (base::IpAddress::parse(value)) continue;
    return invalid_value(
        "DhcpConfiguration", value,
        "A value of " + key + " is an IP address" + (key == "domain-name-servers" ? " or AmazonProvidedDNS." : "."));
  }
  return {};
}

Ec2Status check_domain_name(const std::string& value) {
  if (*wire::utf8_length(value) <= kDomainNameCharacters) return {};
  return invalid_value("DhcpConfiguration", value,
                       "domain-name has at most " + std::to_string(kDomainNameCharacters) + " characters.");
}

Ec2Status check_lease_time(const std::string& value) {
  std::uint64_t seconds = 0;
  const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (code == std::errc{} && end == value.data() + value.size() && seconds >= kShortestLease &&
      seconds <= kLongestLease) {
    return {};
  }
  return invalid_value("DhcpConfiguration", value,
                       "ipv6-address-preferred-lease-time is a whole number of seconds from " +
                           std::to_string(kShortestLease) + " to " + std::to_string(kLongestLease) + ".");
}

// Keys and values as DHCP knows them (RFC 2132); EC2's list of supported options.
Ec2Status check_configuration(const std::string& key, const std::vector<std::string>& values) {
  if (values.empty()) return invalid_value("DhcpConfiguration", key, "Give at least one value.");
  if (contains(kAddressOptions, key)) return check_servers(key, values);
  if (key == "netbios-node-type") {
    if (values.size() == 1 && contains(kNodeTypes, values.front())) return {};
    return invalid_value("DhcpConfiguration", values.front(), "netbios-node-type is 1, 2, 4 or 8.");
  }
  if (key == "domain-name" && values.size() == 1) return check_domain_name(values.front());
  if (key == "ipv6-address-preferred-lease-time" && values.size() == 1) return check_lease_time(values.front());
  return invalid_value("DhcpConfiguration", key,
                       "The options are domain-name, domain-name-servers, ntp-servers, netbios-name-servers, "
                       "netbios-node-type and ipv6-address-preferred-lease-time.");
}

// "a, b" in one value means two: the AWS CLI and the console both accept it so.
std::vector<std::string> split(const std::vector<std::string>& values) {
  std::vector<std::string> pieces;
  for (const std::string& value : values) {
    std::string piece;
    for (const char c : value + ",") {
      if (c != ',') {
        if (c != ' ') piece += c;
        continue;
      }
      if (!piece.empty()) pieces.push_back(std::exchange(piece, {}));
    }
  }
  return pieces;
}

Ec2Result<Outcome> create_dhcp_options(const Context& context) {
  DhcpOptions options;
  for (const Params& each : context.params.structs("DhcpConfiguration")) {
    const auto key = each.required("Key");
    if (!key) return fault(key.error());
    std::vector<std::string> values = *key == "domain-name" ? each.list("Value") : split(each.list("Value"));
    if (auto checked = check_configuration(*key, values); !checked) return fault(checked.error());
    if (!options.configurations.emplace(*key, std::move(values)).second) {
      return invalid_value("DhcpConfiguration", *key, "It is given more than once.");
    }
  }
  if (options.configurations.empty()) {
    return fault("MissingParameter", "The request must contain the parameter DhcpConfiguration");
  }
  const auto tags = tags_at_creation(context.params, "dhcp-options");
  if (!tags) return fault(tags.error());
  if (auto room = check_room(context.world.all<DhcpOptions>().size(), base::limits::kNetworkObjectsPerKind,
                             "DhcpOptionsLimitExceeded", "sets of DHCP options");
      !room) {
    return fault(room.error());
  }
  options.id = model::DhcpOptionsId(control::new_resource_id("dopt-", context.entropy));
  options.user_made = true;
  options.tags = *tags;
  Outcome outcome;
  outcome.answer.group("dhcpOptions", [&](Xml& xml) { render_options(xml, options, context.account); });
  outcome.puts.emplace_back(std::move(options));
  return outcome;
}

Ec2Result<Outcome> delete_dhcp_options(const Context& context) {
  const auto options = object_at<DhcpOptions>(context, context.params, "DhcpOptionsId", kNotFound, kNoun);
  if (!options) return fault(options.error());
  std::vector<std::string> users;
  for (const auto& [id, vpc] : context.world.vpcs) {
    if (vpc->dhcp_options == (*options)->id) users.push_back(id.str());
  }
  std::ranges::sort(users);
  if (!users.empty()) return dependency_violation("dhcpOptions", (*options)->id.str(), users);
  Outcome outcome = done();
  outcome.erases.emplace_back((*options)->id);
  return outcome;
}

Ec2Result<Outcome> describe_dhcp_options(const Context& context) {
  return describe<DhcpOptions>(
      context, {"DescribeDhcpOptions", "DhcpOptionsId", kNotFound, kNoun, "dhcpOptionsSet"},
      context.world.all<DhcpOptions>(), {"dhcp-options-id", "key", "owner-id", "value"},
      [&](const DhcpOptions& options) {
        Facts facts{{"dhcp-options-id", options.id.str()}, {"owner-id", context.account.str()}};
        for (const auto& [key, values] : options.configurations) {
          facts.emplace("key", key);
          for (const std::string& value : values)
            facts.emplace("value", value);
        }
        add_tags(facts, options.tags);
        return facts;
      },
      [&](Xml& xml, const DhcpOptions& options) { render_options(xml, options, context.account); });
}

Ec2Result<Outcome> associate_dhcp_options(const Context& context) {
  const auto vpc = vpc_at(context, context.params, "VpcId");
  if (!vpc) return fault(vpc.error());
  const auto id = context.params.required("DhcpOptionsId");
  if (!id) return fault(id.error());
  const model::DhcpOptionsId wanted(*id);
  if (wanted.str() != model::kNoDhcpOptions && context.world.find<DhcpOptions>(wanted) == nullptr) {
    return fault(kNotFound, "The " + std::string(kNoun) + " '" + wire::shortened(*id) + "' does not exist");
  }
  Outcome outcome = done();
  if ((*vpc)->dhcp_options == wanted) return outcome;
  model::Vpc changed = **vpc;
  changed.dhcp_options = wanted;
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

constexpr auto kDhcpOptionsOperations = std::to_array<Entry>({
    {"CreateDhcpOptions", create_dhcp_options, true},
    {"DeleteDhcpOptions", delete_dhcp_options, true},
    {"DescribeDhcpOptions", describe_dhcp_options},
    {"AssociateDhcpOptions", associate_dhcp_options, true},
});

}  // namespace

std::span<const Entry> dhcp_options_operations() { return kDhcpOptionsOperations; }

}  // namespace sallyport::api::ec2
