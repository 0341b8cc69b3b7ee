#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/filter_bank.h"
#include "gateway/gateway.h"
#include "gateway/inherited.h"
#include "gateway/upstreams.h"
#include "gateway/worker.h"

namespace sallyport::gateway {

// Brings snapshots into force, one after another, on a thread of its own: loosen the kernel filters, have every
// worker admit what the snapshot admits beside what was admitted before, let names turn over
// (GatewayConfig::before_closing), have every worker swap and cut, tighten the filters, acknowledge. Snapshots that
// were overtaken while waiting are acknowledged together with the newest.
class Swapper {
 public:
  // Everything passed outlives the swapper. `drop_filters` is called, on the swapper's thread, when a filter cannot
  // hold what it should: from then on user space enforces alone.
  Swapper(const GatewayConfig& config, const std::vector<std::unique_ptr<Worker>>& workers, Upstreams& upstreams,
          FilterBank& filters, std::function<void(const base::Error&)> drop_filters);
  ~Swapper() { stop(); }

  // Ends the thread and acknowledges what still waits, and what is applied later, as not enforced.
  void stop();
  void apply(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge);
  // Runs `task` between two snapshots, on the swapper's thread, and returns when it has; at once, without it, when
  // stopped.
  void between_snapshots(const std::function<void()>& task);
  // As Succession has it.
  CutCounts inherit(std::unique_ptr<Elsewhere> where, const std::vector<Relay>& relays);
  void let_go_of_inherited();
  std::size_t inherited() const { return inherited_.left(); }
  std::uint64_t inherited_cut() const { return inherited_cut_.load(); }

 private:
  using Request = std::pair<model::Revision, model::AcknowledgeFn>;

  void run();
  void settle(const base::Status& filters_set);
  CutCounts enforce(const model::SnapshotPtr& snapshot);
  void open(const std::shared_ptr<const View>& view);
  CutCounts close(const std::shared_ptr<const View>& view);
  CutCounts cut_inherited(const View& view);

  const GatewayConfig& config_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  Upstreams& upstreams_;
  FilterBank& filters_;
  std::function<void(const base::Error&)> drop_filters_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Request> requests_;
  std::vector<std::function<void()>> tasks_;
  model::SnapshotPtr newest_;  // of requests_: the older ones are never enforced, and need not be kept
  bool stopping_ = false;
  Inherited inherited_;
  std::atomic<std::uint64_t> inherited_cut_{0};
  std::shared_ptr<const View> in_force_;  // the swapper's thread alone
  std::thread thread_;
};

}  // namespace sallyport::gateway
