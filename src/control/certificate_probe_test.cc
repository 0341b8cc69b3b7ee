#include "control/certificate_probe.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace sallyport::control {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

using CertPtr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

const std::string kHost = "0123456789ABCDEF0123456789ABCDEF.gr1.us-east-1.eks.sallyport.internal";
const base::Time kNow = std::chrono::floor<base::Millis>(std::chrono::system_clock::now());
constexpr long kDay = 24 * 3600;

KeyPtr make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

void add_extension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

struct Profile {
  std::string common_name = "kube-apiserver";
  std::string names = "DNS:" + kHost;  // empty: no such extension
  long starts = -kDay;                 // seconds from kNow
  long ends = 365 * kDay;
};

CertPtr make_certificate(const Profile& profile, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  CertPtr certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  static long serial = 0;
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  std::time_t now = std::chrono::system_clock::to_time_t(kNow);
  X509_time_adj_ex(X509_getm_notBefore(certificate.get()), 0, profile.starts, &now);
  X509_time_adj_ex(X509_getm_notAfter(certificate.get()), 0, profile.ends, &now);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(profile.common_name.c_str()), -1, -1, 0);
  X509_set_pubkey(certificate.get(), key);
  X509* signer = issuer == nullptr ? certificate.get() : issuer;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  if (issuer == nullptr) add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  if (issuer != nullptr && !profile.names.empty()) {
    add_extension(certificate.get(), NID_subject_alt_name, profile.names);
  }
  X509_sign(certificate.get(), issuer == nullptr ? key : issuer_key, EVP_sha256());
  return certificate;
}

struct Authority {
  KeyPtr key = make_key();
  CertPtr certificate =
      make_certificate({.common_name = "test-ca", .names = "", .ends = 3650 * kDay}, key.get(), nullptr, nullptr);

  std::string pem() const {
    std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(out.get(), certificate.get());
    char* text = nullptr;
    const long length = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(length)};
  }
};

// A listening socket on loopback at a port of the kernel's choice.
class Listening {
 public:
  Listening() {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof(at)), 0);
    EXPECT_EQ(listen(socket_, 4), 0);
    socklen_t size = sizeof(at);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
    address_ = {base::IpAddress::v4(INADDR_LOOPBACK), ntohs(at.sin_port)};
  }
  ~Listening() { close(socket_); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  int socket() const { return socket_; }
  const base::SocketAddress& address() const { return address_; }

 private:
  static int socket(int family, int type, int protocol) { return ::socket(family, type, protocol); }
  int socket_ = -1;
  base::SocketAddress address_;
};

// A real TLS server that greets one client, keeping the server name it asked for and what came before.
class TlsServer {
 public:
  TlsServer(const Authority& authority, const Profile& profile, std::size_t preamble = 0) : preamble_(preamble) {
    key_ = make_key();
    certificate_ = make_certificate(profile, key_.get(), authority.certificate.get(), authority.key.get());
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsServer() { join(); }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  const base::SocketAddress& address() const { return listening_.address(); }
  // Ends the server; what it saw may be read then.
  void join() {
    shutdown(listening_.socket(), SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
  }
  const std::string& server_name() const { return server_name_; }
  const std::string& preamble_seen() const { return preamble_seen_; }

 private:
  void serve() {
    const int client = accept(listening_.socket(), nullptr, nullptr);
    if (client < 0) return;
    preamble_seen_.resize(preamble_);
    if (preamble_ == 0 ||
        recv(client, preamble_seen_.data(), preamble_, MSG_WAITALL) == static_cast<ssize_t>(preamble_)) {
      greet(client);
    }
    close(client);
  }

  void greet(int client) {
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_use_certificate(context.get(), certificate_.get());
    SSL_CTX_use_PrivateKey(context.get(), key_.get());
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
    SSL_set_fd(ssl.get(), client);
    // Without tickets nothing is written after the client has what it wants and may be gone.
    SSL_set_num_tickets(ssl.get(), 0);
    SSL_accept(ssl.get());
    const char* name = SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name);
    server_name_ = name == nullptr ? "" : name;
  }

  std::size_t preamble_;
  Listening listening_;
  KeyPtr key_{nullptr, EVP_PKEY_free};
  CertPtr certificate_{nullptr, X509_free};
  std::string server_name_;
  std::string preamble_seen_;
  std::thread thread_;
};

model::Pool pool_of(const Authority& authority, std::vector<base::SocketAddress> servers) {
  return {.name = model::PoolName("prod"), .servers = std::move(servers), .ca_pem = authority.pem()};
}

std::vector<model::HealthIssue> probe(const Authority& authority, const Profile& profile) {
  TlsServer server(authority, profile);
  return probe_certificates(pool_of(authority, {server.address()}), kHost, kNow);
}

TEST(CertificateProbe, FindsNothingAmissInAGoodServerAndAsksItByTheEndpointsName) {
  const Authority authority;
  TlsServer server(authority, {});
  EXPECT_THAT(probe_certificates(pool_of(authority, {server.address()}), kHost, kNow), IsEmpty());
  server.join();
  EXPECT_EQ(server.server_name(), kHost);
}

TEST(CertificateProbe, TakesAWildcardAndAnyCase) {
  const Authority authority;
  EXPECT_THAT(probe(authority, {.names = "DNS:*.gr1.us-east-1.eks.sallyport.internal"}), IsEmpty());
  EXPECT_THAT(probe(authority, {.names = "DNS:0123456789abcdef0123456789abcdef.gr1.us-east-1.eks.sallyport.internal"}),
              IsEmpty());
}

TEST(CertificateProbe, ANameMismatchNamesTheNamesFoundAndTheCure) {
  const Authority authority;
  const auto issues = probe(authority, {.names = "DNS:kubernetes,DNS:kubernetes.default,IP:10.96.0.1,IP:2001:db8::1"});
  ASSERT_THAT(issues, SizeIs(1));
  EXPECT_EQ(issues[0].code, "ConfigurationConflict");
  EXPECT_THAT(issues[0].message,
              AllOf(HasSubstr("kubernetes, kubernetes.default, 10.96.0.1, 2001:db8::1"), HasSubstr(kHost),
                    HasSubstr("kubeadm init phase certs apiserver --apiserver-cert-extra-sans "
                              "0123456789abcdef0123456789abcdef.gr1.us-east-1.eks.sallyport.internal"),
                    HasSubstr("rm /etc/kubernetes/pki/apiserver.crt")));
  EXPECT_THAT(issues[0].resource_ids, SizeIs(1));
}

TEST(CertificateProbe, TheCommonNameAloneDoesNotName) {
  const Authority authority;
  const auto issues = probe(authority, {.common_name = "api.example.com", .names = ""});
  ASSERT_THAT(issues, SizeIs(1));
  EXPECT_THAT(issues[0].message, HasSubstr("no name at all"));
}

TEST(CertificateProbe, ShowsTheFirstNamesOfMany) {
  const Authority authority;
  std::string names = "DNS:n1.example";
  for (int i = 2; i <= 40; ++i)
    names += ",DNS:n" + std::to_string(i) + ".example";
  const auto issues = probe(authority, {.names = names});
  ASSERT_THAT(issues, SizeIs(1));
  EXPECT_THAT(issues[0].message, AllOf(HasSubstr("n10.example and 30 more"), Not(HasSubstr("n11.example"))));
}

TEST(CertificateProbe, TellsAnotherAuthorityApart) {
  const Authority authority;
  const Authority stranger;
  TlsServer server(stranger, {});
  const auto issues = probe_certificates(pool_of(authority, {server.address()}), kHost, kNow);
  ASSERT_THAT(issues, SizeIs(1));
  EXPECT_EQ(issues[0].code, "ConfigurationConflict");
  EXPECT_THAT(issues[0].message, AllOf(HasSubstr("does not vouch"), HasSubstr("ca_file")));
}

TEST(CertificateProbe, TellsExpiryAheadAndPast) {
  const Authority authority;
  const auto soon = probe(authority, {.ends = 6 * kDay});
  ASSERT_THAT(soon, SizeIs(1));
  EXPECT_EQ(soon[0].code, "Other");
  EXPECT_THAT(soon[0].message, HasSubstr("expires"));
  EXPECT_THAT(probe(authority, {.ends = 8 * kDay}), IsEmpty());
  const auto past = probe(authority, {.starts = -9 * kDay, .ends = -kDay});
  ASSERT_THAT(past, SizeIs(1));
  EXPECT_EQ(past[0].code, "ConfigurationConflict");
  EXPECT_THAT(past[0].message, HasSubstr("expired"));
  const auto early = probe(authority, {.starts = kDay});
  ASSERT_THAT(early, SizeIs(1));
  EXPECT_THAT(early[0].message, HasSubstr("not yet valid"));
}

TEST(CertificateProbe, SendsAProxyHeaderWhereThePoolWantsOne) {
  const Authority authority;
  TlsServer server(authority, {}, 16);
  model::Pool pool = pool_of(authority, {server.address()});
  pool.send_proxy_protocol = true;
  EXPECT_THAT(probe_certificates(pool, kHost, kNow), IsEmpty());
  server.join();
  EXPECT_EQ(server.preamble_seen(), std::string("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16));
}

TEST(CertificateProbe, ARefusedConnectionIsUnreachable) {
  const Authority authority;
  base::SocketAddress closed;
  {
    const Listening gone;
    closed = gone.address();
  }
  const auto issues = probe_certificates(pool_of(authority, {closed}), kHost, kNow);
  ASSERT_THAT(issues, SizeIs(1));
  EXPECT_EQ(issues[0].code, "ClusterUnreachable");
  EXPECT_THAT(issues[0].message, HasSubstr(closed.to_string()));
}

TEST(CertificateProbe, ASilentServerEndsWithTheLimit) {
  const Authority authority;
  const Listening silent;  // the kernel completes the connection; nobody answers
  const auto issues = probe_certificates(pool_of(authority, {silent.address()}), kHost, kNow);
  ASSERT_THAT(issues, SizeIs(1));
  EXPECT_EQ(issues[0].code, "ClusterUnreachable");
  EXPECT_THAT(issues[0].message, HasSubstr("no answer within 3000 ms"));
}

TEST(CertificateProbe, AServerThatSpeaksNoTlsIsUnreachable) {
  const Authority authority;
  for (const std::string& greeting : {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string()}) {
    const Listening plain;
    std::thread server([&] {
      const int client = accept(plain.socket(), nullptr, nullptr);
      std::array<char, 1024> hello{};
      recv(client, hello.data(), hello.size(), 0);
      send(client, greeting.data(), greeting.size(), MSG_NOSIGNAL);
      close(client);
    });
    const auto issues = probe_certificates(pool_of(authority, {plain.address()}), kHost, kNow);
    server.join();
    ASSERT_THAT(issues, SizeIs(1));
    EXPECT_EQ(issues[0].code, "ClusterUnreachable");
  }
}

TEST(CertificateProbe, JudgesEachServerByItself) {
  const Authority authority;
  TlsServer good(authority, {});
  TlsServer bad(authority, {.names = "DNS:kubernetes"});
  const auto issues = probe_certificates(pool_of(authority, {good.address(), bad.address()}), kHost, kNow);
  ASSERT_THAT(issues, SizeIs(1));
  EXPECT_EQ(issues[0].resource_ids, std::vector<std::string>{bad.address().to_string()});
}

TEST(CertificateProbe, SaysWhenThePoolHasNoUsableAuthority) {
  for (const char* pem : {"", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    const auto issues =
        probe_certificates({.name = model::PoolName("prod"), .servers = {}, .ca_pem = pem}, kHost, kNow);
    ASSERT_THAT(issues, SizeIs(1)) << pem;
    EXPECT_EQ(issues[0].code, "ConfigurationConflict");
    EXPECT_THAT(issues[0].message, HasSubstr("ca_file"));
  }
}

}  // namespace
}  // namespace sallyport::control
