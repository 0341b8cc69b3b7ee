#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <thread>

#include "base/time.h"
#include "control/ack_board.h"
#include "control/ledger.h"
#include "control/provisioning.h"
#include "control/publisher.h"
#include "control/workflow.h"

namespace sallyport::control {

// The thread that moves clusters and updates on: publishes what was committed, waits for acknowledgements,
// commits the next step. Steps of different clusters share a transaction. A failing store or node is
// retried with growing pauses for as long as it fails.
class Reconciler {
 public:
  // References must outlive the reconciler. Publishes the first snapshot before it returns.
  Reconciler(Ledger& ledger, std::shared_ptr<AckBoard> board, Publisher& publisher, const base::Clock& clock,
             base::Millis acknowledge_time, Provisioner& provisioner);
  ~Reconciler();
  Reconciler(const Reconciler&) = delete;
  Reconciler& operator=(const Reconciler&) = delete;

  std::uint64_t updates_successful() const { return successful_; }
  std::uint64_t updates_failed() const { return failed_; }
  // Has a provider make sure of the cluster's API servers soon. Any thread.
  void check_servers(const model::ClusterName& name);

 private:
  using Steady = std::chrono::steady_clock;
  struct Wait {
    model::UpdateId update;
    model::UpdateStep step = model::UpdateStep::kStored;
    Steady::time_point since;
  };
  // Growing pauses between attempts at one thing; nothing when it does not fail.
  struct Backoff {
    base::Millis pause{0};
    std::optional<Steady::time_point> until;
    void failed(Steady::time_point now);
    void cleared() { *this = {}; }
    bool due(Steady::time_point now) const { return !until || now >= *until; }
  };
  struct Batch;

  void run();
  bool pass();
  // Commits the next steps of whatever can go on; true when something was committed.
  bool advance(Steady::time_point now);
  void plan(const State& state, Steady::time_point now, Batch& batch);
  // What a cluster's being made or removed comes to; false when there is nothing to do yet.
  bool plan_transit(const State& state, const model::Cluster& cluster, const Enforcement& enforcement,
                    Steady::time_point now, Batch& batch);
  void committed(const Batch& batch);
  // Has the board count for every update that is published or rolling back.
  void count_cuts(const State& state);
  // Raises the revision so that nodes are given the same state again.
  bool retry_failed_nodes(Steady::time_point now);
  base::Millis waited(const model::Update& update, Steady::time_point now);
  std::optional<Steady::time_point> deadline() const;

  Ledger& ledger_;
  const std::shared_ptr<AckBoard> board_;
  Publisher& publisher_;
  const base::Clock& clock_;
  const base::Millis acknowledge_time_;
  Provisioning provisioning_;

  std::map<model::ClusterName, Wait> waits_;  // of updates in flight; the thread's own, as are the two below
  Backoff store_backoff_;
  Backoff node_backoff_;
  std::atomic<std::uint64_t> successful_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace sallyport::control
