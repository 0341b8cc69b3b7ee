#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "control/control_plane.h"
#include "control/workflow.h"
#include "model/enforcement.h"
#include "model/ids.h"
#include "model/update.h"

namespace sallyport::control {

// What nodes have acknowledged, and the bell that wakes the reconciler. Shared with the callbacks handed to
// nodes, so it may outlive the control plane. Thread-safe; no method calls out.
class AckBoard : public std::enable_shared_from_this<AckBoard> {
 public:
  explicit AckBoard(std::vector<std::string> node_names);

  // To be set before the nodes are given `revision`.
  void publishing(model::Revision revision);
  // For one apply of `revision` at node number `node`; a second call of the result is ignored, an
  // acknowledgement of something never published counts as one of the last published.
  model::AcknowledgeFn acknowledge_fn(std::size_t node, model::Revision revision);

  // Starts counting connections cut for the update's cluster by acknowledgements from `revision` on, upwards
  // from what the update has already; a no-op while this update's are counted.
  void count_cuts(const model::Update& update, model::Revision revision);
  std::uint64_t cuts(const model::ClusterName& cluster) const;
  void stop_counting(const model::ClusterName& cluster);

  Enforcement enforcement(model::Revision revision) const;
  // Whether the last thing some node said about the last published revision is that it failed.
  bool some_node_failed() const;

  std::vector<Status::NodeStatus> nodes() const;
  std::uint64_t total_cuts() const;

  void ring();
  // Counts rings and acknowledgements; read it before looking, pass it to `wait`.
  std::uint64_t generation() const;
  // Until the generation is not `seen`, or `deadline`.
  void wait(std::uint64_t seen, std::optional<std::chrono::steady_clock::time_point> deadline) const;

 private:
  struct NodeState {
    std::string name;
    model::Revision acknowledged;
    model::Revision failed;            // meaningful with error
    std::optional<base::Error> error;  // cleared by a later success
  };
  struct Count {
    model::UpdateId update;
    model::Revision from;
    std::uint64_t cut = 0;
  };
  void deliver(std::size_t node, const model::Acknowledgement& acknowledgement);

  mutable std::mutex mutex_;
  mutable std::condition_variable bell_;
  std::uint64_t generation_ = 0;
  model::Revision published_;
  std::vector<NodeState> nodes_;
  std::map<model::ClusterName, Count> counts_;  // at most one an update in flight
  std::uint64_t total_cuts_ = 0;
};

}  // namespace sallyport::control
