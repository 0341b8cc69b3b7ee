#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "gateway/succession.h"
#include "gateway/view.h"

namespace sallyport::gateway {

// The relays of earlier processes, judged by the same rule as this one's. `left` may be asked by any thread; the rest
// belongs to the thread that swaps snapshots.
class Inherited {
 public:
  // `listeners` in the order of View::listeners; outlives this.
  explicit Inherited(const std::vector<model::Listener>& listeners) : listeners_(listeners) {}

  void add(std::unique_ptr<Elsewhere> where, const std::vector<Relay>& relays);
  // Cuts what `view` does not admit; returns when it is gone. A listener that is configured no more admits nobody.
  CutCounts enforce(const View& view);
  std::size_t left() const;
  // They are another's to judge.
  void let_go();

 private:
  struct Held {
    std::uint64_t id = 0;
    std::size_t listener = 0;  // in listeners_; past the end when it is configured no more
    base::IpAddress source;
    std::shared_ptr<const model::Cluster> cluster;  // at first no more than its name and endpoint
  };
  struct Process {
    std::unique_ptr<Elsewhere> where;
    std::vector<Held> relays;
  };

  std::size_t index_of(const std::string& listener) const;
  bool still_admitted(const View& view, Held& relay, bool networks_same) const;

  const std::vector<model::Listener>& listeners_;
  std::vector<Process> processes_;
  mutable std::mutex mutex_;  // guards the shape of processes_ against `left`
  model::SnapshotPtr judged_by_;
};

}  // namespace sallyport::gateway
