#include "app/server.h"

#include <fcntl.h>
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

#include "app/ack_gate.h"
#include "app/authority.h"
#include "app/data_dir.h"
#include "app/draining_process.h"
#include "app/handover_host.h"
#include "app/health_prober.h"
#include "app/relay_keeper.h"
#include "app/switch_order.h"
#include "base/entropy.h"
#include "base/limits.h"
#include "base/time.h"

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;
using Steady = std::chrono::steady_clock;

constexpr const char* kLockName = "lock";
constexpr auto kPoll = std::chrono::milliseconds(5);
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
    if (auto started = start_nodes(); !started) return started;
    if (predecessor_ != nullptr) {
      if (auto yielded = predecessor_->wait_for_the_store(); !yielded) return yielded;
      if (auto is_signed = sign_lock(paths_, lock_); !is_signed) return is_signed;
    }
    return start_authority();
  }

  base::Result<bool> open_for_business(const std::function<bool()>& give_up) override {
    auto enforced = wait_for_nodes(give_up);
    if (!enforced || !*enforced) return enforced;
    base::NamedDescriptors none;
    if (auto opened = authority_->open(handed_ == nullptr ? none : *handed_); !opened) return fail(opened.error());
    if (predecessor_ != nullptr) begin(predecessor_->serve());
    judge_draining();
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
    for (const auto& process : handover::find_draining(paths_.root))
      process->ask_to_leave();
    if (gateway_) gateway_->drain(base::limits::kDrainTime);
  }

 private:
  base::Status lock() {
    // The same open file holds the lock in both processes: no third one gets between them.
    if (handed_ != nullptr) lock_ = Descriptor(handed_->take(kLockName).release());
    if (lock_) return {};
    auto taken = take_data_dir(paths_);
    if (!taken) return fail(taken.error());
    lock_ = *std::move(taken);
    return {};
  }

  // Gateway and DNS, as far as the configuration has them.
  base::Status start_nodes() {
    if (config_.has_gateway()) {
      gateway::GatewayConfig of_gateway = config_.gateway;
      if (config_.has_dns()) {
        of_gateway.before_closing = [this] {
          if (order_.opened(base::limits::kNamesTime)) return;
          spdlog::warn("DNS is late, the gateway closes what it must without waiting longer");
        };
      }
      auto gateway = gateway::Gateway::start(std::move(of_gateway), handed_);
      if (!gateway) return fail(gateway.error());
      gateway_ = *std::move(gateway);
    }
    if (config_.has_dns()) {
      auto dns = dns::DnsServer::start(config_.dns, handed_);
      if (!dns) return fail(dns.error());
      dns_ = *std::move(dns);
    }
    return {};
  }

  std::vector<control::Node> nodes() {
    std::vector<control::Node> nodes;
    const bool ordered = gateway_ && dns_;
    const auto add = [&](const char* name, model::ApplyFn apply) {
      nodes.push_back({name, [this, node = nodes.size(), apply = std::move(apply)](model::SnapshotPtr snapshot,
                                                                                   model::AcknowledgeFn done) {
                         apply(std::move(snapshot), gate_.hold(node, std::move(done)));
                         published_.ring();
                       }});
    };
    if (gateway_) {
      add("gateway", [this, ordered](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
        ordered ? order_.apply_to_gateway(std::move(snapshot), std::move(done))
                : gateway_->apply(std::move(snapshot), std::move(done));
      });
    }
    if (dns_) {
      add("dns", [this, ordered](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
        ordered ? order_.apply_to_dns(snapshot, std::move(done)) : dns_->apply(std::move(snapshot), std::move(done));
      });
    }
    return nodes;
  }

  base::Status start_authority() {
    auto started = Authority::start({.config = config_,
                                     .paths = paths_,
                                     .clock = clock_,
                                     .entropy = entropy_,
                                     .published = published_,
                                     .started_at = started_at_},
                                    {.gateway = gateway_.get(), .dns = dns_.get(), .nodes = nodes()});
    if (!started) return fail(started.error());
    const std::lock_guard lock(authority_mutex_);
    authority_ = *std::move(started);
    return {};
  }

  base::Result<bool> wait_for_nodes(const std::function<bool()>& give_up) const {
    const model::Revision wanted = authority_->published();
    const auto deadline = Steady::now() + base::limits::kAcknowledgeTime;
    std::vector<std::string> names;
    if (gateway_) names.emplace_back("gateway");
    if (dns_) names.emplace_back("dns");
    for (std::size_t node = 0; node < names.size();) {
      const auto last = gate_.last(node);
      if (last && last->error) {
        return fail(ErrorKind::kInternal,
                    "the " + names[node] + " cannot enforce the stored state: " + last->error->message);
      }
      if (last && last->revision >= wanted) {
        ++node;
        continue;
      }
      if (Steady::now() > deadline) {
        return fail(ErrorKind::kUnavailable, "the " + names[node] + " did not enforce the stored state in time");
      }
      if (give_up()) return false;
      std::this_thread::sleep_for(kPoll);
    }
    return true;
  }

  void begin(std::vector<gateway::Stranger> strangers) {
    if (gateway_) gateway_->begin(std::move(strangers));
    if (dns_) dns_->begin();
  }

  // Relays of earlier processes are subject to every snapshot from here on, before that is acknowledged.
  void judge_draining() {
    gateway::CutCounts cuts;
    for (auto& process : handover::find_draining(paths_.root)) {
      auto relays = process->relays();
      if (!relays || !gateway_) {
        spdlog::warn("process {} holds relays that cannot be judged, and is ended: {}", process->pid(),
                     relays ? "no gateway is configured" : relays.error().message);
        process->end();
        continue;
      }
      spdlog::info("process {} goes on with {} connections", process->pid(), relays->size());
      for (const auto& [cluster, count] : gateway_->inherit(std::move(process), *std::move(relays)))
        cuts[cluster] += count;
    }
    gate_.open(cuts);
  }

  base::NamedDescriptors offer() {
    base::NamedDescriptors offered;
    offered.add(kLockName, base::Descriptor(::fcntl(lock_.get(), F_DUPFD_CLOEXEC, 0)));
    if (gateway_) gateway_->hand_over(offered);
    if (dns_) dns_->hand_over(offered);
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
    if (gateway_) gateway_->take_back();
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
    if (dns_) dns_->release();
    if (gateway_) {
      strangers = gateway_->release();
      auto keeper = handover::RelayKeeper::open(
          handover::draining_socket(paths_.root, ::getpid()), *gateway_, [this] { return gateway_->stats().active; },
          [this] { leave_ = true; });
      if (keeper) {
        keeper_ = *std::move(keeper);
      } else {
        spdlog::error("relays end now, for nobody could revoke them: {}", keeper.error().message);
        gateway_->drain(base::Millis(0));
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
    const auto relays = [this] { return gateway_ ? gateway_->stats().active : 0; };
    while (Steady::now() < deadline && (relays() > 0 || (dns_ && Steady::now() < least))) {
      if (leave_ && !std::exchange(leaving, true))
        deadline = std::min<Steady::time_point>(deadline, Steady::now() + base::limits::kDrainTime);
      std::this_thread::sleep_for(kDrainPoll);
    }
    if (gateway_) gateway_->drain(base::Millis(0));
    keeper_.reset();
  }

  const base::SystemClock clock_;
  base::SystemEntropy entropy_;
  const Config config_;
  const DataPaths paths_;
  const base::Time started_at_;
  handover::Successor* predecessor_;
  base::NamedDescriptors* handed_;
  Descriptor lock_;
  Bell published_;
  AckGate gate_;
  // The gateway, while it ends, may still hand DNS a snapshot.
  SwitchOrder order_{[this](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                       gateway_->apply(std::move(snapshot), std::move(done));
                     },
                     [this](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                       dns_->apply(std::move(snapshot), std::move(done));
                     }};
  // In the order of dependence: what stands lower is destroyed first. The nodes outlive the control plane,
  // which calls them; their late acknowledgements are its business.
  std::unique_ptr<dns::DnsServer> dns_;
  std::unique_ptr<gateway::Gateway> gateway_;
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
