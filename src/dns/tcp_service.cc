#include "dns/tcp_service.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/limits.h"
#include "dns/sockets.h"
#include "net/asio_address.h"

namespace sallyport::dns {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr auto kSweep = 1s;
constexpr auto kAcceptPause = 100ms;  // out of descriptors: some may be closed by then
constexpr std::size_t kReadBytes = 4'096;
constexpr std::size_t kWriteBytes = 65'536;  // answers are sent once so many wait
constexpr std::size_t kPrefix = 2;

base::IpAddress peer_of(const tcp::socket& socket) {
  boost::system::error_code gone;
  const auto endpoint = socket.remote_endpoint(gone);
  return gone ? base::IpAddress() : net::from_asio(endpoint.address());
}

std::size_t prefixed_length(std::span<const std::uint8_t> bytes) {
  return static_cast<std::size_t>(bytes[0]) << 8 | bytes[1];
}

// Adds room for a message of `bytes` and its length.
std::span<std::uint8_t> add_message(Bytes& out, std::size_t bytes) {
  const std::size_t at = out.size();
  out.resize(at + kPrefix + bytes);
  out[at] = static_cast<std::uint8_t>(bytes >> 8);
  out[at + 1] = static_cast<std::uint8_t>(bytes);
  return std::span(out).subspan(at + kPrefix);
}

// What the client has room for is written at once; only the rest is waited for.
asio::awaitable<bool> flush(tcp::socket& socket, Bytes& out) {
  if (out.empty()) co_return true;
  boost::system::error_code error;
  const std::size_t written = socket.write_some(asio::buffer(out), error);
  if (error && error != asio::error::would_block) co_return false;
  if (written < out.size()) {
    std::tie(error, std::ignore) = co_await asio::async_write(socket, asio::buffer(out) + written, kWait);
  }
  out.clear();
  co_return !error;
}

}  // namespace

TcpService::Connection::Connection(tcp::socket accepted, std::size_t index)
    : socket(std::move(accepted)), listener(index), client(peer_of(socket)) {}

base::Status TcpService::listen(const base::SocketAddress& address, std::size_t listener, base::Descriptor socket) {
  auto descriptor = socket.valid() ? base::Result<base::Descriptor>(std::move(socket)) : listen_tcp(address);
  if (!descriptor) return base::fail(descriptor.error());
  tcp::acceptor acceptor(io_);
  boost::system::error_code error;
  acceptor.assign(address.address.is_v4() ? tcp::v4() : tcp::v6(), descriptor->get(), error);
  if (error) {
    return base::fail(base::ErrorKind::kInternal,
                      "dns: cannot listen on TCP " + address.to_string() + ": " + error.message(), "dns");
  }
  descriptor->release();
  listening_.push_back({std::move(acceptor), listener});
  return {};
}

void TcpService::start() {
  for (Listening& from : listening_)
    asio::co_spawn(io_, accept_all(from), asio::detached);
  asio::co_spawn(io_, close_idle(), asio::detached);
}

void TcpService::release(std::function<void()> done) {
  asio::post(io_, [this, done = std::move(done)] {
    // Closing alone would leave the socket in Asio's epoll: another process has it too.
    for (Listening& from : listening_) {
      boost::system::error_code ignored;
      if (from.acceptor.is_open()) base::Descriptor(from.acceptor.release(ignored)).reset();
    }
    releasing_ = true;
    std::vector<ConnectionPtr> idle;
    std::ranges::copy_if(connections_, std::back_inserter(idle),
                         [](const auto& connection) { return connection->idle; });
    for (const auto& connection : idle)
      close(connection);
    done();
  });
}

std::vector<base::Descriptor> TcpService::listening() {
  std::vector<base::Descriptor> all;
  for (Listening& from : listening_)
    all.push_back(base::Descriptor::duplicate(from.acceptor.native_handle()));
  return all;
}

void TcpService::deliver(Delivery delivery) {
  asio::post(io_, [this, delivery = std::move(delivery)] {
    quick_.serve(delivery.served);
    delivery.rollout->arrived();
  });
}

asio::awaitable<void> TcpService::accept_all(Listening& from) {
  asio::steady_timer pause(io_);
  for (;;) {
    auto [error, socket] = co_await from.acceptor.async_accept(kWait);
    if (!from.acceptor.is_open()) co_return;
    if (error) {
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kWait);
      continue;
    }
    if (!make_room()) {
      Counters::bump(counters_.tcp_connections_refused);
      continue;
    }
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    auto connection = std::make_shared<Connection>(std::move(socket), from.listener);
    connections_.insert(connection);
    asio::co_spawn(io_, serve(std::move(connection)), asio::detached);
  }
}

void TcpService::close(const ConnectionPtr& connection) {
  boost::system::error_code ignored;
  connection->socket.close(ignored);
  connections_.erase(connection);
}

bool TcpService::make_room() {
  if (connections_.size() < base::limits::kDnsTcpConnections) return true;
  ConnectionPtr oldest;
  for (const auto& connection : connections_) {
    if (connection->idle && (!oldest || connection->last_query < oldest->last_query)) oldest = connection;
  }
  if (!oldest) return false;
  close(oldest);
  return true;
}

asio::awaitable<void> TcpService::close_idle() {
  asio::steady_timer timer(io_);
  for (;;) {
    timer.expires_after(kSweep);
    co_await timer.async_wait(kWait);
    const auto oldest_allowed = std::chrono::steady_clock::now() - base::limits::kDnsTcpIdleTime;
    std::vector<ConnectionPtr> stale;
    std::ranges::copy_if(connections_, std::back_inserter(stale),
                         [&](const auto& connection) { return connection->last_query < oldest_allowed; });
    for (const auto& connection : stale)
      close(connection);
  }
}

asio::awaitable<void> TcpService::serve(ConnectionPtr connection) {
  try {
    Bytes& in = connection->in;
    for (;;) {
      if (connection->filled == in.size()) in.resize(std::max(kReadBytes, 2 * in.size()));
      const auto [error, got] =
          co_await connection->socket.async_read_some(asio::buffer(in) + connection->filled, kWait);
      if (error || releasing_) break;
      connection->filled += got;
      connection->idle = false;
      if (!co_await answer_all(*connection) || releasing_) break;
      connection->idle = connection->filled == 0;
    }
  } catch (const std::exception&) {
    // Out of memory: this connection ends, the others need not.
  }
  close(connection);
}

// Every whole query received; what is left is less than one, so `in` grows to 128 KiB at most.
asio::awaitable<bool> TcpService::answer_all(Connection& connection) {
  std::size_t at = 0;
  for (;;) {
    const Pause pause = answer_some(connection, at);
    counters_.add(tally_, counters_.queries_tcp);
    if (pause.why == Why::kClose) co_return false;
    // What is ready does not wait for another server.
    if (!co_await flush(connection.socket, connection.out)) co_return false;
    if (pause.why == Why::kNoQuery) break;
    if (!pause.forwarding) continue;
    const auto reply = co_await forwarder_.ask(*pause.forwarding);
    const Bytes bytes = responder_.finish(*pause.forwarding, reply);
    std::ranges::copy(bytes, add_message(connection.out, bytes.size()).begin());
    connection.last_query = std::chrono::steady_clock::now();
  }
  std::copy_n(connection.in.begin() + static_cast<std::ptrdiff_t>(at), connection.filled - at, connection.in.begin());
  connection.filled -= at;
  co_return true;
}

// From the query at `at`, which moves past what was answered.
TcpService::Pause TcpService::answer_some(Connection& connection, std::size_t& at) {
  Pause pause;
  const auto received = std::span<const std::uint8_t>(connection.in).first(connection.filled);
  for (bool first = true;; first = false) {
    const auto rest = received.subspan(at);
    const std::size_t length = rest.size() < kPrefix ? 0 : prefixed_length(rest);
    if (rest.size() < kPrefix + length) return pause;
    if (first) connection.last_query = std::chrono::steady_clock::now();
    at += kPrefix + length;
    if (!answer_one(connection, rest.subspan(kPrefix, length), pause)) return pause;
    if (connection.out.size() >= kWriteBytes) {
      pause.why = Why::kFull;
      return pause;
    }
  }
}

// False: `pause` says why no further query can be answered now.
bool TcpService::answer_one(Connection& connection, std::span<const std::uint8_t> message, Pause& pause) {
  Bytes& out = connection.out;
  if (const auto ready =
          responder_.ready(quick_, connection.listener, connection.client, message, Transport::kTcp, tally_)) {
    ready->write(add_message(out, ready->size()));
    return true;
  }
  Response response =
      responder_.respond(quick_.served(), connection.listener, connection.client, message, Transport::kTcp);
  if (const auto* bytes = std::get_if<Bytes>(&response)) {
    std::ranges::copy(*bytes, add_message(out, bytes->size()).begin());
    return true;
  }
  auto* forwarding = std::get_if<Forwarding>(&response);
  pause.why = forwarding == nullptr ? Why::kClose : Why::kForward;
  if (forwarding != nullptr) pause.forwarding = std::move(*forwarding);
  return false;
}

}  // namespace sallyport::dns
