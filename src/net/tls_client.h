#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "base/result.h"

// The client's side of TLS: never without verification.
namespace sallyport::net {

// TLS 1.2 or later; the server's chain must lead to a certificate of `ca_file` (PEM), or to one of the system's. Fails,
// naming the file.
base::Result<std::unique_ptr<boost::asio::ssl::context>> make_client_tls(const std::optional<std::string>& ca_file);

// Before the handshake: the server must show a certificate for `host`, a name or an address, and is told the name.
boost::system::error_code expect_host(boost::asio::ssl::stream<boost::asio::ip::tcp::socket>& stream,
                                      const std::string& host);

}  // namespace sallyport::net
