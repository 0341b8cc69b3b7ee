#include "api/ec2/resources.h"

#include <algorithm>

#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

constexpr std::size_t kUsersNamed = 5;

template <class Uses>
std::vector<std::string> clusters_where(const model::Snapshot& world, Uses uses) {
  std::vector<std::string> names;
  for (const auto& [name, cluster] : world.clusters) {
    if (uses(cluster->vpc_config)) names.push_back("cluster " + name.str());
  }
  std::ranges::sort(names);
  return names;
}

template <class T>
Ec2Result<const T*> found_or(const T* found, const std::string& code, const std::string& noun, const std::string& id) {
  if (found != nullptr) return found;
  return fault(code, "The " + noun + " '" + wire::shortened(id) + "' does not exist");
}

}  // namespace

Ec2Result<const model::Vpc*> vpc_at(const Context& context, const Params& params, std::string_view name) {
  const auto id = params.required(name);
  if (!id) return fault(id.error());
  return found_or(context.world.find_vpc(model::VpcId(*id)), "InvalidVpcID.NotFound", "vpc ID", *id);
}

Ec2Result<const model::Subnet*> subnet_at(const Context& context, const Params& params, std::string_view name) {
  const auto id = params.required(name);
  if (!id) return fault(id.error());
  return found_or(context.world.find_subnet(model::SubnetId(*id)), "InvalidSubnetID.NotFound", "subnet ID", *id);
}

Ec2Result<const model::SecurityGroup*> group_at(const Context& context, const Params& params, std::string_view name) {
  const auto id = params.required(name);
  if (!id) return fault(id.error());
  return found_or(context.world.find_security_group(model::SecurityGroupId(*id)), "InvalidGroup.NotFound",
                  "security group", *id);
}

Ec2Status check_room(std::size_t count, std::size_t limit, const std::string& code, const std::string& things) {
  if (count < limit) return {};
  return fault(code, "There are " + std::to_string(count) + " " + things + ", the limit is " + std::to_string(limit) +
                         "; delete one first");
}

tl::unexpected<Fault> dependency_violation(const std::string& noun, const std::string& id,
                                           const std::vector<std::string>& users) {
  std::string names;
  for (std::size_t i = 0; i < std::min(users.size(), kUsersNamed); ++i)
    names += (i == 0 ? "" : ", ") + users[i];
  if (users.size() > kUsersNamed) names += " and " + std::to_string(users.size() - kUsersNamed) + " more";
  return fault("DependencyViolation",
               "The " + noun + " '" + id + "' has dependencies and cannot be deleted. Used by: " + names);
}

std::vector<std::string> clusters_using(const model::Snapshot& world, const model::VpcId& vpc) {
  return clusters_where(world, [&](const model::VpcConfig& config) { return config.vpc == vpc; });
}

std::vector<std::string> clusters_using(const model::Snapshot& world, const model::SubnetId& subnet) {
  return clusters_where(world, [&](const model::VpcConfig& config) {
    return std::ranges::find(config.subnets, subnet) != config.subnets.end();
  });
}

std::vector<std::string> clusters_using(const model::Snapshot& world, const model::SecurityGroupId& group) {
  return clusters_where(world, [&](const model::VpcConfig& config) {
    return config.cluster_security_group == group ||
           std::ranges::find(config.security_groups, group) != config.security_groups.end();
  });
}

}  // namespace sallyport::api::ec2
