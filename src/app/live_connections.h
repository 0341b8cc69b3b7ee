#pragma once

#include <cstddef>
#include <vector>

#include "api/insight/insight_handlers.h"
#include "gateway/gateway.h"
#include "model/cluster.h"
#include "policy/impact.h"

namespace sallyport::app {

// Connections looked at by whoever counts or previews.
inline constexpr std::size_t kConnectionsCounted = 100'000;

// Those of `cluster`, counted by source and side. A private arrival is taken for one in the cluster's own VPC. Pure.
std::vector<policy::LiveConnections> live_connections_of(const model::Cluster& cluster,
                                                         const std::vector<gateway::LiveConnection>& all);

// The same of a gateway, which must outlive the result; an empty function where there is none.
api::insight::LiveConnectionsOf live_connections_at(const gateway::Gateway* gateway);

}  // namespace sallyport::app
