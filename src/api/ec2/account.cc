#include <array>
#include <map>
#include <string>

#include "api/ec2/operation.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

std::string default_vpc_id(const model::Snapshot& world) {
  for (const auto& [id, vpc] : world.vpcs) {
    if (vpc->is_default) return id.str();
  }
  return "none";
}

Ec2Result<Outcome> describe_account_attributes(const Context& context) {
  const std::string addresses = std::to_string(base::limits::kNetworkObjectsPerKind);
  const std::map<std::string, std::string> known = {
      {"default-vpc", default_vpc_id(context.world)},
      {"max-elastic-ips", addresses},
      {"max-instances", "0"},
      {"supported-platforms", "VPC"},
      {"vpc-max-elastic-ips", addresses},
      {"vpc-max-security-groups-per-interface", std::to_string(base::limits::kGroupsPerInterface)}};
  std::map<std::string, std::string> shown;
  for (const std::string& name : context.params.list("AttributeName")) {
    const auto found = known.find(name);
    if (found == known.end()) {
      return invalid_value("AttributeName", wire::shortened(name),
                           "Give one of those the EC2 API Reference lists, such as default-vpc.");
    }
    shown.insert(*found);
  }
  if (shown.empty()) shown = known;
  Outcome outcome;
  outcome.answer.set("accountAttributeSet", shown, [](Xml& item, const auto& attribute) {
    item.text("attributeName", attribute.first);
    item.set("attributeValueSet", std::array{attribute.second},
             [](Xml& value, const std::string& text) { value.text("attributeValue", text); });
  });
  return outcome;
}

constexpr auto kAccountOperations = std::to_array<Entry>({{"DescribeAccountAttributes", describe_account_attributes}});

}  // namespace

std::span<const Entry> account_operations() { return kAccountOperations; }

}  // namespace sallyport::api::ec2
