#include "app/aws_files.h"

#include <algorithm>

namespace sallyport::app {

namespace {

using Environment = std::function<std::optional<std::string>(const std::string&)>;
using Files = std::function<base::Result<std::string>(const std::string&)>;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// The first of the variables that is set and not empty.
std::string first_of(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (auto value = environment(name); value && !value->empty()) return *std::move(value);
  }
  return {};
}

std::string value_of(const AwsFile& file, const std::string& section, const std::string& key) {
  const auto found = file.find(section);
  if (found == file.end()) return {};
  const auto value = found->second.find(key);
  return value == found->second.end() ? std::string() : value->second;
}

AwsFile read(const Environment& environment, const Files& read_file, const char* variable, const std::string& name) {
  std::string path = environment(variable).value_or("");
  if (path.empty()) path = environment("HOME").value_or("") + "/.aws/" + name;
  const auto text = read_file(path);
  return text ? parse_aws_file(*text) : AwsFile{};
}

}  // namespace

AwsFile parse_aws_file(std::string_view text) {
  AwsFile file;
  std::string section;
  std::optional<std::size_t> indent;  // of the setting before this line
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    const std::string_view line = trimmed(whole);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('#') || line.starts_with(';')) continue;
    if (line.empty()) continue;
    const auto blanks = static_cast<std::size_t>(line.data() - whole.data());
    // Further in than a setting, a line is of that setting's value, as of `s3 =`.
    if (indent && blanks > *indent) continue;
    if (line.starts_with('[') && line.ends_with(']')) {
      section = trimmed(line.substr(1, line.size() - 2));
      indent.reset();
      continue;
    }
    indent = blanks;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || section.empty()) continue;
    file[section][std::string(trimmed(line.substr(0, equals)))] = trimmed(line.substr(equals + 1));
  }
  return file;
}

base::Result<AwsSettings> find_aws_settings(const Environment& environment, const Files& read_file) {
  AwsSettings found;
  std::string profile = first_of(environment, {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"});
  if (profile.empty()) profile = "default";
  const AwsFile config = read(environment, read_file, "AWS_CONFIG_FILE", "config");
  const std::string section = profile == "default" ? profile : "profile " + profile;
  found.access_key_id = first_of(environment, {"AWS_ACCESS_KEY_ID"});
  found.secret_access_key = first_of(environment, {"AWS_SECRET_ACCESS_KEY"});
  found.session_token = first_of(environment, {"AWS_SESSION_TOKEN"});
  if (found.access_key_id.empty() || found.secret_access_key.empty()) {
    const AwsFile credentials = read(environment, read_file, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
    found.access_key_id = value_of(credentials, profile, "aws_access_key_id");
    found.secret_access_key = value_of(credentials, profile, "aws_secret_access_key");
    found.session_token = value_of(credentials, profile, "aws_session_token");
  }
  if (found.access_key_id.empty() || found.secret_access_key.empty()) {
    return base::fail(base::ErrorKind::kUnauthenticated,
                      "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give [" + profile +
                          "] of ~/.aws/credentials aws_access_key_id and aws_secret_access_key");
  }
  found.region = first_of(environment, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (found.region.empty()) found.region = value_of(config, section, "region");
  if (found.region.empty()) {
    return base::fail(base::ErrorKind::kInvalidParameter,
                      "no region: set AWS_REGION, or give [" + section + "] of ~/.aws/config a region");
  }
  found.sts_url = first_of(environment, {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"});
  if (found.sts_url.empty()) found.sts_url = value_of(config, section, "endpoint_url");
  if (found.sts_url.empty()) found.sts_url = "https://sts." + found.region + ".amazonaws.com";
  return found;
}

}  // namespace sallyport::app
