#include "provider/locks.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "provider/files.h"

namespace sallyport::provider {

namespace {

using base::Descriptor;
using base::ErrorKind;
using base::fail;

Descriptor open_lock(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
}

// Whether the path still leads to the file that was opened: its holder may have removed it.
bool is_at(const Descriptor& file, const std::string& path) {
  struct stat opened {};
  struct stat found {};
  return ::fstat(file.get(), &opened) == 0 && ::lstat(path.c_str(), &found) == 0 && opened.st_ino == found.st_ino &&
         opened.st_dev == found.st_dev;
}

struct flock whole_file(short kind) {
  struct flock lock {};
  lock.l_type = kind;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

base::Result<std::optional<FileLock>> FileLock::try_take(const std::string& path) {
  while (true) {
    Descriptor file = open_lock(path);
    if (!file.valid()) return fail(ErrorKind::kInternal, "cannot open " + path + ": " + reason(errno));
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK || errno == EINTR) return std::optional<FileLock>();
      return fail(ErrorKind::kInternal, "cannot lock " + path + ": " + reason(errno));
    }
    if (is_at(file, path)) return std::optional<FileLock>(FileLock(std::move(file)));
  }
}

base::Result<FileLock> FileLock::take(const std::string& path, base::Millis limit, const std::function<bool()>& stop) {
  constexpr base::Millis kPause{100};
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (true) {
    auto tried = try_take(path);
    if (!tried) return fail(std::move(tried.error()));
    if (*tried) return **std::move(tried);
    if (stop()) return fail(ErrorKind::kUnavailable, "stopped while it waited for " + path);
    if (std::chrono::steady_clock::now() >= deadline) {
      return fail(ErrorKind::kInUse, path + " is still held by another process after " +
                                         std::to_string(limit.count() / 1'000) + " s; try again when it has ended");
    }
    std::this_thread::sleep_for(kPause);
  }
}

base::Result<NamedLock> NamedLock::take(const std::string& path) {
  Descriptor file = open_lock(path);
  if (!file.valid()) return fail(ErrorKind::kInternal, "cannot open " + path + ": " + reason(errno));
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(file.get(), F_SETLK, &lock) != 0) {
    if (errno == EACCES || errno == EAGAIN) return fail(ErrorKind::kInUse, path + " is held by another process");
    return fail(ErrorKind::kInternal, "cannot lock " + path + ": " + reason(errno));
  }
  return NamedLock(std::move(file));
}

std::optional<pid_t> NamedLock::holder(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.valid()) return std::nullopt;
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(file.get(), F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK || lock.l_pid <= 0) return std::nullopt;
  return lock.l_pid;
}

}  // namespace sallyport::provider
