#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/ec2/operation.h"
#include "model/network.h"
#include "model/network_objects.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

// The resource a required parameter names; MissingParameter, or the kind's own NotFound code.
Ec2Result<const model::Vpc*> vpc_at(const Context& context, const Params& params, std::string_view name);
Ec2Result<const model::Subnet*> subnet_at(const Context& context, const Params& params, std::string_view name);
Ec2Result<const model::SecurityGroup*> group_at(const Context& context, const Params& params, std::string_view name);

// The same for the kinds of NetworkObjects: `not_found` is the code, `noun` such as "dhcpOption ID".
template <class T>
Ec2Result<const T*> object_at(const Context& context, const Params& params, std::string_view name,
                              std::string_view not_found, std::string_view noun) {
  const auto id = params.required(name);
  if (!id) return fault(id.error());
  if (const T* found = context.world.find<T>(model::IdOf<T>(*id))) return found;
  return fault(std::string(not_found), "The " + std::string(noun) + " '" + wire::shortened(*id) + "' does not exist");
}

// LimitExceeded `code` when `count` things of a kind leave no room for one more.
Ec2Status check_room(std::size_t count, std::size_t limit, const std::string& code, const std::string& things);

// The refusal of a deletion while others use the thing, naming the first few of them.
tl::unexpected<Fault> dependency_violation(const std::string& noun, const std::string& id,
                                           const std::vector<std::string>& users);

// Clusters that use it, as "cluster my-cluster".
std::vector<std::string> clusters_using(const model::Snapshot& world, const model::VpcId& vpc);
std::vector<std::string> clusters_using(const model::Snapshot& world, const model::SubnetId& subnet);
std::vector<std::string> clusters_using(const model::Snapshot& world, const model::SecurityGroupId& group);

}  // namespace sallyport::api::ec2
