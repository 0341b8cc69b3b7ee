#include "provider/rotating_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/time.h"

namespace sallyport::provider {

RotatingLog::RotatingLog(std::string path, std::size_t limit) : path_(std::move(path)), limit_(limit) { open(); }

void RotatingLog::open() {
  file_ = base::Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  struct stat status {};
  size_ = file_.valid() && ::fstat(file_.get(), &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

void RotatingLog::append(std::string_view text) {
  if (size_ > 0 && size_ + text.size() > limit_) {
    const std::string older = path_ + ".1";
    if (std::rename(path_.c_str(), older.c_str()) == 0) open();
  }
  // Where the file could not be moved aside, it must not grow either.
  if (!file_.valid() || size_ + text.size() > limit_) return;
  while (!text.empty()) {
    const ssize_t written = ::write(file_.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    size_ += static_cast<std::size_t>(written);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void RotatingLog::line(std::string_view text) {
  append(base::format_rfc3339(base::SystemClock().now()) + " " + std::string(text) + "\n");
}

}  // namespace sallyport::provider
