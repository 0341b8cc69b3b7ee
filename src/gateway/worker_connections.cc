// The life of a connection on a worker: accepted, named by its ClientHello, connected upstream, relayed.

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>

#include "base/limits.h"
#include "gateway/sockets.h"
#include "gateway/syn_filter.h"
#include "gateway/worker.h"
#include "wire/client_hello.h"
#include "wire/proxy_protocol.h"

namespace sallyport::gateway {

namespace {

constexpr auto kPauseWithoutDescriptors = std::chrono::milliseconds(100);

void note(End& end, std::uint32_t events) {
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) end.readable = true;
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) end.hung_up = true;
  if ((events & EPOLLOUT) != 0) end.writable = true;
}

bool speaks_proxy(const GatewayConfig& config, const base::IpAddress& source) {
  return std::ranges::any_of(config.proxy_protocol_from, [&](const auto& block) { return block.contains(source); });
}

}  // namespace

bool Worker::on_listener(ListenerSocket& listener) {
  if (!listener.socket.valid()) return false;
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    Accepted accepted = accept_one(listener.socket.get());
    if (!accepted.socket.valid()) {
      // Without a descriptor to spare the connection stays in the backlog and the socket readable: look away.
      if (out_of_resources(errno)) pause_listeners(Clock::now() + kPauseWithoutDescriptors);
      return false;
    }
    Counters::add(counters_.accepted);
    adopt(std::move(accepted.socket), accepted.source, listener);
  }
  return true;
}

void Worker::pause_listeners(Clock::time_point until) {
  Counters::add(counters_.refused_overload);
  if (paused_until_ == Clock::time_point{}) {
    for (const ListenerSocket& listener : listeners_) {
      (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener.socket.get(), nullptr);
    }
  }
  paused_until_ = until;
}

void Worker::resume_listeners() {
  paused_until_ = {};
  for (ListenerSocket& listener : listeners_) {
    if (listener.socket.valid()) watch(listener, listener.socket.get(), EPOLLIN);
  }
}

// Another process may have the socket too, and then closing it here takes it from no epoll.
void Worker::close_listener(ListenerSocket& listener) {
  (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener.socket.get(), nullptr);
  listener.socket.reset();
}

void Worker::adopt(base::Descriptor socket, const base::SocketAddress& source, const ListenerSocket& listener) {
  if (room_.fetch_sub(1, std::memory_order_relaxed) <= 0) {
    room_.fetch_add(1, std::memory_order_relaxed);
    Counters::add(counters_.refused_overload);
    reset_on_close(socket.get());
    return;
  }
  if (listener.filtered) SynFilter::detach(socket.get());

  Connection& connection = admit_client(std::move(socket), source, listener.index);
  if (view_ == nullptr) return refuse(connection, Refusal::kNoSnapshot);

  if (speaks_proxy(config_, source.address)) {
    connection.phase = Phase::kProxyHeader;
  } else if (!admitted_anywhere(*view_, listener.index, source.address)) {
    return refuse(connection, Refusal::kNotAdmittedAnywhere);
  }
  set_deadline(connection, base::limits::kClientHelloTime);
  // Most clients' first bytes are there by now; who has sent none is told of by epoll.
  read_first_bytes(connection);
}

Connection& Worker::admit_client(base::Descriptor socket, const base::SocketAddress& source, std::size_t listener) {
  Connection& connection = connections_.emplace_back();
  connection.id = next_id_++;
  connection.self = std::prev(connections_.end());
  connection.client.kind = Watched::Kind::kClient;
  connection.client.connection = &connection;
  connection.client.socket = std::move(socket);
  connection.listener = listener;
  connection.source = source;
  counters_.active.fetch_add(1, std::memory_order_relaxed);
  return connection;
}

void Worker::on_client(Connection& connection, std::uint32_t events) {
  note(connection.client, events);
  switch (connection.phase) {
    case Phase::kClosed: return;
    case Phase::kProxyHeader:
    case Phase::kClientHello: return read_first_bytes(connection);
    case Phase::kConnecting:
      // Nothing is read meanwhile; only its end can be told.
      if ((events & (EPOLLERR | EPOLLHUP)) != 0) reset(connection);
      return;
    case Phase::kRelaying: break;
  }
  relay(connection, true, (events & EPOLLOUT) != 0);
  if ((events & EPOLLERR) != 0 && connection.phase != Phase::kClosed) reset(connection);
}

void Worker::on_upstream(UpstreamEnd& end, std::uint32_t events) {
  Connection& connection = *end.connection;
  if (!end.socket.valid()) return;  // spent or closed since epoll spoke
  note(end, events);
  if (connection.phase == Phase::kConnecting) {
    if (greet(end)) start_relay(end);
    return;
  }
  relay(connection, (events & EPOLLOUT) != 0, true);
  if ((events & EPOLLERR) != 0 && connection.phase != Phase::kClosed) reset(connection);
}

void Worker::relay(Connection& connection, bool from_client, bool from_upstream) {
  const std::uint64_t up = connection.to_upstream.bytes;
  const std::uint64_t down = connection.to_client.bytes;
  RelayState state = RelayState::kOpen;
  bool more = false;
  if (from_client) state = pump(connection, Watched::Kind::kClient, buffers_);
  more = state == RelayState::kMore;
  if (from_upstream && (state == RelayState::kOpen || more)) {
    state = pump(connection, Watched::Kind::kUpstream, buffers_);
    more = more || state == RelayState::kMore;
  }
  if (connection.to_upstream.bytes != up) Counters::add(counters_.bytes_to_upstream, connection.to_upstream.bytes - up);
  if (connection.to_client.bytes != down) Counters::add(counters_.bytes_to_client, connection.to_client.bytes - down);
  if (state == RelayState::kBroken) return reset(connection);
  if (state == RelayState::kDone) return close(connection);
  if (!connection.client.writable) watch_end(connection.client, EPOLLOUT);
  if (!connection.upstream->writable) watch_end(*connection.upstream, EPOLLOUT);
  if (more && !connection.queued) {
    connection.queued = true;
    turns_.push_back(&connection);
  }
}

void Worker::take_turns() {
  taking_.swap(turns_);
  for (Connection* connection : taking_) {
    connection->queued = false;
    if (connection->phase == Phase::kRelaying) relay(*connection, true, true);
  }
  taking_.clear();
  // What was closed since is gone before its next turn.
  std::erase_if(turns_, [](const Connection* connection) { return connection->phase == Phase::kClosed; });
}

void Worker::read_first_bytes(Connection& connection) {
  while (connection.phase == Phase::kProxyHeader || connection.phase == Phase::kClientHello) {
    const std::span<std::uint8_t> room = buffers_.scratch().first(base::limits::kClientHelloBytes);
    const ssize_t got = ::recv(connection.client.socket.get(), room.data(), room.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return watch_end(connection.client, EPOLLIN);
    // Gone before it said what it wanted: a port scan or a TCP health check, no refusal of ours.
    if (got <= 0) return close(connection);
    connection.client.readable = static_cast<std::size_t>(got) == room.size() || connection.client.hung_up;
    on_first_bytes(connection, room.first(static_cast<std::size_t>(got)));
  }
}

void Worker::on_first_bytes(Connection& connection, std::span<const std::uint8_t> fresh) {
  connection.received.insert(connection.received.end(), fresh.begin(), fresh.end());
  if (connection.phase == Phase::kProxyHeader) {
    read_proxy_header(connection);
  } else {
    read_client_hello(connection, fresh);
  }
}

void Worker::read_proxy_header(Connection& connection) {
  const wire::ProxyHeader header = wire::parse_proxy_header(connection.received);
  if (header.state == wire::ProxyHeader::State::kInvalid) return refuse(connection, Refusal::kBadProxyHeader);
  if (header.state == wire::ProxyHeader::State::kNeedsMore) return;
  if (header.endpoints) connection.source = header.endpoints->source;
  connection.received.erase(connection.received.begin(),
                            connection.received.begin() + static_cast<std::ptrdiff_t>(header.size));
  connection.phase = Phase::kClientHello;
  if (!admitted_anywhere(*view_, connection.listener, connection.source.address)) {
    return refuse(connection, Refusal::kNotAdmittedAnywhere);
  }
  if (!connection.received.empty()) read_client_hello(connection, connection.received);
}

void Worker::read_client_hello(Connection& connection, std::span<const std::uint8_t> fresh) {
  if (connection.hello == nullptr) connection.hello = std::make_unique<wire::ClientHelloReader>();
  const auto state = connection.hello->feed(fresh);
  if (state == wire::ClientHelloReader::State::kInvalid) return refuse(connection, Refusal::kMalformedClientHello);
  if (state == wire::ClientHelloReader::State::kNeedsMore) return;
  const std::optional<std::string> server_name = connection.hello->server_name();
  connection.hello.reset();
  if (!server_name) return refuse(connection, Refusal::kNoSni);

  Admission admission = admit(*view_, connection.listener, connection.source.address, *server_name);
  set_cluster(connection, std::move(admission.cluster));
  if (!admission.admitted) return refuse(connection, admission.refusal);
  traffic_.allowed(*connection.cluster, connection.source.address, is_private(connection), Clock::now());

  const model::Pool* pool = view_->snapshot->find_pool(connection.cluster->pool);
  if (pool != nullptr) {
    connection.candidates = upstreams_.candidates(*pool);
    if (pool->send_proxy_protocol) {
      const auto header = wire::encode_proxy_header(
          {.source = connection.source, .destination = local_address(connection.client.socket.get())});
      connection.received.insert(connection.received.begin(), header.begin(), header.end());
    }
  }
  connection.phase = Phase::kConnecting;
  connect_upstream(connection);
}

}  // namespace sallyport::gateway
