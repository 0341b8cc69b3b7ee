#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "bastion/hub.h"

namespace sallyport::bastion {

// Serves one connection of an HTTP proxy's client until it ends: one CONNECT with Basic credentials, over TLS
// where `tls` is given. Runs on the socket's strand; `hub` and `tls` must outlive it.
boost::asio::awaitable<void> serve_http(Hub& hub, boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls,
                                        Caller caller);

}  // namespace sallyport::bastion
