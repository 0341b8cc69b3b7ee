#pragma once

#include <vector>

#include "base/ip_address.h"
#include "model/cidr.h"
#include "model/network.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// How a network lies to a VPC: the only place that knows which networks can reach the private listeners
// of a VPC at all. Today that is the VPC itself.
enum class Reach { kWithin, kConnected, kNone };

// Where `source` lies as seen from `vpc`. Pure, no allocation; any thread.
Reach reach(const model::Snapshot& snapshot, const model::Vpc& vpc, const base::IpAddress& source);

// The blocks whose addresses `reach` does not call kNone, in no particular order.
std::vector<model::Cidr> reachable_blocks(const model::Snapshot& snapshot, const model::Vpc& vpc);

}  // namespace sallyport::policy
