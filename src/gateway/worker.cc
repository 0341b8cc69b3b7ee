#include "gateway/worker.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "base/limits.h"
#include "gateway/sockets.h"
#include "gateway/syn_filter.h"

namespace sallyport::gateway {

namespace {
constexpr int kEventsAtOnce = 256;
}

Worker::Worker(const GatewayConfig& config, std::vector<ListenerSocket> listeners, Upstreams& upstreams,
               std::atomic<std::int64_t>& room, std::uint64_t first_id, bool accepting)
    : config_(config),
      upstreams_(upstreams),
      room_(room),
      traffic_(config.listeners.size(), counters_, Clock::now()),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      listeners_(std::move(listeners)),
      paused_until_(accepting ? Clock::time_point{} : Clock::time_point::max()),
      next_id_(first_id),
      buffers_(config.relay_blocks) {
  watch(wake_watch_, wake_.get(), EPOLLIN);
  if (accepting) resume_listeners();
  thread_ = std::thread([this] { run(); });
}

Worker::~Worker() {
  post([this] { stopping_ = true; });
  thread_.join();
}

void Worker::open(std::shared_ptr<const View> view, std::function<void()> done) {
  post([this, view = std::move(view), done = std::move(done)] {
    view_ = view;
    done();
  });
}

void Worker::swap(std::shared_ptr<const View> view, std::function<void(CutCounts)> done) {
  post([this, view = std::move(view), done = std::move(done)] {
    const std::shared_ptr<const View> before = std::exchange(view_, view);
    done(before == nullptr ? CutCounts{} : recheck(*before));
  });
}

void Worker::stop_accepting(std::function<void()> done) {
  post([this, done = std::move(done)] {
    // Waiting connections the kernel completed are lost with the socket; take them first. Before `begin` they are
    // another's.
    const bool begun = paused_until_ != Clock::time_point::max();
    for (ListenerSocket& listener : listeners_) {
      // A backlog's worth: more have come since.
      for (int left = kBacklog; begun && left > 0 && room_.load(std::memory_order_relaxed) > 0;
           left -= kAcceptsAtOnce) {
        if (!on_listener(listener)) break;
      }
      close_listener(listener);
    }
    done();
  });
}

void Worker::close_all(std::function<void()> done) {
  post([this, done = std::move(done)] {
    reset_all();
    done();
  });
}

void Worker::reset_all() {
  while (!connections_.empty())
    reset(connections_.front());
}

void Worker::drop_filters() {
  post([this] {
    for (ListenerSocket& listener : listeners_) {
      if (listener.socket.valid()) SynFilter::detach(listener.socket.get());
      listener.filtered = false;
    }
  });
}

void Worker::post(std::function<void()> task) {
  {
    const std::lock_guard guard(mutex_);
    tasks_.push_back(std::move(task));
  }
  const std::uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof(one));
}

void Worker::run_tasks() {
  std::uint64_t count = 0;
  (void)!::read(wake_.get(), &count, sizeof(count));
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard guard(mutex_);
    tasks.swap(tasks_);
  }
  for (const auto& task : tasks)
    task();
}

void Worker::run() {
  std::array<epoll_event, kEventsAtOnce> events{};
  while (!stopping_) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, wait_milliseconds());
    for (int i = 0; i < count; ++i) {
      auto* target = static_cast<Watched*>(events[static_cast<std::size_t>(i)].data.ptr);
      const std::uint32_t what = events[static_cast<std::size_t>(i)].events;
      switch (target->kind) {
        case Watched::Kind::kWake: run_tasks(); break;
        case Watched::Kind::kListener: on_listener(*static_cast<ListenerSocket*>(target)); break;
        case Watched::Kind::kClient: on_client(*static_cast<End*>(target)->connection, what); break;
        case Watched::Kind::kUpstream: on_upstream(*static_cast<UpstreamEnd*>(target), what); break;
      }
    }
    take_turns();
    expire();
    closed_.clear();
    spent_.clear();
  }
  reset_all();
}

int Worker::wait_milliseconds() const {
  if (!turns_.empty()) return 0;
  Clock::time_point next = Clock::time_point::max();
  if (!deadlines_.empty()) next = deadlines_.begin()->first;
  if (paused_until_ != Clock::time_point{}) next = std::min(next, paused_until_);
  if (next == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

void Worker::expire() {
  const Clock::time_point now = Clock::now();
  if (paused_until_ != Clock::time_point{} && paused_until_ <= now) resume_listeners();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    Connection& connection = *deadlines_.begin()->second;
    if (connection.phase == Phase::kConnecting) {
      race_or_give_up(connection);
    } else {
      refuse(connection, Refusal::kClientHelloTimeout);
    }
  }
}

void Worker::watch(Watched& target, int socket, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.ptr = &target}};
  (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &event);
}

void Worker::watch_end(End& end, std::uint32_t events) {
  if ((end.interest & events) == events) return;
  const int operation = end.interest == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  end.interest |= events | EPOLLIN | EPOLLRDHUP | EPOLLET;
  epoll_event event{.events = end.interest, .data = {.ptr = static_cast<Watched*>(&end)}};
  (void)::epoll_ctl(epoll_.get(), operation, end.socket.get(), &event);
}

void Worker::unwatch(End& end) {
  if (std::exchange(end.interest, 0) == 0) return;
  (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, end.socket.get(), nullptr);
}

void Worker::let_go(End& end) {
  // Closing alone is not enough: epoll watches what a child process may have open for a moment more.
  unwatch(end);
  end.socket.reset();
}

void Worker::set_deadline(Connection& connection, Clock::duration from_now) {
  clear_deadline(connection);
  connection.deadline = Clock::now() + from_now;
  deadlines_.emplace(connection.deadline, &connection);
}

void Worker::clear_deadline(Connection& connection) { deadlines_.erase({connection.deadline, &connection}); }

void Worker::refuse(Connection& connection, Refusal refusal) {
  Counters::add(counters_.denied[static_cast<std::size_t>(refusal)]);
  if (connection.cluster != nullptr) {
    traffic_.denied(*connection.cluster, connection.source.address, is_private(connection), refusal, Clock::now());
  } else if (refusal == Refusal::kNotAdmittedAnywhere) {
    traffic_.unnamed(connection.listener, connection.source.address, is_private(connection), Clock::now());
  }
  if (denials_.has_room()) {
    const auto& arrival = view_ == nullptr ? std::nullopt : view_->listeners[connection.listener].arrival;
    const std::string_view path =
        arrival ? policy::to_string(policy::path_of(*view_->snapshot, *arrival, connection.source.address)) : "";
    const std::string cluster = connection.cluster == nullptr ? std::string() : connection.cluster->name.str();
    denials_.write(refusal, connection.source, config_.listeners[connection.listener].bind, path, cluster);
  }
  reset(connection);
}

void Worker::reset(Connection& connection) {
  reset_on_close(connection.client.socket.get());
  if (connection.upstream != nullptr) reset_on_close(connection.upstream->socket.get());
  close(connection);
}

void Worker::close(Connection& connection) {
  clear_deadline(connection);
  connection.phase = Phase::kClosed;
  let_go(connection.client);
  if (connection.upstream != nullptr) let_go(*connection.upstream);
  for (const auto& end : connection.earlier)
    let_go(*end);
  buffers_.take_back(connection.to_upstream.pending);
  buffers_.take_back(connection.to_client.pending);
  set_cluster(connection, nullptr);
  counters_.active.fetch_sub(1, std::memory_order_relaxed);
  room_.fetch_add(1, std::memory_order_relaxed);
  closed_.splice(closed_.end(), connections_, connection.self);
}

void Worker::set_cluster(Connection& connection, std::shared_ptr<const model::Cluster> cluster) {
  if (connection.cluster != nullptr && (cluster == nullptr || cluster->name != connection.cluster->name)) {
    const auto of_cluster = by_cluster_.find(connection.cluster->name);
    of_cluster->second.erase(&connection);
    if (of_cluster->second.empty()) by_cluster_.erase(of_cluster);
  }
  if (cluster != nullptr) by_cluster_[cluster->name].insert(&connection);
  connection.cluster = std::move(cluster);
}

CutCounts Worker::recheck(const View& replaced) {
  // What was admitted while closing was admitted by either of two; the older one tells what may have been lost.
  const View& before = replaced.closing == nullptr ? replaced : *replaced.closing;
  CutCounts cuts;
  if (!same_networks(*before.snapshot, *view_->snapshot)) {
    for (auto next = connections_.begin(); next != connections_.end();)
      recheck(*next++, cuts);
    return cuts;
  }
  using Clusters = decltype(model::Snapshot::clusters);
  Clusters::differences(before.snapshot->clusters, view_->snapshot->clusters,
                        [&](const Clusters::value_type* was, const Clusters::value_type* is) {
                          const auto of_cluster = by_cluster_.find((was == nullptr ? is : was)->first);
                          if (of_cluster == by_cluster_.end()) return;
                          // A copy: those that are cut leave the table.
                          const std::vector<Connection*> found(of_cluster->second.begin(), of_cluster->second.end());
                          for (Connection* connection : found)
                            recheck(*connection, cuts);
                        });
  return cuts;
}

void Worker::recheck(Connection& connection, CutCounts& cuts) {
  if (connection.cluster == nullptr) return;
  Admission now = readmit(*view_, connection.listener, connection.source.address, *connection.cluster);
  if (now.admitted) return set_cluster(connection, std::move(now.cluster));
  ++cuts[connection.cluster->name];
  Counters::add(counters_.cut);
  reset(connection);
}

}  // namespace sallyport::gateway
