#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

// The AWS shared credentials file, as far as Sallyport writes one: the profile [default] with
// aws_access_key_id and aws_secret_access_key.
namespace sallyport::iam {

struct CredentialsFile {
  std::string access_key_id;
  std::string secret;  // never in an error's message
};

std::string format_credentials_file(const CredentialsFile& file);
// Comments, other profiles and other settings are passed over. kCorrupt when [default] lacks either value.
base::Result<CredentialsFile> parse_credentials_file(std::string_view text);

// As read_private_file; kCorrupt when it does not parse.
base::Result<CredentialsFile> read_credentials_file(const std::string& path);
// As create_private_file.
base::Status create_credentials_file(const std::string& path, const std::string& temporary_path,
                                     const CredentialsFile& file);

}  // namespace sallyport::iam
