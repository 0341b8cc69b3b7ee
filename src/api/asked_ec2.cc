#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "api/asked.h"
#include "api/query_form.h"

namespace sallyport::api {

namespace {

// Resource types by the prefix of an id, and by the noun of an operation that makes one.
struct Type {
  std::string_view prefix;
  std::string_view noun;
  std::string_view type;
};

constexpr auto kTypes = std::to_array<Type>({
    {"vpc-", "Vpc", "vpc"},
    {"subnet-", "Subnet", "subnet"},
    {"sg-", "SecurityGroup", "security-group"},
    {"sgr-", "", "security-group-rule"},
    {"dopt-", "DhcpOptions", "dhcp-options"},
    {"pl-", "ManagedPrefixList", "prefix-list"},
    {"eni-", "NetworkInterface", "network-interface"},
    {"eipalloc-", "Address", "elastic-ip"},
    {"nat-", "NatGateway", "natgateway"},
    {"pcx-", "VpcPeeringConnection", "vpc-peering-connection"},
    {"tgw-attach-", "TransitGatewayVpcAttachment", "transit-gateway-attachment"},
    {"tgw-rtb-", "", "transit-gateway-route-table"},
    {"tgw-", "TransitGateway", "transit-gateway"},
    {"cgw-", "CustomerGateway", "customer-gateway"},
    {"vgw-", "VpnGateway", "vpn-gateway"},
    {"vpn-", "VpnConnection", "vpn-connection"},
});

std::string arn(const Surroundings& around, std::string_view type, std::string_view id) {
  return "arn:aws:ec2:" + around.region.str() + ":" + around.account.str() + ":" + std::string(type) + "/" +
         std::string(id);
}

bool is_id(std::string_view text, std::string_view prefix) {
  const std::string_view rest = text.substr(prefix.size());
  return !rest.empty() &&
         std::ranges::all_of(rest, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

const Type* type_of_id(std::string_view text) {
  for (const Type& type : kTypes) {
    if (text.starts_with(type.prefix) && is_id(text, type.prefix)) return &type;
  }
  return nullptr;
}

// "CreateSubnet" makes a subnet, "AllocateAddress" an address.
const Type* type_made(std::string_view operation) {
  for (const std::string_view verb : {std::string_view("Create"), std::string_view("Allocate")}) {
    if (!operation.starts_with(verb)) continue;
    const std::string_view noun = operation.substr(verb.size());
    const auto* found = std::ranges::find(kTypes, noun, &Type::noun);
    if (found != kTypes.end() && !noun.empty()) return found;
  }
  return nullptr;
}

bool only_looks(std::string_view operation) {
  return operation.starts_with("Describe") || operation.starts_with("Get") || operation.starts_with("Search");
}

// Whether a parameter takes an id: "GroupId", "SubnetId.2", "IpPermissions.1.UserIdGroupPairs.1.GroupId". A description
// that looks like one names nothing.
bool takes_id(std::string_view parameter) {
  while (!parameter.empty() && ((parameter.back() >= '0' && parameter.back() <= '9') || parameter.back() == '.'))
    parameter.remove_suffix(1);
  return parameter.ends_with("Id") || parameter.ends_with("Ids");
}

// Parameters that name what a request is about otherwise than by its id.
constexpr auto kNames = std::to_array<std::string_view>({"GroupName", "PublicIp", "AssociationId"});
// Where they are words of the request's own.
constexpr auto kOwnNames = std::to_array<std::string_view>({"CreateSecurityGroup", "CreateCustomerGateway"});

bool names_thing(std::string_view operation, std::string_view parameter) {
  return std::ranges::find(kNames, parameter) != kNames.end() &&
         std::ranges::find(kOwnNames, operation) == kOwnNames.end();
}

// Tags given at creation, and those of CreateTags and DeleteTags.
model::Tags tags_of(const wire::Pairs& form) {
  std::map<std::string, std::pair<std::string, std::string>> by_place;
  for (const auto& [name, value] : form) {
    if (!name.starts_with("Tag.") && !name.starts_with("TagSpecification.")) continue;
    if (name.ends_with(".Key")) by_place[name.substr(0, name.size() - 4)].first = value;
    if (name.ends_with(".Value")) by_place[name.substr(0, name.size() - 6)].second = value;
  }
  model::Tags tags;
  for (const auto& [place, tag] : by_place)
    tags[tag.first] = tag.second;
  return tags;
}

}  // namespace

void ask_ec2(Asked& asked, std::string_view operation, const HttpRequest& request, const Surroundings& around) {
  const auto form = query_form(request);
  if (!form) return;
  asked.context.set("ec2:Region", around.region.str());
  add_request_tags(asked.context, tags_of(*form));
  if (only_looks(operation)) return;  // no resource-level permissions, as on AWS

  std::vector<AskedResource> resources;
  std::set<std::string> known;
  const auto about = [&](const std::string& id) {
    const Type* type = type_of_id(id);
    if (type == nullptr || !known.insert(id).second) return;
    const auto tags = around.network_tags ? around.network_tags(id) : std::nullopt;
    resources.push_back({.arn = arn(around, type->type, id), .tags = tags.value_or(model::Tags())});
  };
  for (const auto& [name, value] : *form) {
    if (takes_id(name)) about(value);
    if (!names_thing(operation, name)) continue;
    if (const auto id = around.network_id ? around.network_id(name, value) : std::nullopt) about(*id);
  }
  if (const Type* made = type_made(operation)) resources.push_back({.arn = arn(around, made->type, "*")});
  if (!resources.empty()) asked.resources = std::move(resources);
}

}  // namespace sallyport::api
