#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "bastion/hub.h"

namespace sallyport::bastion {

// Serves one connection of a SOCKS5 client until it ends: username and password, then one CONNECT by name. Runs on
// the socket's strand; `hub` must outlive it.
boost::asio::awaitable<void> serve_socks(Hub& hub, boost::asio::ip::tcp::socket socket, Caller caller);

}  // namespace sallyport::bastion
