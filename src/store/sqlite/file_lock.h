#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace sallyport::store::sqlite {

// Holds `path` for this process alone, by flock(2): the kernel frees it however the process ends. The file
// stays behind, empty.
class FileLock {
 public:
  static base::Result<FileLock> take(const std::string& path);

  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace sallyport::store::sqlite
