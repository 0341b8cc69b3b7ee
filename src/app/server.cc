#include "app/server.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "app/authority.h"
#include "app/data_dir.h"
#include "app/draining_process.h"
#include "app/handover_host.h"
#include "app/health_prober.h"
#include "app/nodes.h"
#include "app/relay_keeper.h"
#include "base/entropy.h"
#include "base/limits.h"
#include "base/time.h"

namespace sallyport::app {

namespace {

using base::fail;
using Steady = std::chrono::steady_clock;

constexpr const char* kLockName = "lock";
constexpr auto kDrainPoll = std::chrono::milliseconds(50);

std::string absolute(const std::string& path) {
  std::error_code failed;
  const auto full = std::filesystem::absolute(path, failed);
  return failed ? path : full.string();
}

class AllRoles final : public Server {
 public:
  AllRoles(const Config& config, handover::Successor* predecessor)
      : config_(config),
        paths_{absolute(config.data_dir)},
        started_at_(clock_.now()),
        predecessor_(predecessor),
        handed_(predecessor == nullptr ? nullptr : &predecessor->handed()) {}
  ~AllRoles() override { host_.reset(); }
  AllRoles(const AllRoles&) = delete;
  AllRoles& operator=(const AllRoles&) = delete;

  base::Status prepare() {
    if (auto locked = lock(); !locked) return locked;
    if (auto started = nodes_.start(config_, handed_); !started) return started;
    if (predecessor_ != nullptr) {
      if (auto yielded = predecessor_->wait_for_the_store(); !yielded) return yielded;
      if (auto is_signed = sign_lock(paths_, lock_); !is_signed) return is_signed;
    }
    return start_authority();
  }

  base::Result<bool> open_for_business(const std::function<bool()>& give_up) override {
    auto enforced = nodes_.wait_for(authority_->published(), give_up);
    if (!enforced || !*enforced) return enforced;
    base::NamedDescriptors none;
    if (auto opened = authority_->open(handed_ == nullptr ? none : *handed_); !opened) return fail(opened.error());
    if (predecessor_ != nullptr) nodes_.begin(predecessor_->serve());
    if (auto judged = nodes_.judge_draining(paths_.root); !judged) return fail(judged.error());
    authority_->serve();
    predecessor_ = nullptr;
    handed_ = nullptr;
    return true;
  }

  base::Status await_successor(std::function<void(pid_t)> handed_over) override {
    auto host = handover::Host::open(paths_.handover_socket(),
                                     {.offer = [this] { return offer(); },
                                      .yield = [this] { yield(); },
                                      .take_back = [this] { return take_back(); },
                                      .release = [this] { return release(); },
                                      .handed_over =
                                          [this, handed_over = std::move(handed_over)](pid_t successor) {
                                            handed_over_ = true;
                                            handed_over(successor);
                                          }});
    if (!host) return fail(host.error());
    host_ = *std::move(host);
    return {};
  }

  bool handed_over() const override { return handed_over_; }

  void read_certificates_again() override {
    const std::lock_guard lock(authority_mutex_);
    if (authority_) authority_->read_certificates_again();
  }

  void drain() override {
    host_.reset();
    if (handed_over_) return drain_relays();
    if (authority_) authority_->drain();
    if (const auto draining = handover::find_draining(paths_.root)) {
      for (const auto& process : *draining)
        process->ask_to_leave();
    }
    if (nodes_.gateway() != nullptr) nodes_.gateway()->drain(base::limits::kDrainTime);
  }

 private:
  base::Status lock() {
    // The same open file holds the lock in both processes: no third one gets between them.
    if (handed_ != nullptr) lock_ = handed_->take(kLockName);
    if (lock_.valid()) return {};
    auto taken = take_data_dir(paths_);
    if (!taken) return fail(taken.error());
    lock_ = *std::move(taken);
    return {};
  }

  base::Status start_authority() {
    auto started =
        Authority::start({.config = config_,
                          .paths = paths_,
                          .clock = clock_,
                          .entropy = entropy_,
                          .published = published_,
                          .started_at = started_at_},
                         {.gateway = nodes_.gateway(), .dns = nodes_.dns(), .nodes = nodes_.of_control(published_)});
    if (!started) return fail(started.error());
    const std::lock_guard lock(authority_mutex_);
    authority_ = *std::move(started);
    return {};
  }

  base::NamedDescriptors offer() {
    base::NamedDescriptors offered;
    offered.add(kLockName, lock_.duplicate());
    if (nodes_.gateway() != nullptr) nodes_.gateway()->hand_over(offered);
    if (nodes_.dns() != nullptr) nodes_.dns()->hand_over(offered);
    // Kept as well, lest connections that wait be lost with the last server that has the socket.
    authority_->hand_over(kept_);
    for (const auto& [name, socket] : kept_.entries())
      offered.add(name, socket.duplicate());
    return offered;
  }

  void yield() {
    authority_->drain();
    authority_->finish();
    const std::lock_guard lock(authority_mutex_);
    authority_.reset();
  }

  base::Status take_back() {
    if (nodes_.gateway() != nullptr) nodes_.gateway()->take_back();
    if (!authority_) {
      if (auto is_signed = sign_lock(paths_, lock_); !is_signed) return is_signed;
      auto restored = start_authority();
      if (restored) restored = authority_->open(kept_);
      if (!restored) {
        const std::lock_guard lock(authority_mutex_);
        authority_.reset();
        return restored;
      }
      authority_->serve();
    }
    kept_ = {};
    return {};
  }

  std::vector<gateway::Stranger> release() {
    std::vector<gateway::Stranger> strangers;
    if (nodes_.dns() != nullptr) nodes_.dns()->release();
    if (nodes_.gateway() != nullptr) {
      strangers = nodes_.gateway()->release();
      auto keeper = handover::RelayKeeper::open(
          handover::draining_socket(paths_.root, ::getpid()), *nodes_.gateway(),
          [this] { return nodes_.gateway()->stats().active; }, [this] { leave_ = true; });
      if (keeper) {
        keeper_ = *std::move(keeper);
      } else {
        spdlog::error("relays end now, for nobody could revoke them: {}", keeper.error().message);
        nodes_.gateway()->drain(base::Millis(0));
      }
    }
    kept_ = {};
    lock_ = {};
    return strangers;
  }

  // DNS answers what was forwarded before it goes.
  void drain_relays() {
    const auto least = Steady::now() + base::limits::kDnsForwardTime;
    auto deadline = Steady::now() + config_.handover_drain;
    bool leaving = false;
    const auto relays = [this] { return nodes_.gateway() != nullptr ? nodes_.gateway()->stats().active : 0; };
    while (Steady::now() < deadline && (relays() > 0 || (nodes_.dns() != nullptr && Steady::now() < least))) {
      if (leave_ && !std::exchange(leaving, true))
        deadline = std::min<Steady::time_point>(deadline, Steady::now() + base::limits::kDrainTime);
      std::this_thread::sleep_for(kDrainPoll);
    }
    if (nodes_.gateway() != nullptr) nodes_.gateway()->drain(base::Millis(0));
    keeper_.reset();
  }

  const base::SystemClock clock_;
  base::SystemEntropy entropy_;
  const Config config_;
  const DataPaths paths_;
  const base::Time started_at_;
  handover::Successor* predecessor_;
  base::NamedDescriptors* handed_;
  base::Descriptor lock_;
  Bell published_;
  // In the order of dependence: what stands lower is destroyed first. The nodes outlive the control plane,
  // which calls them; their late acknowledgements are its business.
  Nodes nodes_;
  std::mutex authority_mutex_;  // for who is not the host's thread, while there is one
  std::unique_ptr<Authority> authority_;
  base::NamedDescriptors kept_;  // the servers' sockets during a handover
  std::atomic<bool> handed_over_ = false;
  std::atomic<bool> leave_ = false;
  std::unique_ptr<handover::RelayKeeper> keeper_;
  std::unique_ptr<handover::Host> host_;
};

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(const Config& config, handover::Successor* predecessor) {
  auto server = std::make_unique<AllRoles>(config, predecessor);
  if (const auto prepared = server->prepare(); !prepared) return fail(prepared.error());
  return server;
}

}  // namespace sallyport::app
