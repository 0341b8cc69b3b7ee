#include "bastion/dial.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/limits.h"
#include "net/asio_address.h"
#include "net/within.h"

namespace sallyport::bastion {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

asio::awaitable<bool> connect(tcp::socket& socket, tcp::endpoint to) {
  const auto [error] = co_await socket.async_connect(to, asio::as_tuple(asio::use_awaitable));
  co_return !error;
}

}  // namespace

asio::awaitable<std::optional<tcp::socket>> dial(std::vector<base::IpAddress> addresses, std::uint16_t port,
                                                 std::optional<base::IpAddress> source) {
  const auto executor = co_await asio::this_coro::executor;
  for (const base::IpAddress& address : addresses) {
    if (source && source->family() != address.family()) continue;
    const auto endpoint = net::to_endpoint<tcp>({address, port});
    tcp::socket socket(executor);
    boost::system::error_code error;
    socket.open(endpoint.protocol(), error);
    if (!error && source) socket.bind(net::to_endpoint<tcp>({*source, 0}), error);
    if (error) continue;
    auto connecting = connect(socket, endpoint);
    const auto connected = co_await net::within(base::limits::kBastionConnectTime, std::move(connecting));
    if (!connected.value_or(false)) continue;
    socket.set_option(tcp::no_delay(true), error);
    socket.set_option(asio::socket_base::keep_alive(true), error);
    co_return std::move(socket);
  }
  co_return std::nullopt;
}

}  // namespace sallyport::bastion
