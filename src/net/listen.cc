#include "net/listen.h"

#include <openssl/asn1.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/strand.hpp>

#include "net/asio_address.h"

namespace sallyport::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;
using base::ErrorKind;
using base::fail;
using boost::system::error_code;

base::Status clear_stale_socket(asio::io_context& io, const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode)) {
    return fail(ErrorKind::kInvalidParameter, path + " exists and is not a socket; remove it or choose another path",
                "unix_socket");
  }
  error_code error;
  stream_protocol::socket probe(io);
  probe.connect(stream_protocol::endpoint(path), error);
  if (error != asio::error::connection_refused) {
    return fail(ErrorKind::kInUse, "another process serves " + path + "; stop it or choose another path",
                "unix_socket");
  }
  ::unlink(path.c_str());
  return {};
}

}  // namespace

base::SocketAddress address_of(const tcp::endpoint& endpoint) {
  return {from_asio(endpoint.address()), endpoint.port()};
}

base::Result<tcp::acceptor> listen_tcp(asio::io_context& io, const base::SocketAddress& at) {
  const tcp::endpoint endpoint = to_endpoint<tcp>(at);
  tcp::acceptor acceptor{asio::any_io_executor(asio::make_strand(io))};
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  // Else "::" would take the IPv4 port too, and an IPv4 address listed beside it could not be bound.
  if (!error && !at.address.is_v4()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fail(ErrorKind::kInvalidParameter, "cannot listen on " + at.to_string() + ": " + error.message(), "listen");
  }
  return acceptor;
}

base::Result<tcp::acceptor> adopt_tcp(asio::io_context& io, const base::SocketAddress& at, base::Descriptor socket) {
  tcp::acceptor acceptor{asio::any_io_executor(asio::make_strand(io))};
  error_code error;
  acceptor.assign(at.address.is_v4() ? tcp::v4() : tcp::v6(), socket.get(), error);
  if (error) {
    return fail(ErrorKind::kInternal, "cannot listen on " + at.to_string() + ": " + error.message(), "listen");
  }
  socket.release();
  return acceptor;
}

base::Result<stream_protocol::acceptor> listen_unix(asio::io_context& io, const std::string& path) {
  if (path.empty() || path.size() >= sizeof(sockaddr_un{}.sun_path)) {
    return fail(ErrorKind::kInvalidParameter,
                "the socket path '" + path + "' must have 1 to " + std::to_string(sizeof(sockaddr_un{}.sun_path) - 1) +
                    " bytes",
                "unix_socket");
  }
  if (auto cleared = clear_stale_socket(io, path); !cleared) return fail(cleared.error());
  stream_protocol::acceptor acceptor{asio::any_io_executor(asio::make_strand(io))};
  error_code error;
  acceptor.open(stream_protocol(), error);
  // On Linux bind(2) makes the file with the mode the socket itself has, less the umask.
  if (!error && ::fchmod(acceptor.native_handle(), 0600) != 0) error.assign(errno, boost::system::system_category());
  if (!error) acceptor.bind(stream_protocol::endpoint(path), error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fail(ErrorKind::kInvalidParameter, "cannot listen on " + path + ": " + error.message(), "unix_socket");
  }
  return acceptor;
}

base::Result<std::unique_ptr<asio::ssl::context>> make_tls(const std::string& cert_file, const std::string& key_file) {
  auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code error;
  tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_compression, error);
  SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  // Without a callback OpenSSL would ask for the pass phrase on the terminal and wait.
  tls->set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string(); }, error);
  tls->use_certificate_chain_file(cert_file, error);
  if (error) {
    return fail(ErrorKind::kInvalidParameter, "cannot use the certificate " + cert_file + ": " + error.message(),
                "tls_cert_file");
  }
  tls->use_private_key_file(key_file, asio::ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(tls->native_handle()) != 1) {
    return fail(ErrorKind::kInvalidParameter,
                "cannot use the key " + key_file + " with the certificate " + cert_file + ": " +
                    (error ? error.message() : "it belongs to another one"),
                "tls_key_file");
  }
  return tls;
}

base::Time certificate_end(asio::ssl::context& tls) {
  std::tm end{};
  const X509* certificate = SSL_CTX_get0_certificate(tls.native_handle());
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return {};
  return base::Time(base::Seconds(::timegm(&end)));
}

}  // namespace sallyport::net
