#include "workplace/workplace.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <list>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/entropy.h"
#include "net/listen.h"
#include "workplace/front.h"
#include "workplace/hub.h"
#include "workplace/launch.h"

namespace sallyport::workplace {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptRetry{100};

void log_failure(const std::exception_ptr& error) {
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& caught) {
    spdlog::error("a workplace connection failed: {}", caught.what());
  }
}

class Running final : public Workplace {
 public:
  explicit Running(WorkplaceConfig config)
      : config_(std::move(config)), hub_(config_, clock_, entropy_), work_(io_.get_executor()) {}

  ~Running() override {
    io_.stop();
    for (std::thread& thread : threads_)
      thread.join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

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
      auto acceptor = net::listen_tcp(io_, address);
      if (!acceptor) return base::fail(acceptor.error());
      error_code error;
      addresses_.push_back(net::address_of(acceptor->local_endpoint(error)));
      doors_.push_back(*std::move(acceptor));
    }
    return {};
  }

  void run() {
    for (tcp::acceptor& door : doors_)
      asio::co_spawn(door.get_executor(), accept(door), asio::detached);
    for (unsigned i = 0; i < std::max(config_.threads, 1U); ++i)
      threads_.emplace_back([this] { io_.run(); });
  }

  void drain(base::Millis patience) override {
    for (tcp::acceptor& door : doors_) {
      asio::post(door.get_executor(), [&door] {
        error_code ignored;
        door.close(ignored);
      });
    }
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

  const std::vector<base::SocketAddress>& addresses() const override { return addresses_; }

 private:
  asio::awaitable<void> accept(tcp::acceptor& door) {
    asio::steady_timer pause(door.get_executor());
    while (door.is_open()) {
      error_code error;
      const asio::any_io_executor strand(asio::make_strand(io_));
      tcp::socket socket = co_await door.async_accept(strand, asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        // Out of descriptors, most likely; the connection stays in the queue, so trying again at once would spin.
        spdlog::warn("the workplace cannot accept a connection: {}", error.message());
        pause.expires_after(kAcceptRetry);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      admit(std::move(socket));
    }
  }

  void admit(tcp::socket socket) {
    if (!hub_.enter()) return;  // closes it
    error_code error;
    socket.set_option(tcp::no_delay(true), error);
    socket.set_option(asio::socket_base::keep_alive(true), error);
    const auto strand = socket.get_executor();
    auto serving = serve_connection(hub_, std::move(socket), tls_.get());
    asio::co_spawn(strand, std::move(serving), log_failure);
  }

  // Destroyed from the last to the first: connections, inside io_, use what stands before it.
  const WorkplaceConfig config_;
  const base::SystemClock clock_;
  base::SystemEntropy entropy_;
  std::unique_ptr<asio::ssl::context> tls_;
  Hub hub_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::list<tcp::acceptor> doors_;
  std::vector<base::SocketAddress> addresses_;
  std::vector<std::thread> threads_;
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
  running->run();
  return running;
}

}  // namespace sallyport::workplace
