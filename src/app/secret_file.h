#pragma once

#include <string>

#include "base/result.h"

namespace sallyport::app {

// A secret shared with another process, in a file of its own: its text without the newline at the end. Refuses a file
// that others than its owner can read, fewer than `least` bytes, and what no HTTP header can carry; the message holds
// nothing of it and is for after the file's name.
base::Result<std::string> read_secret_file(const std::string& path, std::size_t least);
// The one of an API server and its workplace host.
base::Result<std::string> read_workplace_secret(const std::string& path);

}  // namespace sallyport::app
