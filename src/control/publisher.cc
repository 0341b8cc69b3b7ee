#include "control/publisher.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

namespace sallyport::control {

Publisher::Publisher(const Ledger& ledger, std::shared_ptr<AckBoard> board, std::vector<Node> nodes)
    : ledger_(ledger), board_(std::move(board)), nodes_(std::move(nodes)) {}

bool Publisher::publish() {
  const model::SnapshotPtr before = snapshot();
  if (before && before->revision >= ledger_.revision()) return false;
  const model::SnapshotPtr next = compose();
  {
    const std::lock_guard lock(mutex_);
    last_ = next;
  }
  board_->publishing(next->revision);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const model::AcknowledgeFn acknowledge = board_->acknowledge_fn(i, next->revision);
    try {
      nodes_[i].apply(next, acknowledge);
    } catch (const std::exception& e) {
      acknowledge({next->revision, {}, base::Error{base::ErrorKind::kInternal, e.what(), {}}});
    }
  }
  return true;
}

model::SnapshotPtr Publisher::compose() {
  return ledger_.read([&](const State& state) -> model::SnapshotPtr {
    for (const std::string& problem : state.listener_problems()) {
      if (logged_.insert(problem).second) spdlog::warn("{}", problem);
    }
    return std::make_shared<const model::Snapshot>(state.world());
  });
}

model::SnapshotPtr Publisher::snapshot() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

}  // namespace sallyport::control
