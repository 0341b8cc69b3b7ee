#pragma once

#include <vector>

#include "api/insight/insight_handlers.h"
#include "gateway/gateway.h"
#include "model/cluster.h"
#include "policy/impact.h"

namespace sallyport::app {

// Those of `cluster` as the policy has them. A private arrival is taken for one in the cluster's own VPC. Pure.
std::vector<policy::LiveConnections> live_connections_of(const model::Cluster& cluster,
                                                         const gateway::LiveBySource& counted);

// What a gateway sees, which must outlive the result; empty functions where there is none.
api::insight::Sight sight_of(const gateway::Gateway* gateway);

}  // namespace sallyport::app
