#pragma once

#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/endpoint_access.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// What a lawful change of access may break without its author wishing it, one sentence each with its
// remedy, for the update's record and the console: the VPC's own egress left out while private access is
// off; private access without a private listener in the VPC; private access while the VPC's DNS cannot
// serve it. `before` is the cluster as it is now. Pure; any thread.
std::vector<std::string> access_warnings(const model::Snapshot& snapshot, const model::Cluster& before,
                                         const model::EndpointAccess& target);

}  // namespace sallyport::policy
