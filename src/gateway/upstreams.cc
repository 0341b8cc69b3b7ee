#include "gateway/upstreams.h"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <set>
#include <span>
#include <system_error>

#include "gateway/sockets.h"

namespace sallyport::gateway {

namespace {

constexpr auto kCheckEvery = std::chrono::seconds(2);
constexpr auto kCheckTime = std::chrono::seconds(2);
constexpr std::size_t kChecksAtOnce = 256;

struct Check {
  base::SocketAddress server;
  base::Descriptor socket;
};

}  // namespace

Upstreams::Upstreams() : thread_([this] { run(); }) {}

Upstreams::~Upstreams() {
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Upstreams::watch(const model::Snapshot& snapshot) {
  const std::lock_guard guard(mutex_);
  pools_ = snapshot.pools;
  wake_.notify_all();
}

std::vector<base::SocketAddress> Upstreams::candidates(const model::Pool& pool) {
  std::vector<base::SocketAddress> servers = pool.servers;
  if (servers.size() < 2) return servers;
  const std::size_t first = turn_.fetch_add(1, std::memory_order_relaxed) % servers.size();
  std::ranges::rotate(servers, servers.begin() + static_cast<std::ptrdiff_t>(first));
  const std::lock_guard guard(mutex_);
  if (!problems_.empty()) {
    std::ranges::stable_partition(servers, [this](const auto& server) { return !problems_.contains(server); });
  }
  return servers;
}

void Upstreams::failed(const base::SocketAddress& server, const std::string& problem) { record(server, problem); }
void Upstreams::succeeded(const base::SocketAddress& server) { record(server, {}); }

void Upstreams::record(const base::SocketAddress& server, const std::string& problem) {
  bool changed = false;
  {
    const std::lock_guard guard(mutex_);
    changed = problem.empty() ? problems_.erase(server) > 0 : problems_.insert_or_assign(server, problem).second;
  }
  if (!changed) return;
  if (problem.empty()) {
    spdlog::info("api server up server={}", server.to_string());
  } else {
    spdlog::warn("api server down server={} problem=\"{}\"", server.to_string(), problem);
  }
}

std::map<model::PoolName, std::vector<ServerHealth>> Upstreams::health() const {
  const std::lock_guard guard(mutex_);
  std::map<model::PoolName, std::vector<ServerHealth>> health;
  for (const auto& [name, pool] : pools_) {
    for (const base::SocketAddress& server : pool->servers) {
      const auto problem = problems_.find(server);
      const bool healthy = problem == problems_.end();
      health[name].push_back({.server = server, .healthy = healthy, .problem = healthy ? "" : problem->second});
    }
  }
  return health;
}

void Upstreams::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    std::set<base::SocketAddress> servers;
    for (const auto& [name, pool] : pools_)
      servers.insert(pool->servers.begin(), pool->servers.end());
    std::erase_if(problems_, [&](const auto& entry) { return !servers.contains(entry.first); });
    lock.unlock();
    check({servers.begin(), servers.end()});
    lock.lock();
    wake_.wait_for(lock, kCheckEvery, [this] { return stopping_; });
  }
}

void Upstreams::check(const std::vector<base::SocketAddress>& servers) {
  for (std::size_t at = 0; at < servers.size(); at += kChecksAtOnce) {
    std::vector<Check> checks;
    for (std::size_t i = at; i < std::min(servers.size(), at + kChecksAtOnce); ++i) {
      checks.push_back({servers[i], connect_to(servers[i])});
      if (!checks.back().socket.valid()) {
        // Our own lack of descriptors says nothing about the server.
        if (!out_of_resources(errno)) {
          record(servers[i], std::generic_category().message(errno));
        }
        checks.pop_back();
      }
    }
    const auto deadline = std::chrono::steady_clock::now() + kCheckTime;
    while (!checks.empty()) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) break;
      std::vector<pollfd> waits;
      waits.reserve(checks.size());
      for (const Check& check : checks)
        waits.push_back({.fd = check.socket.get(), .events = POLLOUT, .revents = 0});
      if (::poll(waits.data(), waits.size(), static_cast<int>(left.count())) <= 0) continue;
      for (std::size_t i = checks.size(); i-- > 0;) {
        if (waits[i].revents == 0) continue;
        const int error = connect_result(checks[i].socket.get());
        record(checks[i].server, error == 0 ? std::string() : std::generic_category().message(error));
        checks.erase(checks.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    for (const Check& check : checks)
      record(check.server, "no answer to a TCP connection");
  }
}

}  // namespace sallyport::gateway
