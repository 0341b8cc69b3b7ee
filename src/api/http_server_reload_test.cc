#include <gtest/gtest.h>
#include <openssl/x509.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "api/http_server_fixture_test.h"
#include "base/test_folder.h"

namespace sallyport::api {
namespace {

using testing_client::Answer;
using testing_client::TlsClient;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class HttpServerReload : public testing::Test {
 protected:
  HttpServerReload() {
    EXPECT_TRUE(testing_client::write_certificate(cert(), key()));
    server_ = testing_client::started({.tls_cert_file = cert(), .tls_key_file = key()});
  }

  std::string cert() const { return folder_ / "cert.pem"; }
  std::string key() const { return folder_ / "key.pem"; }

  std::unique_ptr<TlsClient> connected() {
    auto client = std::make_unique<TlsClient>(context_);
    client->stream().next_layer().connect(testing_client::endpoint_of(server_->addresses().front()));
    client->stream().handshake(boost::asio::ssl::stream_base::client);
    return client;
  }
  // The key the server shows, which is another for each certificate.
  static std::string shown(TlsClient& client) {
    const std::unique_ptr<X509, decltype(&X509_free)> peer(SSL_get1_peer_certificate(client.stream().native_handle()),
                                                           X509_free);
    const ASN1_BIT_STRING* bits = X509_get0_pubkey_bitstr(peer.get());
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(bits)),
            static_cast<std::size_t>(ASN1_STRING_length(bits))};
  }

  base::TestFolder folder_;
  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerReload, NewConnectionsHaveTheNewCertificateAndOldOnesGoOn) {
  const auto old = connected();
  const std::string first = shown(*old);
  EXPECT_EQ(old->exchange(kGet).status, 200);
  ASSERT_TRUE(testing_client::write_certificate(cert(), key()));
  EXPECT_EQ(shown(*connected()), first) << "files are read when asked";
  ASSERT_TRUE(server_->reload_tls());
  const auto fresh = connected();
  EXPECT_NE(shown(*fresh), first);
  EXPECT_EQ(fresh->exchange(kGet).status, 200);
  EXPECT_EQ(old->exchange(kGet).status, 200) << "the old connection was cut";
}

TEST_F(HttpServerReload, KeepsTheOldCertificateWhereTheNewIsUnfit) {
  const std::string first = shown(*connected());
  ASSERT_TRUE(testing_client::write_certificate(cert(), folder_ / "other-key.pem"));
  EXPECT_EQ(server_->reload_tls().error().field, "tls_key_file");
  EXPECT_EQ(shown(*connected()), first);
  std::ofstream(cert()) << "damaged";
  EXPECT_EQ(server_->reload_tls().error().field, "tls_cert_file");
  std::filesystem::remove(cert());
  EXPECT_EQ(server_->reload_tls().error().field, "tls_cert_file");
  EXPECT_EQ(shown(*connected()), first);
  ASSERT_TRUE(testing_client::write_certificate(cert(), key()));
  ASSERT_TRUE(server_->reload_tls());
  EXPECT_NE(shown(*connected()), first);
}

TEST_F(HttpServerReload, ItsEndIsKnown) {
  EXPECT_GT(server_->stats().certificate_expires, base::SystemClock().now());
  const auto plain = testing_client::started();
  EXPECT_FALSE(plain->stats().certificate_expires);
  EXPECT_TRUE(plain->reload_tls());
}

}  // namespace
}  // namespace sallyport::api
