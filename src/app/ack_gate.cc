#include "app/ack_gate.h"

#include <algorithm>

namespace sallyport::app {

model::AcknowledgeFn AckGate::hold(std::size_t node, model::AcknowledgeFn acknowledge) {
  return [this, node, acknowledge = std::move(acknowledge)](model::Acknowledgement given) {
    {
      const std::lock_guard lock(mutex_);
      if (last_.size() <= node) last_.resize(node + 1);
      last_[node] = given;
      if (!open_) {
        held_.push_back({node, acknowledge, std::move(given)});
        return;
      }
    }
    acknowledge(std::move(given));
  };
}

std::optional<model::Acknowledgement> AckGate::last(std::size_t node) const {
  const std::lock_guard lock(mutex_);
  return node < last_.size() ? last_[node] : std::nullopt;
}

void AckGate::open(const gateway::CutCounts& cuts) {
  std::vector<Held> held;
  {
    const std::lock_guard lock(mutex_);
    open_ = true;
    held.swap(held_);
  }
  const auto first = std::ranges::find(held, std::size_t{0}, &Held::node);
  if (first != held.end()) {
    for (const auto& [cluster, count] : cuts)
      first->given.connections_cut[cluster] += count;
  }
  for (Held& each : held)
    each.acknowledge(std::move(each.given));
}

}  // namespace sallyport::app
