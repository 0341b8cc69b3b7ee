#include "gateway/gateway.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "gateway/sockets.h"
#include "gateway/swapper.h"
#include "gateway/worker.h"

namespace sallyport::gateway {

namespace {

constexpr auto kDrainPoll = std::chrono::milliseconds(20);

// Each relayed connection holds two descriptors.
std::size_t connections_allowed() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return 1;
  const auto total = static_cast<std::size_t>(files.rlim_cur);
  // Under a small limit the others make do with a quarter.
  const std::size_t reserved = std::min(base::limits::kReservedDescriptors, total / 4);
  return std::max<std::size_t>(1, (total - reserved) / 2);
}

// Listening sockets by worker; `sockets[w][l]`.
base::Result<std::vector<std::vector<ListenerSocket>>> open_listeners(const GatewayConfig& config) {
  std::vector<std::vector<ListenerSocket>> sockets(config.workers);
  for (std::size_t index = 0; index < config.listeners.size(); ++index) {
    if (auto unused = check_unused(config.listeners[index]); !unused) return base::fail(unused.error());
    for (auto& of_worker : sockets) {
      auto opened = open_listener(config.listeners[index]);
      if (!opened) return base::fail(opened.error());
      ListenerSocket listener;
      listener.kind = Watched::Kind::kListener;
      listener.socket = std::move(*opened);
      listener.index = index;
      of_worker.push_back(std::move(listener));
    }
  }
  return sockets;
}

// One filter a listener, in front of that listener's socket of every worker. All or none.
base::Result<std::vector<std::unique_ptr<SynFilter>>> attach_filters(
    const GatewayConfig& config, std::vector<std::vector<ListenerSocket>>& sockets) {
  std::vector<std::unique_ptr<SynFilter>> filters;
  for (std::size_t index = 0; index < config.listeners.size(); ++index) {
    auto filter = SynFilter::load();
    if (!filter) return base::fail(filter.error());
    for (auto& of_worker : sockets) {
      if (auto attached = (*filter)->attach(of_worker[index].socket.get()); !attached) {
        return base::fail(attached.error());
      }
      of_worker[index].filtered = true;
    }
    filters.push_back(std::move(*filter));
  }
  return filters;
}

void detach_filters(std::vector<std::vector<ListenerSocket>>& sockets) {
  for (auto& of_worker : sockets) {
    for (ListenerSocket& listener : of_worker) {
      SynFilter::detach(listener.socket.get());
      listener.filtered = false;
    }
  }
}

class EpollGateway final : public Gateway {
 public:
  EpollGateway(GatewayConfig config, std::vector<std::vector<ListenerSocket>> sockets,
               std::vector<std::unique_ptr<SynFilter>> filters)
      : config_(std::move(config)), filters_(config_, std::move(filters)), filtering_(!filters_.empty()) {
    const std::size_t allowed = config_.max_connections != 0 ? config_.max_connections : connections_allowed();
    room_ = static_cast<std::int64_t>(allowed);
    for (auto& of_worker : sockets) {
      workers_.push_back(std::make_unique<Worker>(config_, std::move(of_worker), upstreams_, room_));
    }
    swapper_ = std::make_unique<Swapper>(config_, workers_, upstreams_, filters_,
                                         [this](const base::Error& why) { drop_filters(why); });
  }

  ~EpollGateway() override {
    // Acknowledging may lead to another apply: the swapper is there until all is acknowledged.
    swapper_->stop();
    swapper_.reset();
    workers_.clear();
  }

  void apply(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge) override {
    swapper_->apply(std::move(snapshot), std::move(acknowledge));
  }

  void drain(base::Millis limit) override {
    std::latch stopped(static_cast<std::ptrdiff_t>(workers_.size()));
    for (const auto& worker : workers_)
      worker->stop_accepting([&stopped] { stopped.count_down(); });
    stopped.wait();  // the connections just taken count from here on
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (stats().active > 0 && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(kDrainPoll);
    std::latch closed(static_cast<std::ptrdiff_t>(workers_.size()));
    for (const auto& worker : workers_)
      worker->close_all([&closed] { closed.count_down(); });
    closed.wait();
  }

  GatewayStats stats() const override {
    GatewayStats stats;
    for (const auto& worker : workers_)
      worker->counters().add_to(stats);
    stats.kernel_dropped_syns = filters_.dropped();
    stats.kernel_filter_active = filtering_.load();
    return stats;
  }

  std::vector<LiveConnection> connections(std::size_t limit) const override {
    std::mutex mutex;
    std::vector<LiveConnection> all;
    std::latch answered(static_cast<std::ptrdiff_t>(workers_.size()));
    for (const auto& worker : workers_) {
      worker->collect(limit, [&](const std::vector<LiveConnection>& live) {
        {
          const std::lock_guard guard(mutex);
          all.insert(all.end(), live.begin(), live.end());
        }
        answered.count_down();
      });
    }
    answered.wait();
    if (all.size() > limit) all.erase(all.begin() + static_cast<std::ptrdiff_t>(limit), all.end());
    return all;
  }

  std::map<model::PoolName, std::vector<ServerHealth>> health() const override { return upstreams_.health(); }

 private:
  void drop_filters(const base::Error& why) {
    if (!filtering_.exchange(false)) return;
    spdlog::warn("kernel filter given up, user space enforces alone reason=\"{}\"", why.message);
    for (const auto& worker : workers_)
      worker->drop_filters();
  }

  const GatewayConfig config_;
  Upstreams upstreams_;
  FilterBank filters_;
  std::atomic<bool> filtering_;
  std::atomic<std::int64_t> room_{0};
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Swapper> swapper_;
};

}  // namespace

base::Result<std::unique_ptr<Gateway>> Gateway::start(GatewayConfig config) {
  if (config.workers == 0) config.workers = std::max(1U, std::thread::hardware_concurrency());
  auto sockets = open_listeners(config);
  if (!sockets) return base::fail(sockets.error());
  std::vector<std::unique_ptr<SynFilter>> filters;
  if (config.kernel_filter && !config.listeners.empty()) {
    auto attached = attach_filters(config, *sockets);
    if (attached) {
      filters = std::move(*attached);
    } else {
      detach_filters(*sockets);
      spdlog::info("kernel filter not used, user space enforces alone reason=\"{}\"", attached.error().message);
    }
  }
  return std::make_unique<EpollGateway>(std::move(config), std::move(*sockets), std::move(filters));
}

}  // namespace sallyport::gateway
