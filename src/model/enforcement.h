#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>

#include "base/result.h"
#include "model/ids.h"
#include "model/snapshot.h"

namespace sallyport::model {

// What a node (gateway, DNS server) answers once a snapshot is enforced everywhere on it: new
// decisions use it, and connections it no longer allows are closed.
struct Acknowledgement {
  Revision revision;
  std::unordered_map<ClusterName, std::uint64_t> connections_cut;  // only clusters with at least one
  std::optional<base::Error> error;                                // set when the node could not enforce it
};

// Called exactly once for each `apply`, from any thread; must not block.
using AcknowledgeFn = std::function<void(Acknowledgement)>;

// How control hands a snapshot to a node. Revisions rise from call to call. Never blocks; a node may
// skip a snapshot that a newer one has overtaken, and then acknowledges it together with the newer.
using ApplyFn = std::function<void(SnapshotPtr, AcknowledgeFn)>;

}  // namespace sallyport::model
