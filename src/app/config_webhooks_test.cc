#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/test_config.h"

namespace sallyport::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

auto parse(const std::string& text) {
  static const ReadFile files = reader_of({{"/conf/ca.crt", test_pem().certificate},
                                           {"/conf/hook.crt", test_pem().certificate},
                                           {"/conf/hook.key", test_pem().key}});
  return parse_config(text, "/conf/sallyport.toml", files);
}

std::vector<std::string> errors_of(const std::string& text) { return errors_in(parse(text)); }

TEST(ConfigWebhooks, AreNotServedWithoutTheirSection) { EXPECT_FALSE(parse("")->webhooks); }

TEST(ConfigWebhooks, AdvertiseTheFirstAddressTheyListenOn) {
  const auto config = parse("[webhooks]\nlisten = [\"127.0.0.1:8790\", \"10.0.0.5:8790\"]\n");
  ASSERT_TRUE(config);
  ASSERT_TRUE(config->webhooks);
  EXPECT_EQ(config->webhooks->listen.size(), 2U);
  EXPECT_EQ(config->webhooks->advertise, "127.0.0.1:8790");
  EXPECT_FALSE(config->webhooks->tls_cert_file);
}

TEST(ConfigWebhooks, EveryKey) {
  const auto config = parse(
      "[webhooks]\nlisten = [\"0.0.0.0:8790\"]\nadvertise = \"sallyport.example.com:443\"\n"
      "tls_cert_file = \"hook.crt\"\ntls_key_file = \"hook.key\"\ntls_ca_file = \"ca.crt\"\n"
      "token_origins = [\"https://api.example.com\", \"http://10.0.0.5:8787\"]\n");
  ASSERT_TRUE(config) << describe(config.error().front(), "");
  EXPECT_EQ(config->webhooks->advertise, "sallyport.example.com:443");
  EXPECT_EQ(config->webhooks->tls_cert_file, "/conf/hook.crt");
  EXPECT_EQ(config->webhooks->tls_key_file, "/conf/hook.key");
  EXPECT_EQ(config->webhooks->ca_pem, test_pem().certificate);
  EXPECT_THAT(config->webhooks->token_origins, ElementsAre("https://api.example.com", "http://10.0.0.5:8787"));
}

TEST(ConfigWebhooks, WhatIsWrongIsNamed) {
  EXPECT_THAT(errors_of("[webhooks]\n"), ElementsAre(HasSubstr("1 [webhooks] listen: must hold an address")));
  EXPECT_THAT(errors_of("[webhooks]\nlisten = []\n"), ElementsAre(HasSubstr("listen: must hold an address")));
  EXPECT_THAT(errors_of("[webhooks]\nlisten = [\"0.0.0.0:8790\"]\n"),
              ElementsAre(HasSubstr("advertise: is missing: API servers cannot dial 0.0.0.0:8790")));
  for (const std::string advertise : {"0.0.0.0:8790", "10.0.0.5", "https://a:1", "a b:1", "a:0", "a:x", ""}) {
    EXPECT_THAT(errors_of("[webhooks]\nlisten = [\"127.0.0.1:8790\"]\nadvertise = \"" + advertise + "\"\n"),
                ElementsAre(HasSubstr("3 [webhooks] advertise: must be the host and port")))
        << advertise;
  }
  for (const std::string origin : {"api.example.com", "ftp://a", "https://a/path", "https://", "https://a:0"}) {
    EXPECT_THAT(errors_of("[webhooks]\nlisten = [\"127.0.0.1:8790\"]\ntoken_origins = [\"" + origin + "\"]\n"),
                ElementsAre(HasSubstr("3 [webhooks] token_origins: must be a URL of this API")))
        << origin;
  }
  EXPECT_THAT(errors_of("[webhooks]\nlisten = [\"127.0.0.1:8787\"]\n"), ElementsAre(HasSubstr("is taken by [api]")));
  EXPECT_THAT(errors_of("[webhooks]\nlisten = [\"127.0.0.1:8790\"]\nlisten_on = 1\n"),
              ElementsAre(HasSubstr("is not a key of [webhooks]")));
}

TEST(ConfigWebhooks, CertificateKeyAndAuthorityComeTogether) {
  const std::string listen = "[webhooks]\nlisten = [\"127.0.0.1:8790\"]\n";
  const std::string files = "tls_cert_file = \"hook.crt\"\ntls_key_file = \"hook.key\"\n";
  EXPECT_THAT(errors_of(listen + files), ElementsAre(HasSubstr("tls_ca_file: is missing")));
  EXPECT_THAT(errors_of(listen + "tls_ca_file = \"ca.crt\"\n"), ElementsAre(HasSubstr("tls_ca_file: needs")));
  EXPECT_THAT(errors_of(listen + files + "tls_ca_file = \"none.crt\"\n"), ElementsAre(HasSubstr("cannot be read")));
  EXPECT_THAT(errors_of(listen + files + "tls_ca_file = \"ca.crt\"\n"), IsEmpty());
}

}  // namespace
}  // namespace sallyport::app
