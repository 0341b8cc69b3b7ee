#include "bastion/tunnel.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/limits.h"
#include "bastion/dial.h"

namespace sallyport::bastion {

namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::ip::tcp;

constexpr std::size_t kShownTarget = 300;

// Of a name that may hold anything: no blank may end the log's field.
std::string shown(std::string_view host) {
  std::string text(host.substr(0, kShownTarget));
  std::ranges::replace_if(
      text, [](char c) { return c <= ' ' || c > '~'; }, '?');
  return text;
}

std::optional<Refusal> refusal_of(Login login) {
  switch (login) {
    case Login::kAccepted: return std::nullopt;
    case Login::kRejected: return Refusal::kBadCredentials;
    case Login::kThrottled: return Refusal::kThrottled;
    case Login::kUnavailable: break;
  }
  return Refusal::kApiUnavailable;
}

// One tunnel, on its strand.
struct Tunnel {
  Hub& hub;
  Channel& client;
  Channel endpoint;
  Steady::time_point touched = Steady::now();
  std::uint64_t to_endpoint = 0;
  std::uint64_t to_client = 0;

  void abort() {
    client.abort();
    endpoint.abort();
  }
};

asio::awaitable<bool> pass(Tunnel& tunnel, Channel& to, Channel::Bytes bytes) {
  const bool written = co_await to.write(bytes);
  if (!written) co_return false;
  tunnel.touched = Steady::now();
  if (&to == &tunnel.client) {
    tunnel.to_client += bytes.size();
    tunnel.hub.bytes_to_client += bytes.size();
  } else {
    tunnel.to_endpoint += bytes.size();
    tunnel.hub.bytes_to_endpoint += bytes.size();
  }
  co_return true;
}

// Until `from` ends; a failure ends both.
asio::awaitable<void> pump(Tunnel& tunnel, Channel& from, Channel& to) {
  std::vector<std::uint8_t> buffer(base::limits::kBastionRelayBytes);
  while (true) {
    const Channel::Got got = co_await from.read(buffer);
    if (got.error == asio::error::eof) co_return co_await to.end_sending();
    if (got.error) break;
    const bool passed = co_await pass(tunnel, to, Channel::Bytes(buffer).first(got.count));
    if (!passed) break;
  }
  tunnel.abort();
}

asio::awaitable<void> watch(Tunnel& tunnel) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (Steady::now() - tunnel.touched < tunnel.hub.settings.idle_time) {
    timer.expires_at(tunnel.touched + tunnel.hub.settings.idle_time);
    const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
  }
  ++tunnel.hub.tunnels_idle;
  tunnel.abort();
}

// Counts a tunnel while it lives.
class Count {
 public:
  explicit Count(Hub& hub) : hub_(hub) {
    ++hub_.tunnels_opened;
    ++hub_.tunnels_active;
  }
  Count(const Count&) = delete;
  Count& operator=(const Count&) = delete;
  ~Count() { --hub_.tunnels_active; }

 private:
  Hub& hub_;
};

}  // namespace

asio::awaitable<std::optional<Refusal>> check_login(Hub& hub, const Credentials& credentials, Caller& caller) {
  caller.user = credentials.shown();
  const Login login = co_await hub.gatekeeper.login(credentials, caller.source.address);
  if (login == Login::kAccepted) caller.stranger.reset();
  co_return refusal_of(login);
}

asio::awaitable<tl::expected<tcp::socket, Refusal>> reach(Hub& hub, std::string_view host, std::uint16_t port,
                                                          Caller& caller) {
  caller.target = shown(host) + ":" + std::to_string(port);
  auto name = authorise(host, port, hub.settings.realm);
  if (!name) co_return tl::unexpected(name.error());
  if (hub.draining()) co_return tl::unexpected(Refusal::kDraining);
  auto addresses = co_await hub.lookup.find(*std::move(name));
  if (!addresses) co_return tl::unexpected(addresses.error());
  std::erase_if(*addresses, std::not_fn(may_be_endpoint));
  if (addresses->empty()) co_return tl::unexpected(Refusal::kBadAddress);
  auto socket = co_await dial(*std::move(addresses), port, hub.settings.source);
  if (!socket) co_return tl::unexpected(Refusal::kUnreachable);
  co_return *std::move(socket);
}

asio::awaitable<void> relay(Hub& hub, Channel& client, tcp::socket endpoint, std::vector<std::uint8_t> early,
                            const Caller& caller) {
  const Count count(hub);
  const auto started = Steady::now();
  Tunnel tunnel{hub, client, Channel(std::move(endpoint))};
  spdlog::info("tunnel opened by={} source={} user={} target={}", caller.front, caller.source.to_string(), caller.user,
               caller.target);
  bool whole = true;
  if (!early.empty()) whole = co_await pass(tunnel, tunnel.endpoint, early);
  if (whole) {
    auto upward = pump(tunnel, client, tunnel.endpoint);
    auto downward = pump(tunnel, tunnel.endpoint, client);
    auto watching = watch(tunnel);
    co_await ((std::move(upward) && std::move(downward)) || std::move(watching));
  } else {
    tunnel.abort();
  }
  const auto seconds = std::chrono::duration_cast<base::Seconds>(Steady::now() - started);
  spdlog::info("tunnel ended by={} source={} user={} target={} seconds={} bytes_to_endpoint={} bytes_to_client={}",
               caller.front, caller.source.to_string(), caller.user, caller.target, seconds.count(), tunnel.to_endpoint,
               tunnel.to_client);
}

}  // namespace sallyport::bastion
