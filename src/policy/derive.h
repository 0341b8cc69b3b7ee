#pragma once

#include <vector>

#include "base/result.h"
#include "model/network.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// VPCs and security groups whose members that follow from other things are not what follows now.
struct Derived {
  std::vector<model::Vpc> vpcs;
  std::vector<model::SecurityGroup> security_groups;
};

// Works out domain_name_servers, egress_addresses, connected_blocks and peered_vpcs of each VPC and the members of
// each security group from DHCP options, Elastic IPs, NAT gateways, peering, transit gateways, VPNs and network
// interfaces; gives, corrected, those that differ from `world`. Cost grows with the whole network, so it is for
// changes of the network, not for decisions. kLimitExceeded when more is joined to a VPC than
// limits::kConnectedBlocks. Pure; any thread.
base::Result<Derived> derive(const model::Snapshot& world);

}  // namespace sallyport::policy
