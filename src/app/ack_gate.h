#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "gateway/succession.h"
#include "model/enforcement.h"

namespace sallyport::app {

// Holds back what nodes acknowledge until this process alone decides who is admitted, and judges the relays of earlier
// ones: until then nothing is enforced everywhere. Thread-safe.
class AckGate {
 public:
  // To be given to node number `node` instead of `acknowledge`. The gate must outlive it.
  model::AcknowledgeFn hold(std::size_t node, model::AcknowledgeFn acknowledge);
  // What the node itself has acknowledged last; nothing before its first.
  std::optional<model::Acknowledgement> last(std::size_t node) const;
  // Lets all go, and what comes later; `cuts` count as the gateway's, node number 0, of the oldest held.
  void open(const gateway::CutCounts& cuts);

 private:
  mutable std::mutex mutex_;
  bool open_ = false;
  std::vector<std::optional<model::Acknowledgement>> last_;
  struct Held {
    std::size_t node;
    model::AcknowledgeFn acknowledge;
    model::Acknowledgement given;
  };
  std::vector<Held> held_;  // as many as snapshots are published until the gate opens
};

}  // namespace sallyport::app
