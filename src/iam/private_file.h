#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

// Files with secrets: this user's alone.
namespace sallyport::iam {

// kNotFound when there is none; kAccessDenied when it is another user's, not a regular file, or others can
// read or write it; kCorrupt when it is longer than 64 KiB. Symbolic links are not followed.
base::Result<std::string> read_private_file(const std::string& path);
// Creates it with mode 0600, whole and durable before it has its name. kInUse when the name is taken.
base::Status create_private_file(const std::string& path, const std::string& temporary_path, std::string_view text);

// The same, in place of what has the name: readers see the old text or the new.
base::Status replace_private_file(const std::string& path, const std::string& temporary_path, std::string_view text);

}  // namespace sallyport::iam
