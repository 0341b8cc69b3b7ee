#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "workplace/hub.h"

namespace sallyport::workplace {

// Serves one connection until it ends: one HTTP/1.1 request, over TLS where `tls` is given; POST /v1/sessions, or
// GET /v1/terminal and the terminal behind it. Every request must show the secret; a source with too many connections
// that have not is closed at once. Runs on the socket's strand; `hub` and `tls` must outlive it.
boost::asio::awaitable<void> serve_connection(Hub& hub, boost::asio::ip::tcp::socket socket,
                                              boost::asio::ssl::context* tls);

}  // namespace sallyport::workplace
