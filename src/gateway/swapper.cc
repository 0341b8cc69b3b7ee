#include "gateway/swapper.h"

#include <latch>

#include "gateway/view.h"

namespace sallyport::gateway {

namespace {

model::Acknowledgement stopping_at(model::Revision revision) {
  return {.revision = revision,
          .connections_cut = {},
          .error = base::Error{base::ErrorKind::kUnavailable, "the gateway is stopping", {}}};
}

}  // namespace

Swapper::Swapper(const GatewayConfig& config, const std::vector<std::unique_ptr<Worker>>& workers, Upstreams& upstreams,
                 Filters& filters, std::function<void(const base::Error&)> drop_filters)
    : config_(config),
      workers_(workers),
      upstreams_(upstreams),
      filters_(filters),
      drop_filters_(std::move(drop_filters)),
      thread_([this] { run(); }) {}

void Swapper::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  std::deque<Request> left;
  {
    const std::lock_guard guard(mutex_);
    left.swap(requests_);
  }
  for (auto& [revision, acknowledge] : left)
    acknowledge(stopping_at(revision));
}

void Swapper::apply(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge) {
  {
    std::unique_lock lock(mutex_);
    if (stopping_) {
      lock.unlock();
      return acknowledge(stopping_at(snapshot->revision));
    }
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
  if (config_.before_closing) {
    open(view);
    config_.before_closing();
  }
  CutCounts cuts = close(view);
  set_filters(*view, true);
  in_force_ = view;
  return cuts;
}

void Swapper::open(const std::shared_ptr<const View>& view) {
  auto opening = std::make_shared<View>(*view);
  opening->closing = in_force_;
  std::latch opened(static_cast<std::ptrdiff_t>(workers_.size()));
  for (const auto& worker : workers_)
    worker->open(opening, [&opened] { opened.count_down(); });
  opened.wait();
}

CutCounts Swapper::close(const std::shared_ptr<const View>& view) {
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
