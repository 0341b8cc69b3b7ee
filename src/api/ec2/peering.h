#pragma once

#include "api/ec2/fault.h"
#include "model/cidr.h"
#include "model/network.h"
#include "model/snapshot.h"

namespace sallyport::api::ec2 {

// Refuses, as CidrConflict, a new block of `vpc` that overlaps a block of a VPC that a peering connection, accepted
// or not, joins to it.
Ec2Status check_peers_of(const model::Snapshot& world, const model::Vpc& vpc, const model::Cidr& block);

}  // namespace sallyport::api::ec2
