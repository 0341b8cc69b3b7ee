#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

#include "base/descriptor.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "base/time.h"

// Opening what an Asio server listens on. Errors name the address or the file.
namespace sallyport::net {

base::Result<boost::asio::ip::tcp::acceptor> listen_tcp(boost::asio::io_context& io, const base::SocketAddress& at);

// Of a socket that `listen_tcp` made for that address, in this process or another.
base::Result<boost::asio::ip::tcp::acceptor> adopt_tcp(boost::asio::io_context& io, const base::SocketAddress& at,
                                                       base::Descriptor socket);

// Mode 0600 from the moment it exists. A socket file on which nobody answers is replaced; one that is answered,
// and any other kind of file, is left alone and refused.
base::Result<boost::asio::local::stream_protocol::acceptor> listen_unix(boost::asio::io_context& io,
                                                                        const std::string& path);

// TLS 1.2 or later, no compression, no renegotiation; refuses a key that does not fit the certificate.
base::Result<std::unique_ptr<boost::asio::ssl::context>> make_tls(const std::string& cert_file,
                                                                  const std::string& key_file);

// When the certificate a context shows ends, to the second.
base::Time certificate_end(boost::asio::ssl::context& tls);

base::SocketAddress address_of(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace sallyport::net
