// How a worker's connection comes to its API server: the servers of the pool in turn, and side by side where one is
// slow to answer.

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "base/limits.h"
#include "gateway/sockets.h"
#include "gateway/worker.h"

namespace sallyport::gateway {

void Worker::connect_upstream(Connection& connection) {
  while (connection.tried < connection.candidates.size()) {
    const base::SocketAddress& server = connection.candidates[connection.tried++];
    base::Descriptor socket = connect_to(server);
    if (!socket.valid()) {
      if (!out_of_resources(errno)) upstreams_.failed(server, std::generic_category().message(errno));
      continue;
    }
    tune(socket.get());
    connection.upstream = std::make_unique<UpstreamEnd>();
    UpstreamEnd& end = *connection.upstream;
    end.kind = Watched::Kind::kUpstream;
    end.connection = &connection;
    end.server = server;
    end.socket = std::move(socket);
    const bool more = connection.tried < connection.candidates.size();
    set_deadline(connection,
                 more ? Clock::duration(base::limits::kUpstreamRaceTime) : base::limits::kUpstreamConnectTime);
    // A server nearby has answered by now. When it refused, another was tried in its place.
    if (greet(end)) start_relay(end);
    return;
  }
  if (!connection.earlier.empty()) return set_deadline(connection, base::limits::kUpstreamConnectTime);
  Counters::add(counters_.upstream_failures);
  reset(connection);
}

void Worker::race_or_give_up(Connection& connection) {
  if (connection.tried < connection.candidates.size()) {
    Counters::add(counters_.upstream_races);
    // Only so many are pending as a pool has servers.
    if (connection.upstream != nullptr) connection.earlier.push_back(std::move(connection.upstream));
    return connect_upstream(connection);
  }
  if (connection.upstream != nullptr) connection.earlier.push_back(std::move(connection.upstream));
  for (const auto& end : connection.earlier)
    upstreams_.failed(end->server, "no answer to a TCP connection");
  Counters::add(counters_.upstream_failures);
  reset(connection);
}

// Sends the first bytes. True once the server takes them, which tells that it is connected; until then epoll is
// asked. Where it will never be, another takes its place.
bool Worker::greet(UpstreamEnd& end) {
  Connection& connection = *end.connection;
  const auto& first = connection.received;
  const ssize_t sent = ::send(end.socket.get(), first.data(), first.size(), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
    watch_end(end, EPOLLOUT);
    return false;
  }
  if (sent < 0) {
    lost(connection, end, std::generic_category().message(errno));
    return false;
  }
  const auto taken = static_cast<std::size_t>(sent);
  if (taken < first.size()) {
    connection.to_upstream.pending = buffers_.copy(std::span(first).subspan(taken));
    end.writable = false;
  }
  return true;
}

void Worker::lost(Connection& connection, UpstreamEnd& end, const std::string& problem) {
  upstreams_.failed(end.server, problem);
  if (&end == connection.upstream.get()) {
    spend(connection.upstream);
    return connect_upstream(connection);
  }
  const auto found = std::ranges::find(connection.earlier, &end, &std::unique_ptr<UpstreamEnd>::get);
  spend(*found);
  connection.earlier.erase(found);
  if (connection.upstream == nullptr) connect_upstream(connection);
}

void Worker::spend(std::unique_ptr<UpstreamEnd>& end) {
  let_go(*end);
  spent_.push_back(std::move(end));
}

void Worker::start_relay(UpstreamEnd& end) {
  Connection& connection = *end.connection;
  if (&end != connection.upstream.get()) {
    const auto won = std::ranges::find(connection.earlier, &end, &std::unique_ptr<UpstreamEnd>::get);
    std::swap(connection.upstream, *won);
  }
  for (auto& other : connection.earlier) {
    if (other != nullptr) spend(other);
  }
  std::vector<std::unique_ptr<UpstreamEnd>>().swap(connection.earlier);
  clear_deadline(connection);
  connection.phase = Phase::kRelaying;
  std::vector<base::SocketAddress>().swap(connection.candidates);
  Counters::add(counters_.relayed);
  connection.to_upstream.bytes = connection.received.size();
  Counters::add(counters_.bytes_to_upstream, connection.received.size());
  std::vector<std::uint8_t>().swap(connection.received);
  watch_end(connection.client, EPOLLIN);
  watch_end(end, EPOLLIN);
  relay(connection, true, true);
}

}  // namespace sallyport::gateway
