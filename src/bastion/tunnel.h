#pragma once

#include <cstdint>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <tl/expected.hpp>

#include "bastion/channel.h"
#include "bastion/credentials.h"
#include "bastion/hub.h"

// The way of a connection from who it is to the endpoint, the same for every front.
namespace sallyport::bastion {

// Nothing when the login is good: the caller is then no stranger any more.
boost::asio::awaitable<std::optional<Refusal>> check_login(Hub& hub, const Credentials& credentials, Caller& caller);

// A connection to the endpoint, or why there is none.
boost::asio::awaitable<tl::expected<boost::asio::ip::tcp::socket, Refusal>> reach(Hub& hub, std::string_view host,
                                                                                  std::uint16_t port, Caller& caller);

// Passes bytes both ways, `early` to the endpoint first, until both have ended, one is broken, or nothing moved
// for the hub's idle time. The end of one direction is passed on while the other goes on.
boost::asio::awaitable<void> relay(Hub& hub, Channel& client, boost::asio::ip::tcp::socket endpoint,
                                   std::vector<std::uint8_t> early, const Caller& caller);

}  // namespace sallyport::bastion
