#include "store/sqlite/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sallyport::store::sqlite {

base::Result<FileLock> FileLock::take(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    const std::string reason = std::generic_category().message(errno);
    return base::fail(base::ErrorKind::kUnavailable, "cannot open the lock file " + path + ": " + reason, path);
  }
  FileLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return base::fail(base::ErrorKind::kInUse,
                      "another process holds " + path +
                          "; one Sallyport serves a data directory: stop the other, or give this one its own",
                      path);
  }
  return lock;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace sallyport::store::sqlite
