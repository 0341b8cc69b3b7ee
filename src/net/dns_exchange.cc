#include "net/dns_exchange.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/asio_address.h"

namespace sallyport::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using namespace asio::experimental::awaitable_operators;
using Reply = std::optional<wire::DnsReply>;

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kUdpBytes = 4'096;
// Datagrams that are not the reply: more than a few are somebody guessing ids.
constexpr int kStrays = 16;

asio::awaitable<Reply> talk_tcp(tcp::socket& socket, tcp::endpoint server, const wire::DnsQuery& query) {
  if (const auto [error] = co_await socket.async_connect(server, kWait); error) co_return std::nullopt;
  const auto message = wire::encode_dns_query(query);
  std::vector<std::uint8_t> framed = {static_cast<std::uint8_t>(message.size() >> 8),
                                      static_cast<std::uint8_t>(message.size())};
  framed.insert(framed.end(), message.begin(), message.end());
  if (const auto [error, n] = co_await asio::async_write(socket, asio::buffer(framed), kWait); error) {
    co_return std::nullopt;
  }
  std::array<std::uint8_t, 2> length{};
  if (const auto [error, n] = co_await asio::async_read(socket, asio::buffer(length), kWait); error) {
    co_return std::nullopt;
  }
  std::vector<std::uint8_t> reply(static_cast<std::size_t>(length[0]) << 8 | length[1]);
  if (const auto [error, n] = co_await asio::async_read(socket, asio::buffer(reply), kWait); error) {
    co_return std::nullopt;
  }
  co_return wire::parse_dns_reply(reply, query);
}

}  // namespace

asio::awaitable<Reply> exchange_udp(base::SocketAddress server, const wire::DnsQuery& query, base::Millis patience) {
  const auto executor = co_await asio::this_coro::executor;
  const auto endpoint = to_endpoint<udp>(server);
  udp::socket socket(executor);
  boost::system::error_code error;
  socket.open(endpoint.protocol(), error);
  // Connected: the kernel picks a random source port and drops what others send to it.
  if (!error) socket.connect(endpoint, error);
  if (!error) socket.non_blocking(true, error);
  if (!error) socket.send(asio::buffer(wire::encode_dns_query(query)), 0, error);
  if (error) co_return std::nullopt;

  asio::steady_timer timer(executor, patience);
  std::vector<std::uint8_t> buffer(kUdpBytes);
  for (int strays = 0; strays <= kStrays; ++strays) {
    const auto first = co_await (socket.async_receive(asio::buffer(buffer), kWait) || timer.async_wait(kWait));
    if (first.index() != 0) co_return std::nullopt;
    const auto& [failed, size] = std::get<0>(first);
    if (failed) co_return std::nullopt;
    if (auto reply = wire::parse_dns_reply(std::span(buffer).first(size), query)) co_return reply;
  }
  co_return std::nullopt;
}

asio::awaitable<Reply> exchange_tcp(base::SocketAddress server, const wire::DnsQuery& query, base::Millis patience) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::socket socket(executor);
  asio::steady_timer timer(executor, patience);
  auto first = co_await (talk_tcp(socket, to_endpoint<tcp>(server), query) || timer.async_wait(kWait));
  if (first.index() != 0) co_return std::nullopt;
  co_return std::get<0>(std::move(first));
}

}  // namespace sallyport::net
