#include "store/sqlite/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <system_error>

namespace sallyport::store::sqlite {

base::Result<FileLock> FileLock::take(const std::string& path) {
  base::Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor.valid() || ::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    const int code = errno;
    if (descriptor.valid() && code == EWOULDBLOCK) {
      return base::fail(base::ErrorKind::kInUse,
                        "another process holds " + path +
                            "; one Sallyport serves a data directory: stop the other, or give this one its own",
                        path);
    }
    return base::fail(base::ErrorKind::kUnavailable,
                      "cannot lock " + path + ": " + std::generic_category().message(code) +
                          "; the data directory must exist and be writable for this user",
                      path);
  }
  return FileLock(std::move(descriptor));
}

}  // namespace sallyport::store::sqlite
