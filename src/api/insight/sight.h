#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/cluster.h"
#include "model/traffic.h"
#include "policy/impact.h"

namespace sallyport::api::insight {

// What the gateway of this process sees; empty functions where it has none. Any thread; may block.
struct Sight {
  // The live connections of a cluster, by source and side.
  std::function<std::vector<policy::LiveConnections>(const model::Cluster& cluster)> live;
  // Relays of any cluster that go on in earlier processes, which `live` has not.
  std::function<std::uint64_t()> inherited;
  std::function<model::Traffic(const model::ClusterName& cluster)> traffic;
};

}  // namespace sallyport::api::insight
