#include "iam/credentials_file.h"

#include <algorithm>
#include <utility>

#include "iam/private_file.h"

namespace sallyport::iam {

namespace {

using base::ErrorKind;
using base::fail;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace

std::string format_credentials_file(const CredentialsFile& file) {
  return "[default]\naws_access_key_id = " + file.access_key_id + "\naws_secret_access_key = " + file.secret + "\n";
}

base::Result<CredentialsFile> parse_credentials_file(std::string_view text) {
  CredentialsFile file;
  bool in_default = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      in_default = line == "[default]";
      continue;
    }
    const std::size_t equals = line.find('=');
    if (!in_default || equals == std::string_view::npos) continue;
    const std::string_view name = trimmed(line.substr(0, equals));
    const std::string_view value = trimmed(line.substr(equals + 1));
    if (name == "aws_access_key_id") file.access_key_id = value;
    if (name == "aws_secret_access_key") file.secret = value;
  }
  for (const auto& [name, value] :
       {std::pair{"aws_access_key_id", &file.access_key_id}, std::pair{"aws_secret_access_key", &file.secret}}) {
    if (value->empty()) {
      return fail(ErrorKind::kCorrupt, std::string("the profile [default] has no ") + name, name);
    }
  }
  return file;
}

base::Result<CredentialsFile> read_credentials_file(const std::string& path) {
  const auto text = read_private_file(path);
  if (!text) return fail(text.error());
  auto file = parse_credentials_file(*text);
  if (!file) return fail(file.error().kind, path + ": " + file.error().message, file.error().field);
  return file;
}

base::Status create_credentials_file(const std::string& path, const std::string& temporary_path,
                                     const CredentialsFile& file) {
  return create_private_file(path, temporary_path, format_credentials_file(file));
}

}  // namespace sallyport::iam
