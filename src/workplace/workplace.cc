#include "workplace/workplace.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <utility>

#include <boost/asio/io_context.hpp>

#include "base/entropy.h"
#include "net/door.h"
#include "net/listen.h"
#include "workplace/front.h"
#include "workplace/hub.h"
#include "workplace/launch.h"

namespace sallyport::workplace {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class Running final : public Workplace {
 public:
  explicit Running(WorkplaceConfig config) : config_(std::move(config)), hub_(config_, clock_, entropy_) {}

  base::Status open() {
    if (auto works = try_sandbox(config_); !works) return works;
    if (auto cgroups = Cgroups::take()) {
      hub_.cgroups.emplace(*std::move(cgroups));
      spdlog::info("a cgroup bounds the processes, memory and CPU of each session");
    } else {
      spdlog::warn("no cgroup bounds a session as a whole, only limits on each of its processes: {}",
                   cgroups.error().message);
    }
    if (config_.tls_cert_file && config_.tls_key_file) {
      auto tls = net::make_tls(*config_.tls_cert_file, *config_.tls_key_file);
      if (!tls) return base::fail(tls.error());
      tls_ = *std::move(tls);
    }
    for (const auto& address : config_.listen) {
      auto bound = door_.listen(address, [this](tcp::socket socket) { return admit(std::move(socket)); });
      if (!bound) return bound;
    }
    door_.open(config_.threads);
    return {};
  }

  void drain(base::Millis patience) override {
    door_.close();
    hub_.drain(patience);
  }

  WorkplaceStats stats() override {
    const auto counts = hub_.table.counts(Steady::now());
    WorkplaceStats stats;
    stats.sessions_running = counts.running;
    stats.sessions_waiting = counts.waiting;
    stats.sessions_granted = hub_.granted;
    stats.connections = hub_.connections();
    stats.bytes_from_browser = hub_.bytes_from_browser;
    stats.bytes_to_browser = hub_.bytes_to_browser;
    for (std::size_t i = 0; i < kReasons; ++i)
      stats.ended.emplace(to_string(static_cast<Reason>(i)), hub_.ended.at(i));
    stats.refused = {{"source", hub_.refused_source},
                     {"secret", hub_.refused_secret},
                     {"request", hub_.refused_request},
                     {"limit", hub_.refused_limit},
                     {"ticket", hub_.refused_ticket}};
    stats.cgroups = hub_.cgroups.has_value();
    return stats;
  }

  const std::vector<base::SocketAddress>& addresses() const override { return door_.addresses(); }

 private:
  asio::awaitable<void> admit(tcp::socket socket) {
    if (!hub_.enter()) return {};
    return serve_connection(hub_, std::move(socket), tls_.get());
  }

  // Destroyed from the last to the first: connections, inside io_, use what stands before it.
  const WorkplaceConfig config_;
  const base::SystemClock clock_;
  base::SystemEntropy entropy_;
  std::unique_ptr<asio::ssl::context> tls_;
  Hub hub_;
  asio::io_context io_;
  net::Door door_{io_, "workplace"};
};

// What keeps sessions apart, or why they could not be.
base::Status settle_uids(WorkplaceConfig& config) {
  if (config.uids && !may_change_uid()) {
    spdlog::warn(
        "sessions all run as user {}, kept apart by namespaces alone: this process may not change the user; "
        "give it CAP_SETUID, CAP_SETGID and CAP_KILL for a user of each principal's own",
        ::getuid());
    config.uids.reset();
  }
  if (!config.uids && ::geteuid() == 0) {
    return base::fail(base::ErrorKind::kInvalidParameter,
                      "shells would run as root; set uids = [70000, 74095], or start the workplace as another user",
                      "uids");
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Workplace>> Workplace::start(WorkplaceConfig config) {
  if (auto settled = settle_uids(config); !settled) return base::fail(settled.error());
  auto running = std::make_unique<Running>(std::move(config));
  if (auto opened = running->open(); !opened) return base::fail(opened.error());
  return running;
}

}  // namespace sallyport::workplace
