#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"
#include "base/time.h"

// Locks of files, that end with the processes that hold them.
namespace sallyport::provider {

// Holds a file by flock(2) until destroyed, or until the last process that inherited the descriptor has ended.
class FileLock {
 public:
  // Makes the file where it is missing. Waits until the lock is free, `limit` has passed (kInUse) or `stop` says so
  // (kUnavailable); `stop` is asked about every tenth of a second and may report progress. A file that was removed
  // while it was waited for is made and locked anew.
  static base::Result<FileLock> take(const std::string& path, base::Millis limit, const std::function<bool()>& stop);
  // Without waiting; nothing where another has it. Fails with kInternal only.
  static base::Result<std::optional<FileLock>> try_take(const std::string& path);

  int descriptor() const { return file_.get(); }

 private:
  explicit FileLock(base::Descriptor file) : file_(std::move(file)) {}
  base::Descriptor file_;
};

// A POSIX record lock: the kernel names its holder, and no child inherits it.
class NamedLock {
 public:
  // kInUse where another process has it.
  static base::Result<NamedLock> take(const std::string& path);
  // The process that holds it now; nothing where none does.
  static std::optional<pid_t> holder(const std::string& path);

 private:
  explicit NamedLock(base::Descriptor file) : file_(std::move(file)) {}
  base::Descriptor file_;
};

}  // namespace sallyport::provider
