#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

#include "api/http_hub.h"
#include "base/ip_address.h"

namespace sallyport::api {

// Serve one connection until it ends, on the executor of its socket, which must be a strand. `hub` must
// outlive the operation; `tls` need not, the connection holds its part of it.
void serve_plain(boost::asio::ip::tcp::socket socket, base::IpAddress source, HttpHub& hub);
void serve_tls(boost::asio::ip::tcp::socket socket, base::IpAddress source, boost::asio::ssl::context& tls,
               HttpHub& hub);
void serve_unix(boost::asio::local::stream_protocol::socket socket, HttpHub& hub);

}  // namespace sallyport::api
