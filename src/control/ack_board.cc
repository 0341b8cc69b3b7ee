#include "control/ack_board.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace sallyport::control {

AckBoard::AckBoard(std::vector<std::string> node_names) {
  nodes_.reserve(node_names.size());
  for (std::string& name : node_names) {
    nodes_.push_back({.name = std::move(name), .acknowledged = {}, .failed = {}, .error = std::nullopt});
  }
}

void AckBoard::publishing(model::Revision revision) {
  const std::lock_guard lock(mutex_);
  published_ = std::max(published_, revision);
}

model::AcknowledgeFn AckBoard::acknowledge_fn(std::size_t node, model::Revision revision) {
  auto called = std::make_shared<std::atomic<bool>>(false);
  return [board = shared_from_this(), node, revision, called](model::Acknowledgement acknowledgement) {
    if (called->exchange(true)) return;
    // Skipped snapshots are acknowledged with a newer revision; an older one than was asked for says nothing.
    if (!acknowledgement.error && acknowledgement.revision < revision) {
      acknowledgement.error = base::Error{base::ErrorKind::kInternal,
                                          "acknowledged revision " + std::to_string(acknowledgement.revision.value()) +
                                              " when given " + std::to_string(revision.value()),
                                          {}};
    }
    if (acknowledgement.error) acknowledgement.revision = std::max(acknowledgement.revision, revision);
    board->deliver(node, acknowledgement);
  };
}

void AckBoard::deliver(std::size_t node, const model::Acknowledgement& acknowledgement) {
  const std::lock_guard lock(mutex_);
  const model::Revision revision = std::min(acknowledgement.revision, published_);
  NodeState& state = nodes_[node];
  if (acknowledgement.error) {
    if (revision > state.acknowledged && (!state.error || revision >= state.failed)) {
      state.failed = revision;
      state.error = acknowledgement.error;
    }
  } else {
    state.acknowledged = std::max(state.acknowledged, revision);
    if (state.error && state.acknowledged >= state.failed) state.error.reset();
  }
  for (const auto& [cluster, cut] : acknowledgement.connections_cut) {
    total_cuts_ += cut;
    const auto found = counts_.find(cluster);
    if (found != counts_.end() && revision >= found->second.from) found->second.cut += cut;
  }
  ++generation_;
  bell_.notify_all();
}

void AckBoard::count_cuts(const model::Update& update, model::Revision revision) {
  const std::lock_guard lock(mutex_);
  Count& count = counts_[update.cluster];
  if (count.update == update.id) return;
  count = {.update = update.id, .from = revision, .cut = update.connections_cut};
}

std::uint64_t AckBoard::cuts(const model::ClusterName& cluster) const {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(cluster);
  return found == counts_.end() ? 0 : found->second.cut;
}

void AckBoard::stop_counting(const model::ClusterName& cluster) {
  const std::lock_guard lock(mutex_);
  counts_.erase(cluster);
}

Enforcement AckBoard::enforcement(model::Revision revision) const {
  const std::lock_guard lock(mutex_);
  Enforcement result{.everywhere = published_ >= revision, .failed_node = std::nullopt, .failure = std::nullopt};
  for (const NodeState& node : nodes_) {
    if (node.acknowledged >= revision) continue;
    result.everywhere = false;
    if (node.error && node.failed >= revision && !result.failure) {
      result.failed_node = node.name;
      result.failure = node.error;
    }
  }
  return result;
}

bool AckBoard::some_node_failed() const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(nodes_, [&](const NodeState& node) { return node.error && node.failed >= published_; });
}

std::vector<Status::NodeStatus> AckBoard::nodes() const {
  const std::lock_guard lock(mutex_);
  std::vector<Status::NodeStatus> result;
  result.reserve(nodes_.size());
  for (const NodeState& node : nodes_) {
    result.push_back(
        {node.name, node.acknowledged, node.error ? std::optional<std::string>(node.error->message) : std::nullopt});
  }
  return result;
}

std::uint64_t AckBoard::total_cuts() const {
  const std::lock_guard lock(mutex_);
  return total_cuts_;
}

void AckBoard::ring() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  bell_.notify_all();
}

std::uint64_t AckBoard::generation() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

void AckBoard::wait(std::uint64_t seen, std::optional<std::chrono::steady_clock::time_point> deadline) const {
  std::unique_lock lock(mutex_);
  const auto rung = [&] { return generation_ != seen; };
  if (deadline) {
    bell_.wait_until(lock, *deadline, rung);
  } else {
    bell_.wait(lock, rung);
  }
}

}  // namespace sallyport::control
