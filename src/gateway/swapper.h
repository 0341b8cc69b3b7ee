#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/gateway.h"
#include "gateway/syn_filter.h"
#include "gateway/upstreams.h"
#include "gateway/worker.h"

namespace sallyport::gateway {

// The kernel filters of one listener; empty where user space enforces alone.
using Filters = std::vector<std::unique_ptr<SynFilter>>;

// Brings snapshots into force, one after another, on a thread of its own: loosen the kernel filters, have every
// worker swap and cut, tighten the filters, acknowledge. Snapshots that were overtaken while waiting are
// acknowledged together with the newest.
class Swapper {
 public:
  // Everything passed outlives the swapper. `drop_filters` is called, on the swapper's thread, when a filter cannot
  // hold what it should: from then on user space enforces alone.
  Swapper(const GatewayConfig& config, const std::vector<std::unique_ptr<Worker>>& workers, Upstreams& upstreams,
          Filters& filters, std::function<void(const base::Error&)> drop_filters);
  ~Swapper();  // acknowledges what still waits as not enforced

  void apply(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge);

 private:
  using Request = std::pair<model::Revision, model::AcknowledgeFn>;

  void run();
  CutCounts enforce(const model::SnapshotPtr& snapshot);
  void set_filters(const View& view, bool tighten);

  const GatewayConfig& config_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  Upstreams& upstreams_;
  Filters& filters_;
  std::function<void(const base::Error&)> drop_filters_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Request> requests_;
  model::SnapshotPtr newest_;  // of requests_: the older ones are never enforced, and need not be kept
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sallyport::gateway
