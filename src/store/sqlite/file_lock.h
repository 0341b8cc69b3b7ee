#pragma once

#include <string>
#include <utility>

#include "base/descriptor.h"
#include "base/result.h"

namespace sallyport::store::sqlite {

// Holds `path` for this process alone, by flock(2): the kernel frees it however the process ends. The file
// stays behind, empty.
class FileLock {
 public:
  // kInUse when another process, or another store of this one, holds it.
  static base::Result<FileLock> take(const std::string& path);

 private:
  explicit FileLock(base::Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  base::Descriptor descriptor_;
};

}  // namespace sallyport::store::sqlite
