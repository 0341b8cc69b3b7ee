#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sallyport::app {

// The sections of a file of the AWS tools, and in each its keys; "profile ops" is a section's whole name. Lines that
// are neither are passed over, as the tools do. Pure.
using AwsFile = std::map<std::string, std::map<std::string, std::string>>;
AwsFile parse_aws_file(std::string_view text);

// What a client of AWS goes by. Never logged.
struct AwsSettings {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  std::string region;
  std::string sts_url;  // "https://sts.us-east-1.amazonaws.com" unless told otherwise
};

// As the AWS CLI finds them: the environment first, then the profile ($AWS_PROFILE, else "default") of
// ~/.aws/credentials and ~/.aws/config. Fails, saying what is missing and where it may stand.
base::Result<AwsSettings> find_aws_settings(
    const std::function<std::optional<std::string>(const std::string&)>& environment,
    const std::function<base::Result<std::string>(const std::string&)>& read_file);

}  // namespace sallyport::app
