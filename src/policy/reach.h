#pragma once

#include <vector>

#include "base/ip_address.h"
#include "model/cidr.h"
#include "model/network.h"

namespace sallyport::policy {

// How a network lies to a VPC: within it, joined to it by peering, a transit gateway or a VPN (see
// connected_networks), or neither, and then it cannot reach the VPC's private listeners at all.
enum class Reach { kWithin, kConnected, kNone };

// Where `source` lies as seen from `vpc`. Pure, no allocation; any thread.
Reach reach(const model::Vpc& vpc, const base::IpAddress& source);

// The blocks whose addresses `reach` does not call kNone, in no particular order.
std::vector<model::Cidr> reachable_blocks(const model::Vpc& vpc);

}  // namespace sallyport::policy
