#include "dns/dns_server.h"

#include <sched.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <future>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/entropy.h"
#include "dns/tcp_service.h"
#include "dns/udp_worker.h"

namespace sallyport::dns {

namespace {

constexpr int kMostUdpWorkers = 4;

// Those this process is confined to: more workers than those would take turns. 0 where they cannot be counted.
int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

wire::DnsCookieMint::Secret fresh_secret() {
  wire::DnsCookieMint::Secret secret{};
  base::SystemEntropy entropy;
  entropy.fill(secret);
  return secret;
}

// In the order of Served::views.
std::vector<base::SocketAddress> addresses_of(const DnsConfig& config) {
  std::vector<base::SocketAddress> addresses = config.public_listeners;
  for (const auto& resolver : config.resolvers)
    addresses.push_back(resolver.bind);
  return addresses;
}

std::string udp_name(const base::SocketAddress& address) { return "dns udp " + address.to_string(); }
std::string tcp_name(const base::SocketAddress& address) { return "dns tcp " + address.to_string(); }

// A socket of every address for each worker. Those handed over are all taken: what waits at one nobody reads from
// would be lost.
base::Result<std::vector<std::vector<UdpWorker::Listening>>> udp_sockets(
    const std::vector<base::SocketAddress>& addresses, unsigned workers, base::NamedDescriptors& handed) {
  std::vector<std::vector<UdpWorker::Listening>> sockets(workers);
  for (std::size_t listener = 0; listener < addresses.size(); ++listener) {
    std::vector<base::Descriptor> present = handed.take_all(udp_name(addresses[listener]));
    // A further socket would have its share of what comes at once, and nobody to read it before this process begins.
    const std::size_t handed_over = present.size();
    for (std::size_t i = 0; handed_over > 0 && present.size() < workers; ++i)
      present.push_back(present[i % handed_over].duplicate());
    std::size_t count = 0;
    for (base::Descriptor& socket : present)
      sockets[count++ % workers].push_back({UdpSocket::adopt(std::move(socket), addresses[listener]), listener});
    while (count < workers) {
      auto bound = UdpSocket::bind(addresses[listener]);
      if (!bound) return base::fail(bound.error());
      sockets[count++].push_back({std::move(*bound), listener});
    }
  }
  return sockets;
}

class Server final : public DnsServer {
 public:
  explicit Server(DnsConfig config)
      : config_(std::move(config)),
        responder_(counters_, clock_, fresh_secret()),
        forwarder_(*io_, config_.forward, counters_),
        tcp_(*io_, responder_, forwarder_, counters_) {}

  ~Server() override {
    udp_.clear();
    io_->stop();
    if (io_thread_.joinable()) io_thread_.join();
    tcp_.stop();
    work_.reset();
    io_.reset();  // what is pending there uses the members below
  }

  base::Status open(base::NamedDescriptors* handed) {
    const auto addresses = addresses_of(config_);
    base::NamedDescriptors none;
    base::NamedDescriptors& present = handed == nullptr ? none : *handed;
    // TCP first: UDP sockets share their address, so a second server would be noticed by TCP alone.
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      if (auto listening = tcp_.listen(addresses[i], i, present.take(tcp_name(addresses[i]))); !listening) {
        return listening;
      }
    }
    const auto workers = static_cast<unsigned>(std::clamp(usable_processors(), 1, kMostUdpWorkers));
    auto sockets = udp_sockets(addresses, workers, present);
    if (!sockets) return base::fail(sockets.error());
    for (auto& of_worker : *sockets) {
      auto worker = UdpWorker::start(std::move(of_worker), handed == nullptr, responder_, forwarder_, counters_);
      if (!worker) return base::fail(worker.error());
      udp_.push_back(std::move(*worker));
    }
    if (handed == nullptr) tcp_.start();
    io_thread_ = std::thread([this] { run_io(); });
    return {};
  }

  void apply(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge) override {
    const model::Revision revision = snapshot->revision;
    auto made = make_served(config_, std::move(snapshot));
    if (!made) {
      acknowledge({revision, {}, made.error()});
      return;
    }
    const auto served = std::make_shared<const Served>(std::move(*made));
    const auto rollout = std::make_shared<Rollout>(revision, udp_.size() + 1, std::move(acknowledge));
    const std::lock_guard lock(apply_mutex_);  // every worker gets the snapshots in the same order
    report_ambiguous(*served);
    for (const auto& worker : udp_)
      worker->deliver({served, rollout});
    tcp_.deliver({served, rollout});
  }

  DnsStats stats() const override { return counters_.read(); }

  void hand_over(base::NamedDescriptors& to) override {
    const auto addresses = addresses_of(config_);
    auto tcp = tcp_.listening();
    std::vector<std::string> udp_names;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      to.add(tcp_name(addresses[i]), std::move(tcp[i]));
      udp_names.push_back(udp_name(addresses[i]));
    }
    for (const auto& worker : udp_)
      worker->hand_over(udp_names, to);
  }

  void begin() override {
    for (const auto& worker : udp_)
      worker->begin();
    tcp_.start();
  }

  void release() override {
    for (const auto& worker : udp_)
      worker->release();
    std::promise<void> released;
    tcp_.release([&released] { released.set_value(); });
    released.get_future().wait();
  }

 private:
  // Handlers that throw end themselves, not the others.
  void run_io() {
    for (;;) {
      try {
        io_->run();
        return;
      } catch (const std::exception& error) {
        spdlog::error("dns: {}", error.what());
      }
    }
  }

  void report_ambiguous(const Served& served) {
    std::set<base::SocketAddress> ambiguous(served.ambiguous.begin(), served.ambiguous.end());
    for (const auto& address : ambiguous) {
      if (ambiguous_.contains(address)) continue;
      spdlog::warn(
          "dns: resolver {} lies in several VPCs and refuses every query; set vpc in its [dns] resolvers entry",
          address.to_string());
    }
    ambiguous_ = std::move(ambiguous);
  }

  const DnsConfig config_;
  const base::SystemClock clock_;
  Counters counters_;
  std::unique_ptr<boost::asio::io_context> io_ = std::make_unique<boost::asio::io_context>(1);
  // Before `begin` nothing else is pending there.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_->get_executor()};
  Responder responder_;
  Forwarder forwarder_;
  TcpService tcp_;
  std::vector<std::unique_ptr<UdpWorker>> udp_;
  std::thread io_thread_;
  std::mutex apply_mutex_;
  std::set<base::SocketAddress> ambiguous_;  // already logged
};

}  // namespace

base::Result<std::unique_ptr<DnsServer>> DnsServer::start(DnsConfig config, base::NamedDescriptors* handed) {
  try {
    auto server = std::make_unique<Server>(std::move(config));
    if (auto opened = server->open(handed); !opened) return base::fail(opened.error());
    return server;
  } catch (const std::exception& error) {
    return base::fail(base::ErrorKind::kInternal, std::string("dns: cannot start: ") + error.what(), "dns");
  }
}

}  // namespace sallyport::dns
