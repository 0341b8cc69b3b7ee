#include "gateway/connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

namespace sallyport::gateway {

namespace {

constexpr int kReadsAtOnce = 4;  // before other connections get their turn

struct Direction {
  Flow& flow;
  End& from;
  End& to;
};

Direction leaving(Connection& connection, Watched::Kind from) {
  if (from == Watched::Kind::kClient) return {connection.to_upstream, connection.client, connection.upstream};
  return {connection.to_client, connection.upstream, connection.client};
}

bool again(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// Sends what it can; the rest is left to the caller. False when the receiver is gone.
bool send_some(const End& to, const std::uint8_t* data, std::size_t size, std::size_t& sent) {
  while (sent < size) {
    const ssize_t wrote = ::send(to.socket.get(), data + sent, size - sent, MSG_NOSIGNAL);
    if (wrote < 0) return again(errno);
    sent += static_cast<std::size_t>(wrote);
  }
  return true;
}

void pass_on_the_end(Direction way) {
  if (!way.flow.ended || way.flow.shut || way.flow.backed_up()) return;
  way.flow.shut = true;
  (void)::shutdown(way.to.socket.get(), SHUT_WR);
}

RelayState state_of(const Connection& connection) {
  return connection.to_upstream.shut && connection.to_client.shut ? RelayState::kDone : RelayState::kOpen;
}

std::uint32_t interest(const Flow& outgoing, const Flow& incoming) {
  std::uint32_t events = 0;
  if (!outgoing.ended && !outgoing.backed_up()) events |= EPOLLIN;
  if (incoming.backed_up()) events |= EPOLLOUT;
  return events;
}

}  // namespace

RelayState relay(Connection& connection, Watched::Kind readable, std::vector<std::uint8_t>& buffer) {
  const Direction way = leaving(connection, readable);
  for (int reads = 0; reads < kReadsAtOnce && !way.flow.ended && !way.flow.backed_up(); ++reads) {
    const ssize_t got = ::recv(way.from.socket.get(), buffer.data(), buffer.size(), 0);
    if (got < 0) {
      if (again(errno)) break;
      return RelayState::kBroken;
    }
    if (got == 0) {
      way.flow.ended = true;
      break;
    }
    const auto size = static_cast<std::size_t>(got);
    way.flow.bytes += size;
    std::size_t sent = 0;
    if (!send_some(way.to, buffer.data(), size, sent)) return RelayState::kBroken;
    if (sent < size) {
      way.flow.pending.assign(buffer.begin() + static_cast<std::ptrdiff_t>(sent),
                              buffer.begin() + static_cast<std::ptrdiff_t>(size));
      way.flow.flushed = 0;
    }
    // A short read emptied the socket: asking again would only be told so.
    if (size < buffer.size()) break;
  }
  pass_on_the_end(way);
  return state_of(connection);
}

RelayState flush(Connection& connection, Watched::Kind writable) {
  const Direction way =
      leaving(connection, writable == Watched::Kind::kClient ? Watched::Kind::kUpstream : Watched::Kind::kClient);
  if (!send_some(way.to, way.flow.pending.data(), way.flow.pending.size(), way.flow.flushed))
    return RelayState::kBroken;
  if (!way.flow.backed_up()) {
    // Idle connections hold no buffer.
    std::vector<std::uint8_t>().swap(way.flow.pending);
    way.flow.flushed = 0;
  }
  pass_on_the_end(way);
  return state_of(connection);
}

std::uint32_t client_interest(const Connection& connection) {
  return interest(connection.to_upstream, connection.to_client);
}

std::uint32_t upstream_interest(const Connection& connection) {
  return interest(connection.to_client, connection.to_upstream);
}

}  // namespace sallyport::gateway
