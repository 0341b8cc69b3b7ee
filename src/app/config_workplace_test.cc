#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "app/test_config.h"
#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ConfigWorkplace : public testing::Test {
 protected:
  void secret(const std::string& text, mode_t mode = 0600) {
    const std::string path = folder_.path() + "/secret";
    std::ofstream(path) << text;
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }
  auto parse(const std::string& text) {
    const ReadFile files = reader_of({{folder_.path() + "/ca.crt", test_pem().certificate}});
    return parse_config(text, folder_.path() + "/sallyport.toml", files);
  }
  std::vector<std::string> errors_of(const std::string& text) { return errors_in(parse(text)); }

  base::TestFolder folder_;
};

TEST_F(ConfigWorkplace, IsOffWithoutItsSection) { EXPECT_FALSE(parse("")->workplace); }

TEST_F(ConfigWorkplace, EveryKey) {
  secret("0123456789abcdef0123456789abcdef\n");
  const auto config = parse(
      "[workplace]\nurl = \"https://10.0.1.20:3130\"\nca_file = \"ca.crt\"\nsecret_file = \"secret\"\n"
      "check_seconds = 5\n");
  ASSERT_TRUE(config) << describe(config.error().front(), "");
  ASSERT_TRUE(config->workplace);
  EXPECT_TRUE(config->workplace->tls);
  EXPECT_EQ(config->workplace->host, "10.0.1.20");
  EXPECT_EQ(config->workplace->port, 3130);
  EXPECT_EQ(config->workplace->ca_file, folder_.path() + "/ca.crt");
  EXPECT_EQ(config->workplace->secret, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(config->workplace->check_time, base::Seconds(5));
}

TEST_F(ConfigWorkplace, WhatIsWrongIsNamed) {
  EXPECT_THAT(errors_of("[workplace]\n"),
              ElementsAre(HasSubstr("url: is missing"), HasSubstr("secret_file: is missing")));
  EXPECT_THAT(errors_of("[workplace]\nurl = \"http://10.0.1.20:3130\"\nsecret_file = \"secret\"\n"),
              ElementsAre(HasSubstr("2 [workplace] url: is plain HTTP to another machine"),
                          HasSubstr("3 [workplace] secret_file: cannot be read")));
  secret("0123456789abcdef0123456789abcdef", 0640);
  const std::string local = "[workplace]\nurl = \"http://127.0.0.1:3130\"\nsecret_file = \"secret\"\n";
  EXPECT_THAT(errors_of(local), ElementsAre(HasSubstr("chmod 600")));
  secret("too short");
  EXPECT_THAT(errors_of(local), ElementsAre(HasSubstr("fewer than 32 bytes")));
  secret("0123456789abcdef0123456789abcdef");
  EXPECT_THAT(errors_of(local), ElementsAre());
  EXPECT_THAT(errors_of(local + "check_seconds = 0\n"), ElementsAre(HasSubstr("4 [workplace] check_seconds")));
  EXPECT_EQ(parse(local)->workplace->check_time, base::limits::kWorkplaceCheckPause);
  EXPECT_THAT(errors_of(local + "ca_file = \"ca.crt\"\n"), ElementsAre(HasSubstr("no use with http://")));
  EXPECT_THAT(errors_of(local + "sessions = 3\n"), ElementsAre(HasSubstr("4 [workplace] sessions")));
}

}  // namespace
}  // namespace sallyport::app
