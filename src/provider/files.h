#pragma once

#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/result.h"

// Files and folders of this user alone. Messages name the path and the system's reason, never the content.
namespace sallyport::provider {

// The system's word for an errno value.
std::string reason(int error);

// kNotFound when there is none; kCorrupt when it is longer than limits::kProviderFileBytes. Symbolic links are not
// followed.
base::Result<std::string> read_file(const std::string& path);
// Replaces it by a file of mode 0600 that is whole and on disk before it has the name. One writer at a time.
base::Status write_file(const std::string& path, std::string_view text);
// As write_file, unless the file holds just that already.
base::Status keep_file(const std::string& path, std::string_view text);
// The end of a file, from a line's start; empty where there is none.
std::string tail_of(const std::string& path, std::size_t bytes);

// Makes it with mode 0700 where it is missing, its parents too, and refuses one that others may write to.
base::Status make_folder(const std::string& path);

bool exists(const std::string& path);
// With all in it, without following links. Missing is success.
base::Status remove_folder(const std::string& path);
base::Status remove_file(const std::string& path);
base::Status rename_folder(const std::string& from, const std::string& to);

}  // namespace sallyport::provider
