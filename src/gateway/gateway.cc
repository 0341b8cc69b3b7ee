#include "gateway/gateway.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iterator>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

#include "base/limits.h"
#include "base/time.h"
#include "gateway/ask_workers.h"
#include "gateway/listeners.h"
#include "gateway/swapper.h"
#include "gateway/traffic_report.h"
#include "gateway/worker.h"

namespace sallyport::gateway {

namespace {

constexpr auto kDrainPoll = std::chrono::milliseconds(20);
constexpr unsigned kIdBits = 48;  // of a connection's id, below its worker's number

// Each relayed connection holds two descriptors.
std::size_t connections_allowed() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return 1;
  const auto total = static_cast<std::size_t>(files.rlim_cur);
  // Under a small limit the others make do with a quarter.
  const std::size_t reserved = std::min(base::limits::kReservedDescriptors, total / 4);
  return std::max<std::size_t>(1, (total - reserved) / 2);
}

class EpollGateway final : public Gateway {
 public:
  EpollGateway(GatewayConfig config, SocketsByWorker sockets, std::vector<std::unique_ptr<SynFilter>> filters,
               bool accepting)
      : config_(std::move(config)), filters_(config_, std::move(filters)), filtering_(!filters_.empty()) {
    const std::size_t allowed = config_.max_connections != 0 ? config_.max_connections : connections_allowed();
    room_ = static_cast<std::int64_t>(allowed);
    for (auto& of_worker : sockets) {
      const std::uint64_t first_id = static_cast<std::uint64_t>(workers_.size()) << kIdBits;
      workers_.push_back(
          std::make_unique<Worker>(config_, std::move(of_worker), upstreams_, room_, first_id, accepting));
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
    // The connections just taken count from here on.
    ask_all(workers_, [](Worker& worker, auto done) { worker.stop_accepting(done); });
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (stats().active > 0 && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(kDrainPoll);
    ask_all(workers_, [](Worker& worker, auto done) { worker.close_all(done); });
  }

  GatewayStats stats() const override {
    GatewayStats stats;
    for (const auto& worker : workers_)
      worker->counters().add_to(stats);
    stats.kernel_dropped_syns = filters_.dropped();
    stats.kernel_filter_active = filtering_.load();
    stats.inherited = swapper_->inherited();
    stats.cut += swapper_->inherited_cut();
    return stats;
  }

  std::vector<LiveConnection> connections(std::size_t limit) const override {
    std::vector<LiveConnection> all;
    gather<std::vector<LiveConnection>>(
        workers_, [limit](Worker& worker, auto done) { worker.collect(limit, done); },
        [&](auto live) { std::ranges::move(live, std::back_inserter(all)); });
    if (all.size() > limit) all.erase(all.begin() + static_cast<std::ptrdiff_t>(limit), all.end());
    return all;
  }

  LiveBySource connections_of(const model::ClusterName& cluster) const override {
    LiveBySource counted;
    gather<LiveBySource>(
        workers_, [&](Worker& worker, auto done) { worker.count_live(cluster, done); },
        [&](const auto& live) {
          for (const auto& [from, count] : live)
            counted[from] += count;
        });
    return counted;
  }

  model::Traffic traffic(const model::ClusterName& cluster) const override {
    const TrafficReport::Reading now{std::chrono::steady_clock::now(), base::SystemClock().now()};
    auto view = answer_of<std::shared_ptr<const View>>([&](auto done) { workers_.front()->read_view(done); });
    TrafficReport report(cluster, std::move(view), config_.listeners, now);
    // Workers carry connections: they copy, and what is more is done on this thread.
    std::vector<TrafficCopy> copies;
    if (report.cluster() != nullptr) {
      gather<TrafficCopy>(
          workers_, [&](Worker& worker, auto done) { worker.copy_traffic(*report.cluster(), report.serving(), done); },
          [&](TrafficCopy copy) { copies.push_back(std::move(copy)); });
    }
    for (const TrafficCopy& copy : copies)
      report.add(copy);
    bool remembers = !filters_.empty();
    if (filtering_) {
      for (const std::size_t listener : report.serving()) {
        remembers = remembers && filters_.filter(listener).remembers();
        report.add_drops(listener, filters_.filter(listener).drops());
      }
    }
    model::Traffic told = report.finish(begun_);
    const GatewayStats now_counted = stats();
    told.kernel_filter = now_counted.kernel_filter_active;
    told.kernel_sources = told.kernel_filter && remembers;
    told.kernel_dropped = now_counted.kernel_dropped_syns;
    told.untracked = now_counted.traffic_untracked;
    return told;
  }

  std::map<model::PoolName, std::vector<ServerHealth>> health() const override { return upstreams_.health(); }

  void hand_over(base::NamedDescriptors& to) override {
    swapper_->between_snapshots([this] { filters_.freeze(); });
    std::mutex mutex;
    each_listener([&](ListenerSocket& listener) {
      const std::lock_guard guard(mutex);
      to.add(handed_name(config_.listeners[listener.index]), listener.socket.duplicate());
    });
    if (!filtering_) return;
    for (std::size_t i = 0; i < filters_.size(); ++i)
      hand_over_filter(config_.listeners[i], filters_.filter(i), to);
  }

  void take_back() override {
    if (!filtering_) return;
    each_listener([this](ListenerSocket& listener) {
      if (listener.filtered) (void)filters_.filter(listener.index).attach(listener.socket.get());
    });
    thaw();
  }

  std::vector<Stranger> release() override {
    swapper_->let_go_of_inherited();
    std::vector<Stranger> all;
    gather<std::vector<Stranger>>(
        workers_, [](Worker& worker, auto done) { worker.release(done); },
        [&](auto strangers) { std::ranges::move(strangers, std::back_inserter(all)); });
    return all;
  }

  std::vector<Relay> relays() const override {
    std::vector<Relay> all;
    gather<std::vector<Relay>>(
        workers_, [](Worker& worker, auto done) { worker.relays(done); },
        [&](auto relays) { std::ranges::move(relays, std::back_inserter(all)); });
    return all;
  }

  std::uint64_t cut(const std::vector<std::uint64_t>& ids) override {
    const auto wanted = std::make_shared<const std::unordered_set<std::uint64_t>>(ids.begin(), ids.end());
    std::uint64_t total = 0;
    gather<std::uint64_t>(
        workers_, [&](Worker& worker, auto done) { worker.cut(wanted, done); },
        [&](std::uint64_t count) { total += count; });
    return total;
  }

  void begin(std::vector<Stranger> strangers) override {
    std::vector<std::vector<Stranger>> shares(workers_.size());
    for (std::size_t i = 0; i < strangers.size(); ++i)
      shares[i % shares.size()].push_back(std::move(strangers[i]));
    for (std::size_t i = 0; i < shares.size(); ++i)
      workers_[i]->begin(std::move(shares[i]));
    // The predecessor may have let more through since this process looked.
    if (filtering_) thaw();
  }

  CutCounts inherit(std::unique_ptr<Elsewhere> where, const std::vector<Relay>& relays) override {
    return swapper_->inherit(std::move(where), relays);
  }

  std::size_t inherited() const override { return swapper_->inherited(); }

 private:
  template <class Action>
  void each_listener(Action action) const {
    ask_all(workers_, [&action](Worker& worker, auto done) { worker.each_listener(action, done); });
  }

  void thaw() {
    swapper_->between_snapshots([this] {
      if (const auto thawed = filters_.thaw(); !thawed) drop_filters(thawed.error());
    });
  }

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
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  Workers workers_;
  std::unique_ptr<Swapper> swapper_;
};

}  // namespace

base::Result<std::unique_ptr<Gateway>> Gateway::start(GatewayConfig config, base::NamedDescriptors* handed) {
  if (config.workers == 0) config.workers = std::max(1U, std::thread::hardware_concurrency());
  base::NamedDescriptors none;
  auto opened = open_listeners(config, handed == nullptr ? none : *handed);
  if (!opened) return base::fail(opened.error());
  return std::make_unique<EpollGateway>(std::move(config), std::move(opened->sockets), std::move(opened->filters),
                                        handed == nullptr);
}

}  // namespace sallyport::gateway
