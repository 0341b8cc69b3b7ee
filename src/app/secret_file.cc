#include "app/secret_file.h"

#include <sys/stat.h>

#include <algorithm>

#include "app/config_parts.h"
#include "base/limits.h"

namespace sallyport::app {

base::Result<std::string> read_secret_file(const std::string& path, std::size_t least) {
  using base::ErrorKind;
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return base::fail(ErrorKind::kInvalidParameter, "can be read by others than its owner; run chmod 600 " + path);
  }
  auto secret = read_text_file(path);
  if (!secret) return secret;
  if (secret->ends_with('\n')) secret->pop_back();
  if (secret->size() < least) {
    return base::fail(ErrorKind::kInvalidParameter,
                      "holds fewer than " + std::to_string(least) + " bytes; make one with openssl rand -hex 32");
  }
  if (!std::ranges::all_of(*secret, [](char c) { return c > ' ' && c <= '~'; })) {
    return base::fail(ErrorKind::kInvalidParameter,
                      "must hold one line of printable ASCII without blanks; make one with openssl rand -hex 32");
  }
  return secret;
}

base::Result<std::string> read_workplace_secret(const std::string& path) {
  return read_secret_file(path, base::limits::kWorkplaceSecretBytes);
}

}  // namespace sallyport::app
