#include "gateway/connection.h"

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
  if (from == Watched::Kind::kClient) return {connection.to_upstream, connection.client, *connection.upstream};
  return {connection.to_client, *connection.upstream, connection.client};
}

// Sends what `to` takes, and counts it in `sent`. False when the receiver is gone.
bool send_some(End& to, std::span<const std::uint8_t> bytes, std::size_t& sent) {
  while (sent < bytes.size()) {
    const ssize_t wrote = ::send(to.socket.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (wrote >= 0) {
      sent += static_cast<std::size_t>(wrote);
    } else if (errno == EAGAIN) {
      to.writable = false;
      return true;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// False when the receiver is gone.
bool send_pending(Direction way, Buffers& buffers) {
  if (!way.to.writable) return true;
  std::size_t sent = 0;
  if (!send_some(way.to, way.flow.pending.rest(), sent)) return false;
  way.flow.pending.begin += static_cast<std::uint32_t>(sent);
  if (way.flow.pending.empty()) buffers.take_back(way.flow.pending);
  return true;
}

// One read and what follows from it. False when either side is gone.
bool read_and_send(Direction way, Buffers& buffers) {
  // Without a block to keep them in, bytes that the receiver does not take stay in the kernel: they are looked at,
  // and taken once they are sent.
  const bool look = !buffers.can_lend();
  const std::span<std::uint8_t> scratch = buffers.scratch();
  const ssize_t got = ::recv(way.from.socket.get(), scratch.data(), scratch.size(), look ? MSG_PEEK : 0);
  if (got < 0) {
    if (errno == EAGAIN) way.from.readable = false;
    return errno == EAGAIN || errno == EINTR;
  }
  if (got == 0) {
    way.flow.ended = true;
    return true;
  }
  const auto size = static_cast<std::size_t>(got);
  std::size_t sent = 0;
  if (!send_some(way.to, scratch.first(size), sent)) return false;
  if (look) {
    if (sent > 0 && ::recv(way.from.socket.get(), scratch.data(), sent, MSG_TRUNC) != static_cast<ssize_t>(sent)) {
      return false;
    }
    way.flow.bytes += sent;
    if (sent < size) return true;
  } else {
    way.flow.bytes += size;
    if (sent < size) way.flow.pending = buffers.lend(sent, size);
  }
  // A short read emptied the socket: asking again would only be told so.
  if (size < scratch.size() && !way.from.hung_up) way.from.readable = false;
  return true;
}

bool can_move(Direction way) {
  if (!way.to.writable) return false;
  return !way.flow.pending.empty() || (way.from.readable && !way.flow.ended);
}

void pass_on_the_end(Direction way) {
  if (!way.flow.ended || way.flow.shut || !way.flow.pending.empty()) return;
  way.flow.shut = true;
  (void)::shutdown(way.to.socket.get(), SHUT_WR);
}

}  // namespace

RelayState pump(Connection& connection, Watched::Kind from, Buffers& buffers) {
  const Direction way = leaving(connection, from);
  for (int reads = 0; can_move(way); ++reads) {
    if (reads == kReadsAtOnce) return RelayState::kMore;
    const bool moved = way.flow.pending.empty() ? read_and_send(way, buffers) : send_pending(way, buffers);
    if (!moved) return RelayState::kBroken;
  }
  pass_on_the_end(way);
  return connection.to_upstream.shut && connection.to_client.shut ? RelayState::kDone : RelayState::kOpen;
}

}  // namespace sallyport::gateway
