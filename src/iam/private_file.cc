#include "iam/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace sallyport::iam {

namespace {

using base::ErrorKind;
using base::fail;

constexpr std::size_t kMaxBytes = 64 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

std::string reason() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe

base::Status write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(ErrorKind::kInternal, "cannot write " + path + ": " + reason());
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return fail(ErrorKind::kInternal, "cannot flush " + path + " to disk: " + reason());
  return {};
}

base::Status check_private(const struct stat& status, const std::string& path) {
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorKind::kAccessDenied, path + " is not a regular file; remove it and start again");
  }
  if (status.st_uid != ::geteuid()) {
    return fail(ErrorKind::kAccessDenied,
                path + " belongs to another user (uid " + std::to_string(status.st_uid) +
                    "); run as that user (runuser -u USER -- …), or chown it if Sallyport runs as you");
  }
  if ((status.st_mode & 077) != 0) {
    return fail(ErrorKind::kAccessDenied, path + " can be read or written by other users; run: chmod 600 " + path);
  }
  return {};
}

base::Status write_new(const std::string& path, std::string_view text) {
  const Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.valid()) return fail(ErrorKind::kInternal, "cannot create " + path + ": " + reason());
  if (auto written = write_all(fd.get(), text, path); !written) {
    ::unlink(path.c_str());
    return written;
  }
  return {};
}

base::Status flush_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) {
    return fail(ErrorKind::kInternal, "cannot flush the folder " + folder + " to disk: " + reason());
  }
  return {};
}

}  // namespace

base::Result<std::string> read_private_file(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ENOENT) return fail(ErrorKind::kNotFound, path + " does not exist");
    if (errno == ELOOP) return fail(ErrorKind::kAccessDenied, path + " is a symbolic link; put the file itself there");
    return fail(ErrorKind::kAccessDenied, "cannot open " + path + ": " + reason());
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail(ErrorKind::kInternal, "cannot examine " + path + ": " + reason());
  if (auto checked = check_private(status, path); !checked) return fail(checked.error());

  std::string text;
  std::array<char, 4096> chunk{};
  while (true) {
    const ssize_t count = ::read(fd.get(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorKind::kInternal, "cannot read " + path + ": " + reason());
    if (count == 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(count));
    if (text.size() > kMaxBytes) return fail(ErrorKind::kCorrupt, path + " is longer than 64 KiB");
  }
  return text;
}

base::Status create_private_file(const std::string& path, const std::string& temporary_path, std::string_view text) {
  if (auto written = write_new(temporary_path, text); !written) return written;
  // link(2), unlike rename(2), never replaces a file another process created meanwhile.
  const int linked = ::link(temporary_path.c_str(), path.c_str());
  const int error = errno;
  ::unlink(temporary_path.c_str());
  if (linked != 0) {
    errno = error;
    if (error == EEXIST) return fail(ErrorKind::kInUse, path + " exists already");
    return fail(ErrorKind::kInternal, "cannot create " + path + ": " + reason());
  }
  return flush_folder_of(path);
}

base::Status replace_private_file(const std::string& path, const std::string& temporary_path, std::string_view text) {
  if (auto written = write_new(temporary_path, text); !written) return written;
  if (::rename(temporary_path.c_str(), path.c_str()) != 0) {
    const std::string why = reason();
    ::unlink(temporary_path.c_str());
    return fail(ErrorKind::kInternal, "cannot replace " + path + ": " + why);
  }
  return flush_folder_of(path);
}

}  // namespace sallyport::iam
