#include "app/bastion_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/bastion_metrics.h"
#include "app/test_config.h"

namespace sallyport::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const ReadFile& test_files() {
  static const ReadFile files = reader_of({{"/conf/tls.crt", test_pem().certificate},
                                           {"/conf/tls.key", test_pem().key},
                                           {"/etc/sallyport/bastion.crt", test_pem().certificate},
                                           {"/etc/sallyport/bastion.key", test_pem().key},
                                           {"/etc/sallyport/api-ca.crt", test_pem().certificate},
                                           {"/conf/other.key", make_pem("other").key}});
  return files;
}

auto parse(const std::string& text) { return parse_bastion_config(text, "/conf/bastion.toml", test_files()); }

std::vector<std::string> errors_of(const std::string& text) { return errors_in(parse(text)); }

const std::string kLeast = "[bastion]\nsocks = [\"127.0.0.1:1080\"]\napi = \"http://127.0.0.1:8787\"\n";

TEST(BastionConfig, MinimalFileHasTheDefaults) {
  const auto file = parse(kLeast);
  ASSERT_TRUE(file) << describe(file.error().front(), "");
  const auto& config = file->bastion;
  EXPECT_TRUE(config.listen.empty());
  ASSERT_EQ(config.socks.size(), 1U);
  EXPECT_FALSE(config.api.tls);
  EXPECT_EQ(config.api.authority(), "127.0.0.1:8787");
  EXPECT_EQ(config.realm.region, "us-east-1");
  EXPECT_EQ(config.realm.zone, "sallyport.internal");
  EXPECT_EQ(config.realm.port, 443);
  EXPECT_FALSE(config.resolver);
  EXPECT_FALSE(config.source);
  EXPECT_EQ(config.idle_time, std::chrono::hours(1));
  EXPECT_TRUE(file->metrics.empty());
}

TEST(BastionConfig, Everything) {
  const auto file = parse(R"([bastion]
listen = ["10.0.1.20:3128", "[2001:db8::1]:3128"]
tls_cert_file = "tls.crt"
tls_key_file = "/conf/tls.key"
socks = ["10.0.1.20:1080"]
allow_plaintext_socks = true
api = "https://api.example.com"
api_ca_file = "tls.crt"
region = "eu-west-1"
zone = "K8s.Example.com"
port = 8443
resolver = "10.0.0.2:53"
source = "10.0.1.20"
max_connections = 100
idle_seconds = 60
[metrics]
listen = ["127.0.0.1:9788"]
)");
  ASSERT_TRUE(file) << describe(file.error().front(), "");
  const auto& config = file->bastion;
  EXPECT_EQ(config.listen.size(), 2U);
  EXPECT_EQ(config.tls_cert_file, "/conf/tls.crt");
  EXPECT_TRUE(config.api.tls);
  EXPECT_EQ(config.api.authority(), "api.example.com:443");
  EXPECT_EQ(config.api.ca_file, "/conf/tls.crt");
  EXPECT_EQ(config.realm.zone, "k8s.example.com");
  EXPECT_EQ(config.realm.port, 8443);
  EXPECT_EQ(config.resolver->to_string(), "10.0.0.2:53");
  EXPECT_EQ(config.source->to_string(), "10.0.1.20");
  EXPECT_EQ(config.max_connections, 100U);
  EXPECT_EQ(config.idle_time, std::chrono::minutes(1));
  EXPECT_EQ(file->metrics.size(), 1U);
}

TEST(BastionConfig, ThePackagedExampleParses) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../packaging/sallyport-bastion.toml";
  std::ifstream stream(path);
  ASSERT_TRUE(stream) << path;
  std::stringstream text;
  text << stream.rdbuf();
  const auto file = parse_bastion_config(text.str(), "/etc/sallyport/bastion.toml", test_files());
  ASSERT_TRUE(file) << describe(file.error().front(), "");
}

TEST(BastionConfig, EveryErrorAtOnce) {
  EXPECT_THAT(errors_of(R"([bastion]
listen = ["10.0.1.20:3128", "10.0.1.20"]
socks = ["10.0.1.20:1080"]
api = "http://10.0.0.9:8787"
region = "here"
zone = "a..b"
resolvr = "10.0.0.2:53"
source = "10.0.1.20:0"
port = 0
idle_seconds = "1h"
[metrics]
listen = ["10.0.1.20:3128"]
[gateway]
)"),
              ElementsAre(HasSubstr("2 [bastion] listen: "), HasSubstr("passwords"),
                          AllOf(HasSubstr("3 [bastion] socks"), HasSubstr("allow_plaintext_socks")),
                          AllOf(HasSubstr("4 [bastion] api"), HasSubstr("plain HTTP")), HasSubstr("5 [bastion] region"),
                          HasSubstr("6 [bastion] zone"), HasSubstr("did you mean resolver"),
                          HasSubstr("8 [bastion] source"), HasSubstr("9 [bastion] port"),
                          HasSubstr("10 [bastion] idle_seconds"), HasSubstr("is taken by [bastion] listen on line 2"),
                          HasSubstr("13 gateway: is not a section of this file")));
}

TEST(BastionConfig, Urls) {
  const auto problem = [](const std::string& url) {
    return errors_of("[bastion]\nsocks = [\"127.0.0.1:1\"]\napi = \"" + url + "\"\n");
  };
  for (const char* good :
       {"https://a", "https://a.example.com:8787/", "https://10.0.0.1:1", "https://[2001:db8::1]:443",
        "http://127.0.0.1:8787", "http://[::1]:8787", "http://127.9.9.9"}) {
    EXPECT_THAT(problem(good), IsEmpty()) << good;
  }
  for (const char* bad :
       {"", "a:8787", "ftp://a", "https://", "https://u:p@a", "https://a/path", "https://a?x", "https://a#x",
        "https://a:0", "https://a:99999", "http://localhost:8787", "http://10.0.0.1", "https://a b"}) {
    EXPECT_EQ(problem(bad).size(), 1U) << bad;
  }
}

TEST(BastionConfig, WhatIsMissing) {
  EXPECT_THAT(errors_of(""), ElementsAre(HasSubstr("[bastion]: is missing")));
  EXPECT_THAT(errors_of("[bastion]\n"),
              ElementsAre(HasSubstr("api: is missing"), HasSubstr("no address to listen on")));
  EXPECT_THAT(errors_of("[bastion]\nlisten = []\napi = \"https://a\"\n"), ElementsAre(HasSubstr("lists are empty")));
  EXPECT_THAT(errors_of(kLeast + "tls_cert_file = \"tls.crt\"\n"), ElementsAre(HasSubstr("needs tls_key_file")));
  EXPECT_THAT(errors_of(kLeast + "tls_cert_file = \"tls.crt\"\ntls_key_file = \"other.key\"\n"),
              ElementsAre(HasSubstr("5 [bastion] tls_key_file")));
  EXPECT_THAT(errors_of(kLeast + "api_ca_file = \"none.crt\"\n"),
              ElementsAre(HasSubstr("cannot be read"), HasSubstr("no use with http")));
  EXPECT_THAT(errors_of("[bastion\n"), ElementsAre(HasSubstr("is not TOML")));
}

RC_GTEST_PROP(BastionConfig, AnyTextEnds, (const std::string& text)) {
  parse(text);
  parse(kLeast + text);
}

TEST(BastionMetrics, EveryCounterIsThere) {
  bastion::BastionStats stats;
  stats.tunnels_active = 3;
  stats.strangers = 4;
  stats.refused = {{"ip-literal", 2}};
  stats.logins = {{"accepted", 5}};
  const std::string text = bastion_metrics_text(stats, base::Time{});
  EXPECT_THAT(text, AllOf(HasSubstr("sallyport_bastion_tunnels_active 3"),
                          HasSubstr("sallyport_bastion_connections_not_logged_in 4"),
                          HasSubstr("sallyport_bastion_refused_total{reason=\"ip-literal\"} 2"),
                          HasSubstr("sallyport_bastion_logins_total{outcome=\"accepted\"} 5"),
                          HasSubstr("sallyport_bastion_bytes_total{direction=\"to_client\"} 0")));
}

}  // namespace
}  // namespace sallyport::app
