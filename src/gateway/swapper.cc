#include "gateway/swapper.h"

#include <latch>

#include "gateway/view.h"

namespace sallyport::gateway {

Swapper::Swapper(const GatewayConfig& config, const std::vector<std::unique_ptr<Worker>>& workers, Upstreams& upstreams,
                 Filters& filters, std::function<void(const base::Error&)> drop_filters)
    : config_(config),
      workers_(workers),
      upstreams_(upstreams),
      filters_(filters),
      drop_filters_(std::move(drop_filters)),
      thread_([this] { run(); }) {}

Swapper::~Swapper() {
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  for (auto& [revision, acknowledge] : requests_) {
    acknowledge({.revision = revision,
                 .connections_cut = {},
                 .error = base::Error{base::ErrorKind::kUnavailable, "the gateway is stopping", {}}});
  }
}

void Swapper::apply(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge) {
  {
    const std::lock_guard guard(mutex_);
    requests_.emplace_back(snapshot->revision, std::move(acknowledge));
    newest_ = std::move(snapshot);
  }
  wake_.notify_one();
}

void Swapper::run() {
  while (true) {
    std::deque<Request> batch;
    model::SnapshotPtr snapshot;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !requests_.empty(); });
      if (stopping_) return;
      batch.swap(requests_);
      snapshot = std::exchange(newest_, nullptr);
    }
    CutCounts cuts = enforce(snapshot);
    // All of them say what is enforced now, and the first has the cuts: whoever waits for any of these revisions
    // counts them before it is told that the revision is reached.
    for (auto& [revision, acknowledge] : batch) {
      acknowledge({.revision = snapshot->revision, .connections_cut = std::exchange(cuts, {}), .error = {}});
    }
  }
}

CutCounts Swapper::enforce(const model::SnapshotPtr& snapshot) {
  const std::shared_ptr<const View> view = compile(snapshot, config_.listeners);
  upstreams_.watch(*snapshot);
  set_filters(*view, false);

  std::mutex mutex;
  CutCounts total;
  std::latch swapped(static_cast<std::ptrdiff_t>(workers_.size()));
  for (const auto& worker : workers_) {
    worker->swap(view, [&](const CutCounts& cuts) {
      {
        const std::lock_guard guard(mutex);
        for (const auto& [cluster, count] : cuts)
          total[cluster] += count;
      }
      swapped.count_down();
    });
  }
  swapped.wait();
  set_filters(*view, true);
  return total;
}

void Swapper::set_filters(const View& view, bool tighten) {
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    std::vector<model::Cidr> blocks = view.listeners[i].admitted.entries();
    // Speakers of the PROXY protocol are let in to say for whom they speak.
    blocks.insert(blocks.end(), config_.proxy_protocol_from.begin(), config_.proxy_protocol_from.end());
    const base::Status set = tighten ? filters_[i]->tighten(blocks) : filters_[i]->loosen(blocks);
    if (!set) return drop_filters_(set.error());
  }
}

}  // namespace sallyport::gateway
