#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "model/cidr.h"
#include "wire/proxy_protocol.h"

// Clients and API servers for the tests of this room: real sockets on loopback, real TLS.
namespace sallyport::gateway::test {

using Bytes = std::vector<std::uint8_t>;

inline base::IpAddress ip(std::string_view text) { return base::IpAddress::parse(text).value(); }
inline model::Cidr cidr(std::string_view text) { return model::Cidr::parse(text).value(); }
inline base::SocketAddress at(std::string_view text) { return base::SocketAddress::parse(text).value(); }
inline std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

// Polls for what other threads bring about; the bound only ends a broken test.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 1'500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

inline sockaddr_in native(const base::SocketAddress& address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(address.port);
  out.sin_addr.s_addr = htonl(address.address.v4_value());
  return out;
}

inline int bind_to(int fd, const base::SocketAddress& address) {
  sockaddr_in name = native(address);
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name));
}

inline base::SocketAddress name_of(int fd) {
  sockaddr_in name{};
  socklen_t size = sizeof(name);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size);
  return {base::IpAddress::v4(ntohl(name.sin_addr.s_addr)), ntohs(name.sin_port)};
}

inline base::Descriptor tcp_socket() {
  base::Descriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  return fd;
}

// An address nobody listens at.
inline base::SocketAddress unused_address(std::string_view address = "127.0.0.1") {
  const base::Descriptor fd = tcp_socket();
  bind_to(fd.get(), {ip(address), 0});
  return name_of(fd.get());
}

inline bool send_all(int fd, const Bytes& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t wrote = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (wrote <= 0) return false;
    sent += static_cast<std::size_t>(wrote);
  }
  return true;
}

using ContextPtr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using SslPtr = std::unique_ptr<SSL, decltype(&SSL_free)>;

inline ContextPtr server_context() {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"),
                                                                EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  ContextPtr context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX_use_certificate(context.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  return context;
}

inline SslPtr client_tls(const std::string& host) {
  static const ContextPtr kContext(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SslPtr ssl(SSL_new(kContext.get()), SSL_free);
  std::string name = host;
  if (!name.empty()) SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  return ssl;
}

inline Bytes client_hello(const std::string& host) {
  const SslPtr ssl = client_tls(host);
  BIO* out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), out);
  SSL_connect(ssl.get());
  Bytes hello(static_cast<std::size_t>(BIO_pending(out)));
  BIO_read(out, hello.data(), static_cast<int>(hello.size()));
  return hello;
}

// Echoes, over TLS or as it comes, to any number of clients. Says "bye" to one that ended its side first.
class EchoServer {
 public:
  enum class Speaks { kTls, kPlain };

  // With `proxied` each connection must begin with a PROXY v2 header, which is kept.
  explicit EchoServer(Speaks speaks = Speaks::kTls, bool proxied = false)
      : speaks_(speaks), proxied_(proxied), context_(server_context()), listener_(tcp_socket()) {
    bind_to(listener_.get(), at("127.0.0.1:0"));
    address_ = name_of(listener_.get());
    ::listen(listener_.get(), 128);
    thread_ = std::thread([this] { accept_all(); });
  }
  ~EchoServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
    {
      const std::lock_guard guard(mutex_);
      for (const auto& client : clients_)
        ::shutdown(client.get(), SHUT_RDWR);
    }
    for (std::thread& thread : threads_)
      thread.join();
  }

  const base::SocketAddress& address() const { return address_; }
  // Connections that sent at least a byte: health checks do not.
  int served() const { return served_.load(); }
  std::vector<wire::ProxyEndpoints> proxy_headers() const {
    const std::lock_guard guard(mutex_);
    return headers_;
  }

 private:
  void accept_all() {
    while (true) {
      base::Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client.valid() && errno == EMFILE) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        continue;
      }
      if (!client.valid()) return;
      const std::lock_guard guard(mutex_);
      const int fd = client.get();
      clients_.push_back(std::move(client));
      threads_.emplace_back([this, fd] {
        serve(fd);
        ::shutdown(fd, SHUT_RDWR);
      });
    }
  }
  void serve(int fd) {
    char first = 0;
    if (::recv(fd, &first, 1, MSG_PEEK) != 1) return;
    ++served_;
    if (proxied_ && !take_header(fd)) return;
    if (speaks_ == Speaks::kTls) return serve_tls(fd);
    Bytes buffer(64 * 1024);
    for (ssize_t got = 0; (got = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;) {
      if (!send_all(fd, {buffer.begin(), buffer.begin() + got})) return;
    }
    send_all(fd, {'b', 'y', 'e'});
  }
  bool take_header(int fd) {
    Bytes bytes(wire::kProxyHeaderBytes);
    const ssize_t got = ::recv(fd, bytes.data(), bytes.size(), MSG_PEEK);
    const auto header =
        wire::parse_proxy_header(std::span(bytes).first(static_cast<std::size_t>(std::max<ssize_t>(got, 0))));
    if (header.state != wire::ProxyHeader::State::kComplete || !header.endpoints) return false;
    if (::recv(fd, bytes.data(), header.size, 0) < 0) return false;
    const std::lock_guard guard(mutex_);
    headers_.push_back(*header.endpoints);
    return true;
  }
  void serve_tls(int fd) {
    const SslPtr ssl(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(ssl.get(), fd);
    if (SSL_accept(ssl.get()) != 1) return;
    std::array<char, 4096> buffer{};
    while (true) {
      const int got = SSL_read(ssl.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (got <= 0) {
        if (SSL_get_error(ssl.get(), got) != SSL_ERROR_ZERO_RETURN) return;
        SSL_write(ssl.get(), "bye", 3);
        SSL_shutdown(ssl.get());
        return;
      }
      SSL_write(ssl.get(), buffer.data(), got);
    }
  }

  Speaks speaks_;
  bool proxied_;
  ContextPtr context_;
  base::Descriptor listener_;
  base::SocketAddress address_;
  std::atomic<int> served_{0};
  mutable std::mutex mutex_;
  std::vector<base::Descriptor> clients_;
  std::vector<std::thread> threads_;
  std::vector<wire::ProxyEndpoints> headers_;
  std::thread thread_;
};

// How a connection ended, as its client sees it.
enum class End { kOrderly, kReset, kOther };

// A TCP client at an address of its own.
class Client {
 public:
  Client(std::string_view source, const base::SocketAddress& door) : Client(source, door, tcp_socket()) {}
  Client(std::string_view source, const base::SocketAddress& door, base::Descriptor socket) : fd_(std::move(socket)) {
    bind_to(fd_.get(), {ip(source), 0});
    sockaddr_in name = native(door);
    connected_ = ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
  }
  int fd() const { return fd_.get(); }
  bool connected() const { return connected_; }
  bool send(const Bytes& bytes) const { return send_all(fd(), bytes); }
  void finish_sending() const { ::shutdown(fd(), SHUT_WR); }

  // Reads `size` bytes, fewer where the connection ends.
  Bytes read(std::size_t size) const {
    Bytes out(size);
    std::size_t have = 0;
    while (have < size) {
      const ssize_t got = ::recv(fd(), out.data() + have, size - have, 0);
      if (got <= 0) break;
      have += static_cast<std::size_t>(got);
    }
    out.resize(have);
    return out;
  }
  // Reads to the end; `received` counts what came before.
  End end(std::size_t* received = nullptr) const {
    std::array<char, 4096> buffer{};
    std::size_t total = 0;
    ssize_t got = 0;
    while ((got = ::recv(fd(), buffer.data(), buffer.size(), 0)) > 0)
      total += static_cast<std::size_t>(got);
    if (received != nullptr) *received = total;
    if (got == 0) return End::kOrderly;
    return errno == ECONNRESET ? End::kReset : End::kOther;
  }

  bool handshake(const std::string& host) {
    ssl_ = client_tls(host);
    SSL_set_fd(ssl_.get(), fd());
    return SSL_connect(ssl_.get()) == 1;
  }
  bool echoes(const std::string& text) const {
    if (SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) <= 0) return false;
    std::string back(text.size(), '\0');
    for (std::size_t have = 0; have < back.size();) {
      const int got = SSL_read(ssl_.get(), back.data() + have, static_cast<int>(back.size() - have));
      if (got <= 0) return false;
      have += static_cast<std::size_t>(got);
    }
    return back == text;
  }
  SSL* tls() const { return ssl_.get(); }

 private:
  base::Descriptor fd_;
  bool connected_ = false;
  SslPtr ssl_{nullptr, SSL_free};
};

}  // namespace sallyport::gateway::test
