#include "gateway/swapper.h"

#include <future>

#include "gateway/ask_workers.h"
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
                 FilterBank& filters, std::function<void(const base::Error&)> drop_filters)
    : config_(config),
      workers_(workers),
      upstreams_(upstreams),
      filters_(filters),
      drop_filters_(std::move(drop_filters)),
      inherited_(config.listeners),
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
  std::vector<std::function<void()>> given_up;  // whose promises say so
  {
    const std::lock_guard guard(mutex_);
    left.swap(requests_);
    given_up.swap(tasks_);
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
    std::vector<std::function<void()>> tasks;
    model::SnapshotPtr snapshot;
    {
      std::unique_lock lock(mutex_);
      const auto called = [this] { return stopping_ || !requests_.empty() || !tasks_.empty(); };
      const auto due = filters_.due();
      const bool woken = due ? wake_.wait_until(lock, *due, called) : (wake_.wait(lock, called), true);
      if (stopping_) return;
      if (!woken) {
        lock.unlock();
        settle(filters_.expire(std::chrono::steady_clock::now()));
        continue;
      }
      tasks.swap(tasks_);
      batch.swap(requests_);
      snapshot = std::exchange(newest_, nullptr);
    }
    for (const auto& task : tasks)
      task();
    if (batch.empty()) continue;
    CutCounts cuts = enforce(snapshot);
    // All of them say what is enforced now, and the first has the cuts: whoever waits for any of these revisions
    // counts them before it is told that the revision is reached.
    for (auto& [revision, acknowledge] : batch) {
      acknowledge({.revision = snapshot->revision, .connections_cut = std::exchange(cuts, {}), .error = {}});
    }
  }
}

void Swapper::between_snapshots(const std::function<void()>& task) {
  auto done = std::make_shared<std::promise<void>>();
  auto ended = done->get_future();
  {
    const std::lock_guard guard(mutex_);
    if (stopping_) return;
    tasks_.emplace_back([task, done = std::move(done)] {
      task();
      done->set_value();
    });
  }
  wake_.notify_one();
  ended.wait();
}

CutCounts Swapper::inherit(std::unique_ptr<Elsewhere> where, const std::vector<Relay>& relays) {
  CutCounts cuts;
  between_snapshots([&] {
    inherited_.add(std::move(where), relays);
    if (in_force_ != nullptr) cuts = cut_inherited(*in_force_);
  });
  return cuts;
}

void Swapper::let_go_of_inherited() {
  between_snapshots([this] { inherited_.let_go(); });
}

CutCounts Swapper::cut_inherited(const View& view) {
  CutCounts cuts = inherited_.enforce(view);
  for (const auto& [cluster, count] : cuts)
    inherited_cut_ += count;
  return cuts;
}

CutCounts Swapper::enforce(const model::SnapshotPtr& snapshot) {
  const std::shared_ptr<const View> view = compile(snapshot, config_.listeners, in_force_.get());
  upstreams_.watch(*snapshot);
  settle(filters_.open(*view));
  if (config_.before_closing) {
    open(view);
    config_.before_closing();
  }
  CutCounts cuts = close(view);
  for (const auto& [cluster, count] : cut_inherited(*view))
    cuts[cluster] += count;
  settle(filters_.close(*view, std::chrono::steady_clock::now()));
  in_force_ = view;
  return cuts;
}

void Swapper::open(const std::shared_ptr<const View>& view) {
  auto opening = std::make_shared<View>(*view);
  opening->closing = in_force_;
  ask_all(workers_, [&](Worker& worker, auto done) { worker.open(opening, done); });
}

CutCounts Swapper::close(const std::shared_ptr<const View>& view) {
  CutCounts total;
  gather<CutCounts>(
      workers_, [&](Worker& worker, auto done) { worker.swap(view, done); },
      [&](const CutCounts& cuts) {
        for (const auto& [cluster, count] : cuts)
          total[cluster] += count;
      });
  return total;
}

void Swapper::settle(const base::Status& filters_set) {
  if (!filters_set) drop_filters_(filters_set.error());
}

}  // namespace sallyport::gateway
