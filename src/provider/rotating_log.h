#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/descriptor.h"

namespace sallyport::provider {

// Appends to a file of mode 0600; once that has `limit` bytes it becomes PATH.1, in place of the one before. What
// cannot be written (a full disk) is dropped: a log must not hold up what it tells of.
class RotatingLog {
 public:
  RotatingLog(std::string path, std::size_t limit);

  void append(std::string_view text);
  // With the time before it and a newline behind.
  void line(std::string_view text);

 private:
  void open();

  std::string path_;
  std::size_t limit_;
  std::size_t size_ = 0;
  base::Descriptor file_;
};

}  // namespace sallyport::provider
