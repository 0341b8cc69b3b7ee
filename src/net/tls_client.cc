#include "net/tls_client.h"

#include <openssl/ssl.h>

#include <boost/asio/ssl/host_name_verification.hpp>

#include "base/ip_address.h"

namespace sallyport::net {

namespace ssl = boost::asio::ssl;

namespace {

// SSL_set_tlsext_host_name, which is a macro with a cast of the old style.
void set_server_name(SSL* tls, std::string name) {
  SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

}  // namespace

base::Result<std::unique_ptr<ssl::context>> make_client_tls(const std::optional<std::string>& ca_file) {
  auto tls = std::make_unique<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  tls->set_verify_mode(ssl::verify_peer, error);
  if (ca_file) {
    tls->load_verify_file(*ca_file, error);
  } else {
    tls->set_default_verify_paths(error);
  }
  if (error) {
    return base::fail(base::ErrorKind::kInvalidParameter,
                      "cannot use the certificates of " + ca_file.value_or("the system") + ": " + error.message());
  }
  return tls;
}

boost::system::error_code expect_host(ssl::stream<boost::asio::ip::tcp::socket>& stream, const std::string& host) {
  boost::system::error_code error;
  stream.set_verify_callback(ssl::host_name_verification(host), error);
  if (!base::IpAddress::parse(host)) set_server_name(stream.native_handle(), host);
  return error;
}

}  // namespace sallyport::net
