#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "api/ec2/operation.h"
#include "model/network_objects.h"

// What the operations on gateways and connections of VPNs share.
namespace sallyport::api::ec2 {

// Type must be given and be "ipsec.1", the only one there is.
Ec2Status check_type(const Params& params);

Ec2Result<const model::CustomerGateway*> customer_gateway_at(const Context& context);
Ec2Result<const model::VpnGateway*> vpn_gateway_at(const Context& context);
Ec2Result<const model::VpnConnection*> vpn_connection_at(const Context& context);

// Ids, in order, of the connections that `wanted` holds for.
template <class Wanted>
std::vector<std::string> connections_where(const model::Snapshot& world, Wanted wanted) {
  std::vector<std::string> ids;
  for (const auto& [id, connection] : world.all<model::VpnConnection>()) {
    if (wanted(*connection)) ids.push_back(id.str());
  }
  std::ranges::sort(ids);
  return ids;
}

// IncorrectState: `users` stand in the way of a deletion.
tl::unexpected<Fault> in_use(const std::string& noun, const std::string& id, const std::vector<std::string>& users);

}  // namespace sallyport::api::ec2
