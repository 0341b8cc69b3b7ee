#include "control/certificate_probe.h"

#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"

namespace sallyport::control {

namespace {

using model::HealthIssue;

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
void free_names(GENERAL_NAMES* names) { GENERAL_NAMES_free(names); }
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, FreeWith<free_names>>;
using SslPtr = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;

// A certificate may carry thousands of names; a message shows the first few.
constexpr std::size_t kNamedSans = 10;

// PROXY protocol v2, section 2.2: the LOCAL command, a health check of the proxy's own.
constexpr std::array<std::uint8_t, 16> kProxyLocalHeader = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51,
                                                            0x55, 0x49, 0x54, 0x0a, 0x20, 0x00, 0x00, 0x00};

// A TCP connection whose every wait ends with one deadline. After a failure `problem` says why.
class ProbeStream {
 public:
  explicit ProbeStream(base::Millis limit) : deadline_(std::chrono::steady_clock::now() + limit), limit_(limit) {}
  ~ProbeStream() {
    if (socket_ >= 0) close(socket_);
  }
  ProbeStream(const ProbeStream&) = delete;
  ProbeStream& operator=(const ProbeStream&) = delete;

  bool connect(const base::SocketAddress& server) {
    sockaddr_storage to{};
    const socklen_t length = write_address(server, to);
    socket_ = ::socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return failed(errno);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), length) == 0) return true;
    if (errno != EINPROGRESS) return failed(errno);
    if (!wait_for(POLLOUT)) return false;
    int error = 0;
    socklen_t size = sizeof(error);
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 || failed(error);
  }

  bool send(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
      } else if (errno != EAGAIN && errno != EINTR) {
        return failed(errno);
      } else if (!wait_for(POLLOUT)) {
        return false;
      }
    }
    return true;
  }

  // At least one byte, or 0 after a failure; the peer's end counts as one.
  std::size_t receive(std::span<std::uint8_t> into) {
    while (wait_for(POLLIN)) {
      const ssize_t received = recv(socket_, into.data(), into.size(), 0);
      if (received > 0) return static_cast<std::size_t>(received);
      if (received == 0) {
        problem_ = "the server closed the connection during the TLS handshake";
        return 0;
      }
      if (errno != EAGAIN && errno != EINTR) {
        failed(errno);
        return 0;
      }
    }
    return 0;
  }

  const std::string& problem() const { return problem_; }

 private:
  static socklen_t write_address(const base::SocketAddress& server, sockaddr_storage& to) {
    if (server.address.is_v4()) {
      auto* v4 = reinterpret_cast<sockaddr_in*>(&to);
      v4->sin_family = AF_INET;
      v4->sin_port = htons(server.port);
      v4->sin_addr.s_addr = htonl(server.address.v4_value());
      return sizeof(*v4);
    }
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&to);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(server.port);
    std::ranges::copy(server.address.octets(), std::begin(v6->sin6_addr.s6_addr));
    return sizeof(*v6);
  }

  bool wait_for(short events) {
    while (true) {
      const auto left = std::chrono::ceil<base::Millis>(deadline_ - std::chrono::steady_clock::now());
      pollfd waiting{.fd = socket_, .events = events, .revents = 0};
      const int ready = left.count() <= 0 ? 0 : poll(&waiting, 1, static_cast<int>(left.count()));
      if (ready > 0) return true;
      if (ready == 0) {
        problem_ = "no answer within " + std::to_string(limit_.count()) + " ms";
        return false;
      }
      if (errno != EINTR) return failed(errno);
    }
  }

  bool failed(int error) {
    problem_ = std::generic_category().message(error);
    return false;
  }

  std::chrono::steady_clock::time_point deadline_;
  base::Millis limit_;
  int socket_ = -1;
  std::string problem_;
};

HealthIssue issue(const char* code, const base::SocketAddress& server, const std::string& message) {
  return {.code = code,
          .message = "API server " + server.to_string() + " " + message,
          .resource_ids = {server.to_string()}};
}

// A context that trusts the pool's CA alone, or null where the PEM holds no certificate.
ContextPtr context_trusting(const std::string& ca_pem, std::time_t now) {
  ContextPtr context(SSL_CTX_new(TLS_client_method()));
  const BioPtr pem(BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size())));
  if (!context || !pem) return nullptr;
  X509_STORE* store = SSL_CTX_get_cert_store(context.get());
  bool any = false;
  while (const X509Ptr certificate{PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr)}) {
    any = X509_STORE_add_cert(store, certificate.get()) == 1 || any;
  }
  if (!any) return nullptr;
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, now);
  // As Go's clients do: whatever the CA file lists is an anchor, self-signed or not.
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  // The handshake goes on over a bad chain, so that the certificate can be looked at.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  return context;
}

std::string text_of(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) {
    const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName));
    std::string shown(text, static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName)));
    // What a server sent goes to logs and terminals.
    std::ranges::replace_if(
        shown, [](char c) { return c < 0x21 || c > 0x7e; }, '?');
    return shown;
  }
  if (name.type != GEN_IPADD) return {};
  const std::uint8_t* octets = ASN1_STRING_get0_data(name.d.iPAddress);
  const int length = ASN1_STRING_length(name.d.iPAddress);
  if (length == 4) return base::IpAddress::v4(std::span<const std::uint8_t, 4>(octets, 4)).to_string();
  if (length != 16) return {};
  base::IpAddress::Octets sixteen{};
  std::copy_n(octets, sixteen.size(), sixteen.begin());
  return base::IpAddress::v6(sixteen).to_string();
}

std::string subject_alternative_names(const X509& certificate) {
  const NamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::string listed;
  std::size_t count = 0;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const std::string name = text_of(*sk_GENERAL_NAME_value(names.get(), i));
    if (name.empty()) continue;
    if (++count <= kNamedSans) listed += (count == 1 ? "" : ", ") + name;
  }
  if (count > kNamedSans) listed += " and " + std::to_string(count - kNamedSans) + " more";
  return listed.empty() ? "no name at all" : listed;
}

std::string cure_with(const std::string& host) {
  // kubeadm takes names in lower case only.
  return "on that server: rm /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key && kubeadm init phase "
         "certs apiserver --apiserver-cert-extra-sans " +
         base::ascii_lower(host) +
         " (with any extra names it had before, comma-separated), then restart kube-apiserver";
}

bool names_host(X509* certificate, const std::string& host) {
  constexpr unsigned kFlags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  return X509_check_host(certificate, host.data(), host.size(), kFlags, nullptr) == 1;
}

bool ends_before(const X509& certificate, std::time_t when) {
  return X509_cmp_time(X509_get0_notAfter(&certificate), &when) < 0;
}

std::string day_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable date";
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
  return {text.data(), length};
}

std::optional<HealthIssue> judge(const SSL& ssl, const base::SocketAddress& server, const std::string& host,
                                 std::time_t now) {
  const X509Ptr certificate(SSL_get1_peer_certificate(&ssl));
  if (!certificate) return issue("ConfigurationConflict", server, "presents no certificate");
  const long verdict = SSL_get_verify_result(&ssl);
  if (verdict == X509_V_ERR_CERT_HAS_EXPIRED) {
    return issue("ConfigurationConflict", server,
                 "has a certificate, or an issuer of it, that has expired (the certificate ends " +
                     day_of(X509_get0_notAfter(certificate.get())) + "); renew it: kubeadm certs renew apiserver");
  }
  if (verdict != X509_V_OK) {
    return issue("ConfigurationConflict", server,
                 std::string("has a certificate that the pool's CA does not vouch for (") +
                     X509_verify_cert_error_string(verdict) + "); set ca_file of the pool to the CA that signed it");
  }
  if (!names_host(certificate.get(), host)) {
    return issue("ConfigurationConflict", server,
                 "has a certificate that does not name the endpoint " + host + "; it names " +
                     subject_alternative_names(*certificate) + "; " + cure_with(host));
  }
  constexpr auto kNotice = std::chrono::duration_cast<base::Seconds>(base::limits::kCertificateExpiryNotice);
  if (ends_before(*certificate, now + static_cast<std::time_t>(kNotice.count()))) {
    return issue("Other", server,
                 "has a certificate that expires " + day_of(X509_get0_notAfter(certificate.get())) +
                     "; renew it: kubeadm certs renew apiserver");
  }
  return std::nullopt;
}

// Moves what the TLS engine wants to send; false when the stream failed.
bool flush(SSL& ssl, ProbeStream& stream) {
  std::array<std::uint8_t, 4096> block{};
  int length = 0;
  while ((length = BIO_read(SSL_get_wbio(&ssl), block.data(), static_cast<int>(block.size()))) > 0) {
    if (!stream.send(std::span(block).first(static_cast<std::size_t>(length)))) return false;
  }
  return true;
}

// The engine works on memory, so that every wait is ours and bounded.
base::Status handshake(SSL& ssl, ProbeStream& stream) {
  std::array<std::uint8_t, 4096> block{};
  while (true) {
    const int done = SSL_do_handshake(&ssl);
    const int wants = done == 1 ? SSL_ERROR_NONE : SSL_get_error(&ssl, done);
    if (!flush(ssl, stream)) return base::fail(base::ErrorKind::kUnavailable, stream.problem());
    if (done == 1) return {};
    if (wants != SSL_ERROR_WANT_READ && wants != SSL_ERROR_WANT_WRITE) {
      const char* reason = ERR_reason_error_string(ERR_peek_last_error());
      return base::fail(base::ErrorKind::kUnavailable,
                        std::string("TLS handshake failed: ") + (reason == nullptr ? "no reason given" : reason));
    }
    const std::size_t length = stream.receive(block);
    if (length == 0) return base::fail(base::ErrorKind::kUnavailable, stream.problem());
    BIO_write(SSL_get_rbio(&ssl), block.data(), static_cast<int>(length));
  }
}

std::optional<HealthIssue> probe_server(SSL_CTX* context, const model::Pool& pool, const base::SocketAddress& server,
                                        const std::string& host, std::time_t now) {
  ERR_clear_error();
  ProbeStream stream(base::limits::kCertificateProbeTime);
  const auto unreachable = [&](const std::string& problem) {
    return issue("ClusterUnreachable", server, "cannot be asked for its certificate: " + problem);
  };
  if (!stream.connect(server)) return unreachable(stream.problem());
  if (pool.send_proxy_protocol && !stream.send(kProxyLocalHeader)) return unreachable(stream.problem());

  const SslPtr ssl(SSL_new(context));
  BioPtr received(BIO_new(BIO_s_mem()));
  BioPtr to_send(BIO_new(BIO_s_mem()));
  if (!ssl || !received || !to_send) return issue("InternalFailure", server, "was not probed: out of memory");
  SSL_set_bio(ssl.get(), received.release(), to_send.release());
  // The macro SSL_set_tlsext_host_name, spelt out: it casts in the old style and away from const.
  SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
  SSL_set_connect_state(ssl.get());
  const base::Status greeted = handshake(*ssl, stream);
  if (!greeted) return unreachable(greeted.error().message);
  return judge(*ssl, server, host, now);
}

std::vector<HealthIssue> probe_all(const model::Pool& pool, const std::string& host, base::Time now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const ContextPtr context = context_trusting(pool.ca_pem, seconds);
  ERR_clear_error();
  if (!context) {
    return {
        {.code = "ConfigurationConflict",
         .message = "the CA of pool " + pool.name.str() + " holds no certificate in PEM form; set its ca_file to one",
         .resource_ids = {}}};
  }
  std::vector<HealthIssue> issues;
  for (const base::SocketAddress& server : pool.servers) {
    std::optional<HealthIssue> found = probe_server(context.get(), pool, server, host, seconds);
    if (found) issues.push_back(std::move(*found));
  }
  ERR_clear_error();
  return issues;
}

}  // namespace

std::vector<HealthIssue> probe_certificates(const model::Pool& pool, const std::string& host, base::Time now) noexcept {
  try {
    return probe_all(pool, host, now);
  } catch (const std::exception& failure) {
    return {{.code = "InternalFailure", .message = failure.what(), .resource_ids = {}}};
  }
}

}  // namespace sallyport::control
