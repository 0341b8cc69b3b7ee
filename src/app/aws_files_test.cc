#include "app/aws_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::app {
namespace {

using testing::HasSubstr;

base::Result<AwsSettings> settings(const std::map<std::string, std::string>& environment,
                                   const std::map<std::string, std::string>& files) {
  return find_aws_settings(
      [&](const std::string& name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
      },
      [&](const std::string& path) -> base::Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return base::fail(base::ErrorKind::kNotFound, "none");
        return found->second;
      });
}

const std::map<std::string, std::string> kFiles{
    {"/home/user/.aws/credentials",
     "# mine\n[default]\naws_access_key_id = ASIA1\r\naws_secret_access_key=se=cret\naws_session_token =  token\n"
     "[ops]\naws_access_key_id = AKIA2\naws_secret_access_key = other\n"},
    {"/home/user/.aws/config",
     "[default]\nregion = eu-west-1\n[profile ops]\nregion = us-west-2\nendpoint_url = https://api:8787\n"}};

TEST(AwsSettings, ComeFromTheFilesOfTheProfile) {
  const auto first = settings({{"HOME", "/home/user"}}, kFiles);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->access_key_id, "ASIA1");
  EXPECT_EQ(first->secret_access_key, "se=cret");
  EXPECT_EQ(first->session_token, "token");
  EXPECT_EQ(first->sts_url, "https://sts.eu-west-1.amazonaws.com");
  const auto ops = settings({{"HOME", "/home/user"}, {"AWS_PROFILE", "ops"}}, kFiles);
  ASSERT_TRUE(ops) << ops.error().message;
  EXPECT_EQ(ops->access_key_id, "AKIA2");
  EXPECT_EQ(ops->session_token, "");
  EXPECT_EQ(ops->region, "us-west-2");
  EXPECT_EQ(ops->sts_url, "https://api:8787");
}

TEST(AwsSettings, TheEnvironmentGoesFirstAndItsKeysAreNotMixedWithAFilesToken) {
  const auto found = settings({{"HOME", "/home/user"},
                               {"AWS_ACCESS_KEY_ID", "AKIA3"},
                               {"AWS_SECRET_ACCESS_KEY", "third"},
                               {"AWS_REGION", "ap-south-1"},
                               {"AWS_ENDPOINT_URL", "http://127.0.0.1:8787"}},
                              kFiles);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->access_key_id, "AKIA3");
  EXPECT_EQ(found->session_token, "");
  EXPECT_EQ(found->region, "ap-south-1");
  EXPECT_EQ(found->sts_url, "http://127.0.0.1:8787");
}

TEST(AwsSettings, WhatIsFurtherInBelongsToTheSettingAbove) {
  const AwsFile file = parse_aws_file(
      "[default]\ns3 =\n  endpoint_url = https://s3\n\n\tregion = x\nregion = eu-west-1\n"
      "[profile in]\n  region = us-east-1\n  ec2 =\n    endpoint_url = https://ec2\n  output = json\n");
  EXPECT_EQ(file.at("default"), (AwsFile::mapped_type{{"s3", ""}, {"region", "eu-west-1"}}));
  EXPECT_EQ(file.at("profile in"), (AwsFile::mapped_type{{"region", "us-east-1"}, {"ec2", ""}, {"output", "json"}}));
}

TEST(AwsSettings, WhatIsMissingIsNamed) {
  const auto keys = settings({{"HOME", "/nowhere"}, {"AWS_REGION", "us-east-1"}}, kFiles);
  ASSERT_FALSE(keys);
  EXPECT_THAT(keys.error().message, HasSubstr("[default] of ~/.aws/credentials"));
  const auto region = settings({{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "S"}}, kFiles);
  ASSERT_FALSE(region);
  EXPECT_THAT(region.error().message, HasSubstr("AWS_REGION"));
}

}  // namespace
}  // namespace sallyport::app
