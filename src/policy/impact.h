#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ip_address.h"
#include "model/endpoint_access.h"
#include "model/ids.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// Live connections of one source to one cluster through one side.
struct LiveConnections {
  model::ClusterName cluster;
  base::IpAddress source;
  std::optional<model::VpcId> private_vpc;  // of the listener they arrived at; nothing: public
  std::uint64_t count = 1;

  friend bool operator==(const LiveConnections&, const LiveConnections&) = default;
};

struct Impact {
  std::vector<LiveConnections> cut;    // in the order given
  std::uint64_t connections_cut = 0;   // the sum of their counts
  std::uint64_t connections_kept = 0;  // of the same cluster
};

// Which of `live` the gateways would cut if `cluster` had the access `target`: those `decide` then denies.
// Connections of other clusters are passed over; for an unknown cluster nothing is cut or kept. Pure.
Impact impact(const model::Snapshot& snapshot, const model::ClusterName& cluster, const model::EndpointAccess& target,
              std::span<const LiveConnections> live);

}  // namespace sallyport::policy
