#include "app/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>

#include "app/test_pem.h"
#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using testing::HasSubstr;

Config config_listening(const std::vector<std::string>& addresses) {
  Config config;
  config.region = model::Region("eu-west-2");
  config.account = model::AccountId("123456789012");
  for (const std::string& address : addresses)
    config.api.listen.push_back(*base::SocketAddress::parse(address));
  return config;
}

// What /bin/sh makes of one word.
std::string word_of_shell(const std::string& quoted) {
  const std::string command = "printf %s " + quoted;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string out;
  std::array<char, 256> chunk{};
  while (const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), pipe))
    out.append(chunk.data(), got);
  ::pclose(pipe);
  return out;
}

TEST(Environment, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(shell_quoted("http://127.0.0.1:8787"), "http://127.0.0.1:8787");
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("a b"), "'a b'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
}

TEST(Environment, TheShellReadsBackWhatWasQuoted) {
  for (const std::string text : {"a b", "it's", "$HOME `id` \\n", "*", "~", "a\nb", "#x", "-n", "\"", "&;|<>()"}) {
    EXPECT_EQ(word_of_shell(shell_quoted(text)), text);
  }
}

RC_GTEST_PROP(EnvironmentProperty, NothingLeavesTheQuotes, (const std::string& text)) {
  const std::string quoted = shell_quoted(text);
  if (quoted == text) return;
  // Outside single quotes there is nothing but \'.
  std::string outside;
  bool inside = false;
  for (const char c : quoted) {
    if (c == '\'' && (outside.empty() || outside.back() != '\\' || inside)) {
      inside = !inside;
    } else if (!inside) {
      outside += c;
    }
  }
  RC_ASSERT(!inside);
  RC_ASSERT(outside.find_first_not_of("\\'") == std::string::npos);
}

Variables variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(Environment, ExportsAreForEval) {
  const EndpointRecord record{"http://127.0.0.1:8787", "us-east-1", "000000000000", std::nullopt};
  EXPECT_EQ(environment_exports(record, "AKIAEXAMPLE", "se/cret+", "/var/lib/my data", variables({})),
            "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION"
            " AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_USE_FIPS_ENDPOINT"
            " AWS_USE_DUALSTACK_ENDPOINT AWS_ENDPOINT_URL_EKS AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL_EC2"
            " AWS_ENDPOINT_URL_IAM AWS_ENDPOINT_URL_ROUTE_53 AWS_CA_BUNDLE\n"
            "export AWS_ENDPOINT_URL=http://127.0.0.1:8787\n"
            "export AWS_ACCESS_KEY_ID=AKIAEXAMPLE\n"
            "export AWS_SECRET_ACCESS_KEY=se/cret+\n"
            "export AWS_DEFAULT_REGION=us-east-1\n"
            "export AWS_REGION=us-east-1\n"
            "export SALLYPORT_DATA_DIR='/var/lib/my data'\n"
            "export NO_PROXY=127.0.0.1\n"
            "export no_proxy=127.0.0.1\n");
}

TEST(Environment, TheApiIsReachedWithoutAProxyAndOtherHostsAsBefore) {
  const auto printed = [](std::string url, std::map<std::string, std::string> inherited) {
    const EndpointRecord record{std::move(url), "us-east-1", "000000000000", std::nullopt};
    return environment_exports(record, "a", "b", "c", variables(std::move(inherited)));
  };
  const auto both = [](const std::string& upper, const std::string& lower) {
    return HasSubstr("export NO_PROXY=" + upper + "\nexport no_proxy=" + lower + "\n");
  };
  const std::string v4 = "http://127.0.0.1:1";
  EXPECT_THAT(printed(v4, {{"NO_PROXY", "a,.b"}}), both("a,.b,127.0.0.1", "a,.b,127.0.0.1"));
  EXPECT_THAT(printed(v4, {{"no_proxy", "a"}}), both("a,127.0.0.1", "a,127.0.0.1"));
  EXPECT_THAT(printed(v4, {{"NO_PROXY", "A"}, {"no_proxy", "b"}}), both("A,127.0.0.1", "b,127.0.0.1"));
  EXPECT_THAT(printed(v4, {{"NO_PROXY", "127.0.0.1,a"}}), both("127.0.0.1,a", "127.0.0.1,a"));
  EXPECT_THAT(printed(v4, {{"NO_PROXY", "127.0.0.10"}}), both("127.0.0.10,127.0.0.1", "127.0.0.10,127.0.0.1"));
  EXPECT_THAT(printed(v4, {{"NO_PROXY", "*"}}), both("'*'", "'*'"));
  EXPECT_THAT(printed("http://[::1]:1", {}), both("::1", "::1"));
}

TEST(Environment, ABundleStaysWhereItMayTrustTheApi) {
  const auto printed = [](const std::string& url) {
    return environment_exports({url, "r", "a", std::nullopt}, "a", "b", "c", variables({}));
  };
  EXPECT_THAT(printed("http://127.0.0.1:1"), HasSubstr(" AWS_CA_BUNDLE\n"));
  EXPECT_THAT(printed("https://10.0.0.1:1"), testing::Not(HasSubstr("AWS_CA_BUNDLE")));
}

TEST(Environment, PrefersALoopbackAddressAndNeverNamesAWildcard) {
  EXPECT_EQ(endpoint_record(config_listening({"10.0.0.1:1", "127.0.0.1:2"}), "").url, "http://127.0.0.1:2");
  EXPECT_EQ(endpoint_record(config_listening({"10.0.0.1:1"}), "").url, "http://10.0.0.1:1");
  EXPECT_EQ(endpoint_record(config_listening({"0.0.0.0:1"}), "").url, "http://127.0.0.1:1");
  EXPECT_EQ(endpoint_record(config_listening({"[::]:1"}), "").url, "http://[::1]:1");
}

TEST(Environment, NamesTheCertificateWhereItSignsItself) {
  Config config = config_listening({"10.0.0.1:1"});
  config.api.tls_cert_file = "/conf/api.crt";
  const EndpointRecord self_signed = endpoint_record(config, make_pem("api").certificate);
  EXPECT_EQ(self_signed.url, "https://10.0.0.1:1");
  EXPECT_EQ(self_signed.ca_bundle, "/conf/api.crt");
  EXPECT_THAT(environment_exports(self_signed, "a", "b", "c", variables({})),
              HasSubstr("export AWS_CA_BUNDLE=/conf/api.crt\n"));
  EXPECT_EQ(endpoint_record(config, make_pem("api", "An Authority").certificate).ca_bundle, std::nullopt);
}

TEST(Environment, RecordSurvivesAndIsPrivate) {
  const base::TestFolder folder;
  const DataPaths paths{folder.path()};
  const EndpointRecord record{"https://10.0.0.1:1", "us-east-1", "000000000000", "/conf/\"odd\".crt"};
  ASSERT_TRUE(write_endpoint_record(paths, {"http://old", "r", "a", std::nullopt}));
  ASSERT_TRUE(write_endpoint_record(paths, record));
  EXPECT_EQ(read_endpoint_record(paths).value(), record);
  struct stat found {};
  ASSERT_EQ(::stat(paths.endpoint_record().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST(Environment, AMissingOrDamagedRecordSaysWhatToDo) {
  const base::TestFolder folder;
  const DataPaths paths{folder.path()};
  EXPECT_THAT(read_endpoint_record(paths).error().message, HasSubstr("start `sallyport serve` first"));
  for (const char* text : {"", "{", "[]", "{\"url\":7}"}) {
    folder.write("endpoint.json", text);
    EXPECT_EQ(read_endpoint_record(paths).error().kind, base::ErrorKind::kCorrupt) << text;
  }
}

}  // namespace
}  // namespace sallyport::app
