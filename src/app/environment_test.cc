#include "app/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>

#include "app/test_folder.h"
#include "app/test_pem.h"

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

TEST(Environment, ExportsAreForEval) {
  const EndpointRecord record{"http://127.0.0.1:8787", "us-east-1", "000000000000", std::nullopt};
  EXPECT_EQ(environment_exports(record, "AKIAEXAMPLE", "se/cret+", "/var/lib/my data"),
            "export AWS_ENDPOINT_URL=http://127.0.0.1:8787\n"
            "export AWS_ACCESS_KEY_ID=AKIAEXAMPLE\n"
            "export AWS_SECRET_ACCESS_KEY=se/cret+\n"
            "export AWS_DEFAULT_REGION=us-east-1\n"
            "export AWS_REGION=us-east-1\n"
            "export SALLYPORT_DATA_DIR='/var/lib/my data'\n");
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
  EXPECT_THAT(environment_exports(self_signed, "a", "b", "c"), HasSubstr("export AWS_CA_BUNDLE=/conf/api.crt\n"));
  EXPECT_EQ(endpoint_record(config, make_pem("api", "An Authority").certificate).ca_bundle, std::nullopt);
}

TEST(Environment, RecordSurvivesAndIsPrivate) {
  const TestFolder folder;
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
  const TestFolder folder;
  const DataPaths paths{folder.path()};
  EXPECT_THAT(read_endpoint_record(paths).error().message, HasSubstr("start `sallyport serve` first"));
  for (const char* text : {"", "{", "[]", "{\"url\":7}"}) {
    folder.write("endpoint.json", text);
    EXPECT_EQ(read_endpoint_record(paths).error().kind, base::ErrorKind::kCorrupt) << text;
  }
}

}  // namespace
}  // namespace sallyport::app
