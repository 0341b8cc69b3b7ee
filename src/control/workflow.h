#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/cluster.h"
#include "model/ids.h"
#include "model/update.h"

// How an update goes from accepted to finished (design.md section 3), without clock, store or nodes. Each
// step is one transaction; the steps between them are waits for acknowledgements. Pure; any thread.
namespace sallyport::control {

// What nodes said about the revision an update waits for.
struct Enforcement {
  bool everywhere = false;                 // every node has acknowledged that revision or a later one
  std::optional<std::string> failed_node;  // a node that could not enforce it
  std::optional<base::Error> failure;      // its error; set together with failed_node
};

struct Step {
  enum class Kind {
    kWait,
    kPublishTarget,  // give the cluster the target setting
    kSucceed,        // enforced everywhere
    kRollBack,       // give the cluster the previous setting again
    kFail,           // the previous setting is back; end
  };
  Kind kind = Kind::kWait;
  std::vector<model::UpdateError> errors;  // what this step adds to the update's errors

  friend bool operator==(const Step&, const Step&) = default;
};

// `waited`: how long this process has waited in the update's present step. A roll-back that nodes do not
// confirm within `limit` ends too, with an error that says so: the stored setting is the previous one then,
// and publication goes on.
Step next_step(const model::Update& update, const Enforcement& enforcement, base::Millis waited, base::Millis limit);

// The update and its cluster after `step`, which is not kWait. `revision` is that of the transaction that
// stores them; `connections_cut` what gateways counted since the target was published.
model::Update update_after(const model::Update& update, const Step& step, base::Time now, model::Revision revision,
                           std::uint64_t connections_cut);
model::Cluster cluster_after(const model::Cluster& cluster, const model::Update& update, const Step& step);

// The cluster with the change's target or previous setting; nothing else differs.
model::Cluster with_target(model::Cluster cluster, const model::Change& change);
model::Cluster with_previous(model::Cluster cluster, const model::Change& change);

// The EKS ErrorCode for a node's error.
std::string error_code(base::ErrorKind kind);

}  // namespace sallyport::control
