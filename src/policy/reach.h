#pragma once

#include <vector>

#include "base/ip_address.h"
#include "model/cidr.h"
#include "model/network.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// How a network lies to a VPC: within it, joined to it by peering, a transit gateway or a VPN (see
// connected_networks), or neither, and then it cannot reach the VPC's private listeners at all.
enum class Reach { kWithin, kConnected, kNone };

// Where `source` lies as seen from `vpc`. Pure, no allocation; any thread.
Reach reach(const model::Vpc& vpc, const base::IpAddress& source);

// The blocks whose addresses `reach` does not call kNone, in no particular order.
std::vector<model::Cidr> reachable_blocks(const model::Vpc& vpc);

// The VPCs with a block that holds `address`, in no particular order: an address alone tells a VPC only where it is
// one. Pure; any thread.
std::vector<model::VpcId> vpcs_containing(const model::Snapshot& snapshot, const base::IpAddress& address);

}  // namespace sallyport::policy
