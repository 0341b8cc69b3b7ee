#include "traffic/transport.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace sallyport::bench {
namespace {

tl::unexpected<base::Error> tls_failed(const std::string& what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return base::fail(base::ErrorKind::kInternal, what + ": " + text.data());
}

base::Result<TlsContext> make_context(const SSL_METHOD* method) {
  TlsContext context(SSL_CTX_new(method));
  if (!context) return tls_failed("TLS");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_ciphersuites(context.get(), "TLS_AES_128_GCM_SHA256");
  SSL_CTX_set1_groups_list(context.get(), "X25519");
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Header and body of a record by one read.
  SSL_CTX_set_read_ahead(context.get(), 1);
  return context;
}

// The macro for this casts as C does.
void name_server(SSL& tls, std::string name) {
  SSL_ctrl(&tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

long moved(ssize_t bytes) {
  if (bytes > 0) return bytes;
  return bytes < 0 && errno == EAGAIN ? 0 : -1;
}

long moved(SSL* tls, int result) {
  if (result > 0) return result;
  const int error = SSL_get_error(tls, result);
  ERR_clear_error();
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

int tls_size(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, 1U << 30U)); }

}  // namespace

base::Result<TlsContext> client_tls() { return make_context(TLS_client_method()); }

base::Result<TlsContext> server_tls(const std::string& certificate_file, const std::string& key_file) {
  auto context = make_context(TLS_server_method());
  if (!context) return context;
  if (SSL_CTX_use_certificate_chain_file(context->get(), certificate_file.c_str()) != 1)
    return tls_failed(certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context->get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) return tls_failed(key_file);
  return context;
}

base::Result<std::string> client_hello(SSL_CTX& context, const std::string& name) {
  const std::unique_ptr<SSL, FreeTls> tls(SSL_new(&context));
  BIO* sent = BIO_new(BIO_s_mem());
  BIO* received = BIO_new(BIO_s_mem());
  if (!tls || sent == nullptr || received == nullptr) return tls_failed("ClientHello");
  SSL_set_bio(tls.get(), received, sent);
  name_server(*tls, name);
  // Ends at once for want of an answer, the hello being written.
  SSL_connect(tls.get());
  ERR_clear_error();
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(sent, &bytes);
  if (size <= 0) return tls_failed("ClientHello for " + name);
  return std::string(bytes, static_cast<std::size_t>(size));
}

Transport::Transport(base::Descriptor socket, SSL_CTX& context, const std::string* name)
    : socket_(std::move(socket)), tls_(SSL_new(&context)) {
  SSL_set_fd(tls_.get(), socket_.get());
  if (name != nullptr) {
    name_server(*tls_, *name);
    SSL_set_connect_state(tls_.get());
  } else {
    SSL_set_accept_state(tls_.get());
  }
}

Step Transport::handshake() {
  if (!tls_) return Step::kDone;
  const int result = SSL_do_handshake(tls_.get());
  if (result == 1) return Step::kDone;
  return moved(tls_.get(), result) == 0 ? Step::kWait : Step::kFailed;
}

long Transport::read(char* into, std::size_t size) {
  if (tls_) return moved(tls_.get(), SSL_read(tls_.get(), into, tls_size(size)));
  if (drained_) return 0;
  return received(::recv(socket_.get(), into, size, 0), size);
}

long Transport::received(ssize_t bytes, std::size_t wanted) {
  drained_ = !hung_up_ && bytes > 0 && static_cast<std::size_t>(bytes) < wanted;
  return moved(bytes);
}

long Transport::write(const char* from, std::size_t size) {
  if (tls_) return moved(tls_.get(), SSL_write(tls_.get(), from, tls_size(size)));
  return moved(::send(socket_.get(), from, size, MSG_NOSIGNAL));
}

long Transport::skip(std::size_t size) {
  if (!tls_) return drained_ ? 0 : received(::recv(socket_.get(), nullptr, size, MSG_TRUNC), size);
  static thread_local std::array<char, 16 * 1024> bin;
  return read(bin.data(), std::min(size, bin.size()));
}

}  // namespace sallyport::bench
