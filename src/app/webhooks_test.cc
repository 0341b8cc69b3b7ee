#include "app/webhooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using testing::IsSupersetOf;

class WebhooksTest : public testing::Test {
 protected:
  WebhooksTest() {
    config_.listen = {*base::SocketAddress::parse("127.0.0.1:0"), *base::SocketAddress::parse("0.0.0.0:8790")};
    config_.advertise = "[2001:db8::1]:8790";
    cluster_.name = model::ClusterName("demo");
    cluster_.endpoint_id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
  }
  auto prepare() { return Webhooks::prepare(config_, folder_.path() + "/webhooks", bearers_, clock_); }

  base::TestFolder folder_;
  base::SystemClock clock_;
  iam::WebhookBearers bearers_{wire::AeadKey{}};
  WebhookConfig config_;
  model::Cluster cluster_;
};

TEST_F(WebhooksTest, EachClusterHasItsOwnAddressAndSecret) {
  const auto webhooks = prepare();
  ASSERT_TRUE(webhooks) << webhooks.error().message;
  const auto endpoints = (*webhooks)->endpoints_of(cluster_);
  EXPECT_EQ(endpoints.authentication_url, "https://[2001:db8::1]:8790/clusters/demo/token-review");
  EXPECT_EQ(endpoints.authorization_url, "https://[2001:db8::1]:8790/clusters/demo/access-review");
  EXPECT_EQ(endpoints.bearer_token, bearers_.of(cluster_.endpoint_id));
  EXPECT_TRUE(read_certificate(endpoints.ca_pem));
  cluster_.endpoint_id = model::EndpointId("another");
  EXPECT_NE((*webhooks)->endpoints_of(cluster_).bearer_token, endpoints.bearer_token);
}

TEST_F(WebhooksTest, TheCertificateIsForWhereTheyListenAndWhatTheyAdvertise) {
  auto webhooks = prepare();
  ASSERT_TRUE(webhooks);
  const auto own =
      WebhookCertificates::open(folder_.path() + "/webhooks", {"127.0.0.1", "2001:db8::1", "localhost"}, clock_.now());
  ASSERT_TRUE(own);
  EXPECT_EQ(own->authority_pem(), (*webhooks)->endpoints_of(cluster_).ca_pem);
  std::ifstream file(own->serving_file());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(read_certificate(text)->names, (std::set<std::string>{"127.0.0.1", "2001:db8::1", "localhost"}));
}

TEST_F(WebhooksTest, ConfiguredFilesAreUsedAsTheyAre) {
  config_.tls_cert_file = "/conf/hook.crt";
  config_.tls_key_file = "/conf/hook.key";
  config_.ca_pem = "the authority";
  const auto webhooks = prepare();
  ASSERT_TRUE(webhooks);
  EXPECT_EQ((*webhooks)->endpoints_of(cluster_).ca_pem, "the authority");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/webhooks"));
}

TEST(WebhookKubeconfig, HoldsAddressAuthorityAndSecret) {
  const std::string text = webhook_kubeconfig("demo", "https://a:1/clusters/demo/token-review", "PEM", "secret");
  EXPECT_NE(text.find("    server: https://a:1/clusters/demo/token-review\n"), std::string::npos);
  EXPECT_NE(text.find("    certificate-authority-data: " + base::to_base64(base::as_bytes("PEM")) + "\n"),
            std::string::npos);
  EXPECT_NE(text.find("    token: secret\n"), std::string::npos);
}

TEST(TokenOrigins, AreWhereTheApiIsReached) {
  Config config;
  config.api.listen = {*base::SocketAddress::parse("127.0.0.1:8787"), *base::SocketAddress::parse("10.0.0.5:443")};
  EXPECT_THAT(token_origins(config, {}),
              testing::ElementsAre("http://127.0.0.1:8787", "http://localhost:8787", "http://10.0.0.5:443"));
  config.api.tls_cert_file = "cert";
  config.webhooks.emplace();
  config.webhooks->token_origins = {"https://sallyport.example.com"};
  EXPECT_THAT(token_origins(config, {"api.example.com", "2001:db8::1"}),
              IsSupersetOf({"https://api.example.com:443", "https://[2001:db8::1]:443", "https://10.0.0.5:443",
                            "https://api.example.com:8787", "https://sallyport.example.com"}));
}

}  // namespace
}  // namespace sallyport::app
