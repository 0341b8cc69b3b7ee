#include "provider/tls_get.h"

#include <openssl/pem.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

#include "base/descriptor.h"
#include "provider/files.h"
#include "provider/openssl_handles.h"
#include "provider/socket_address.h"

namespace sallyport::provider {

namespace {

using base::ErrorKind;
using base::fail;

// The status line of an answer is all that is read of it.
constexpr std::size_t kAnswerBytes = 256;

tl::unexpected<base::Error> unavailable(std::string why) { return fail(ErrorKind::kUnavailable, std::move(why)); }

SslContextPtr make_context(const TlsPeer& peer) {
  SslContextPtr context(SSL_CTX_new(TLS_client_method()));
  const BioPtr ca_bio = open_text(peer.ca_pem);
  const CertificatePtr ca(PEM_read_bio_X509(ca_bio.get(), nullptr, nullptr, nullptr));
  const BioPtr certificate_bio = open_text(peer.certificate_pem);
  const CertificatePtr certificate(PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr));
  const BioPtr key_bio = open_text(peer.key_pem);
  const KeyPtr key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
  if (!context || !ca || !certificate || !key) return nullptr;
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const bool good = X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), ca.get()) == 1 &&
                    SSL_CTX_use_certificate(context.get(), certificate.get()) == 1 &&
                    SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1;
  return good ? std::move(context) : nullptr;
}

// One exchange, whose every wait ends with one deadline.
class Exchange {
 public:
  explicit Exchange(base::Millis limit) : deadline_(std::chrono::steady_clock::now() + limit) {}

  base::Status connect(const base::SocketAddress& to) {
    const SystemAddress address(to);
    socket_ = base::Descriptor(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket_.valid()) return unavailable("no socket: " + reason(errno));
    if (::connect(socket_.get(), address.get(), address.length) == 0) return {};
    if (errno != EINPROGRESS) return unavailable(to.to_string() + ": " + reason(errno));
    if (!wait_for(POLLOUT)) return unavailable(to.to_string() + ": no answer");
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return unavailable(to.to_string() + ": " + reason(error));
    return {};
  }

  base::Status handshake(SSL_CTX* context, const std::string& name) {
    ssl_.reset(SSL_new(context));
    if (!ssl_ || SSL_set_fd(ssl_.get(), socket_.get()) != 1 || SSL_set1_host(ssl_.get(), name.c_str()) != 1 ||
        // What SSL_set_tlsext_host_name stands for, whose cast is not C++'s.
        SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(name.c_str())) != 1) {
      return unavailable("TLS: " + openssl_reason());
    }
    while (true) {
      const int result = SSL_connect(ssl_.get());
      if (result == 1) return {};
      if (wait_on(result)) continue;
      const long verified = SSL_get_verify_result(ssl_.get());
      if (verified == X509_V_OK) return unavailable("TLS: " + openssl_reason());
      ERR_clear_error();
      return unavailable(std::string("the certificate is not good for ") + name + ": " +
                         X509_verify_cert_error_string(verified));
    }
  }

  base::Status send(std::string_view text) {
    while (true) {
      const int result = SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
      if (result > 0) return {};
      if (!wait_on(result)) return unavailable("cannot send: " + openssl_reason());
    }
  }

  // Until the peer's end or the limit.
  std::string receive() {
    std::array<char, kAnswerBytes> buffer{};
    std::size_t size = 0;
    while (size < buffer.size()) {
      const int result = SSL_read(ssl_.get(), buffer.data() + size, static_cast<int>(buffer.size() - size));
      if (result > 0) {
        size += static_cast<std::size_t>(result);
      } else if (!wait_on(result)) {
        break;
      }
    }
    ERR_clear_error();
    return {buffer.data(), size};
  }

  std::string certificate() const {
    const CertificatePtr peer(SSL_get1_peer_certificate(ssl_.get()));
    const BioPtr bio(BIO_new(BIO_s_mem()));
    if (peer) PEM_write_bio_X509(bio.get(), peer.get());
    return text_of(bio.get());
  }

 private:
  bool wait_for(short events) {
    const auto left = std::chrono::ceil<base::Millis>(deadline_ - std::chrono::steady_clock::now()).count();
    pollfd waiting{socket_.get(), events, 0};
    return left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) > 0;
  }

  // Whether to try again.
  bool wait_on(int result) {
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ) return wait_for(POLLIN);
    if (error == SSL_ERROR_WANT_WRITE) return wait_for(POLLOUT);
    return false;
  }

  std::chrono::steady_clock::time_point deadline_;
  base::Descriptor socket_;
  SslPtr ssl_;
};

base::Result<int> status_of(std::string_view answer) {
  constexpr std::string_view kStart = "HTTP/1.1 ";
  int status = 0;
  if (answer.starts_with(kStart) && answer.size() >= kStart.size() + 3) {
    std::from_chars(answer.data() + kStart.size(), answer.data() + kStart.size() + 3, status);
  }
  if (status == 0) return unavailable("no HTTP answer");
  return status;
}

}  // namespace

base::Result<TlsAnswer> tls_get(const TlsPeer& peer, const std::string& path, base::Millis limit) {
  const SslContextPtr context = make_context(peer);
  if (!context) return unavailable("the certificates on disk do not decode: " + openssl_reason());
  Exchange exchange(limit);
  if (auto connected = exchange.connect(peer.address); !connected) return fail(connected.error());
  if (auto agreed = exchange.handshake(context.get(), peer.name); !agreed) return fail(agreed.error());
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: " + peer.name + "\r\nConnection: close\r\n\r\n";
  if (auto sent = exchange.send(request); !sent) return fail(sent.error());
  const auto status = status_of(exchange.receive());
  if (!status) return fail(status.error());
  return TlsAnswer{*status, exchange.certificate()};
}

}  // namespace sallyport::provider
