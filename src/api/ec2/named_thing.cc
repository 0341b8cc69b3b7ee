#include "api/ec2/named_thing.h"

#include "api/ec2/elastic_ips.h"
#include "api/ec2/security_group_rules.h"
#include "api/ec2/vpc_blocks.h"
#include "base/ip_address.h"

namespace sallyport::api::ec2 {

namespace {

std::optional<std::string> group_of(const model::Snapshot& world, const std::string& name) {
  const model::Vpc* vpc = default_vpc_of(world);
  const auto* group = vpc == nullptr ? nullptr : group_named(world, vpc->id, name);
  if (group == nullptr) return std::nullopt;
  return group->id.str();
}

std::optional<std::string> address_of(const model::Snapshot& world, const std::string& text) {
  const auto address = base::IpAddress::parse(text);
  for (const auto& [id, elastic] : world.all<model::ElasticIp>()) {
    if (address && elastic->public_ip == *address) return id.str();
  }
  return std::nullopt;
}

std::optional<std::string> associated_by(const model::Snapshot& world, const std::string& association) {
  const Associations associations(world);
  for (const auto& [id, elastic] : world.all<model::ElasticIp>()) {
    if (associations.id_of(*elastic) == association) return id.str();
  }
  for (const auto& [id, vpc] : world.vpcs) {
    for (const model::Cidr& block : vpc->cidr_blocks) {
      if (block_association_id(id, block) == association) return id.str();
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> id_of_named(const model::Snapshot& world, std::string_view parameter,
                                       const std::string& value) {
  if (value.empty()) return std::nullopt;
  if (parameter == "GroupName") return group_of(world, value);
  if (parameter == "PublicIp") return address_of(world, value);
  if (parameter == "AssociationId") return associated_by(world, value);
  return std::nullopt;
}

}  // namespace sallyport::api::ec2
