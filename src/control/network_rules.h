#pragma once

#include <functional>

#include "base/result.h"
#include "control/control_plane.h"
#include "control/state.h"
#include "model/snapshot.h"
#include "store/store.h"

namespace sallyport::control {

using VpcConfigTest = std::function<bool(const model::ClusterName& cluster, const model::VpcConfig& config)>;

// An update in flight that leads to, or may return to, a configuration of its cluster for which `holds` is true; null
// where there is none. The result is the state's. Pure.
const model::Update* update_that_may_end_with(const State& state, const VpcConfigTest& holds);

// Whether a change of the network from `state` to `after` leaves standing what others rest on:
//  - a subnet or security group that an update in flight leads to, or may return to, stays (kInUse);
//  - a private listener keeps its place, where there are clusters in its VPC (kInUse), and no second subnet may
//    contain its address where the configuration does not name one (kInvalidParameter);
//  - a resolver's address lies in no second VPC, in the same way (kInvalidParameter).
// `after` is the network alone; see network_after. Pure.
base::Status check_network_change(const State& state, const model::Snapshot& after,
                                  const store::Transaction& transaction, const Settings& settings);

}  // namespace sallyport::control
