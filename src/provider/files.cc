#include "provider/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/limits.h"

namespace sallyport::provider {

namespace {

using base::Descriptor;
using base::ErrorKind;
using base::fail;

tl::unexpected<base::Error> failed(const std::string& what, const std::string& path, int error) {
  return fail(ErrorKind::kInternal, "cannot " + what + " " + path + ": " + reason(error));
}

std::string folder_of(const std::string& path) { return std::filesystem::path(path).parent_path().string(); }

base::Status write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return failed("flush to disk", path, errno);
  return {};
}

// A name is on disk when its folder is.
base::Status flush_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::fsync(folder.get()) != 0) return failed("flush to disk", path, errno);
  return {};
}

base::Result<std::string> read_some(int fd, const std::string& path, std::size_t most) {
  std::string text;
  std::array<char, 8'192> chunk{};
  while (true) {
    const ssize_t count = ::read(fd, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("read", path, errno);
    if (count == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(count));
    if (text.size() > most)
      return fail(ErrorKind::kCorrupt, path + " is longer than " + std::to_string(most) + " bytes");
  }
}

}  // namespace

std::string reason(int error) { return std::generic_category().message(error); }

base::Result<std::string> read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.valid()) {
    if (errno == ENOENT) return fail(ErrorKind::kNotFound, path + " does not exist");
    return failed("open", path, errno);
  }
  return read_some(file.get(), path, base::limits::kProviderFileBytes);
}

base::Status write_file(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".new";
  // What an interrupted writer left is in nobody's use.
  if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) return failed("remove", temporary, errno);
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.valid()) return failed("create", temporary, errno);
    if (auto written = write_all(file.get(), text, temporary); !written) return written;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return failed("replace", path, errno);
  return flush_folder(folder_of(path));
}

base::Status keep_file(const std::string& path, std::string_view text) {
  const auto present = read_file(path);
  if (present && *present == text) return {};
  return write_file(path, text);
}

std::string tail_of(const std::string& path, std::size_t bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) return {};
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > bytes) ::lseek(file.get(), static_cast<off_t>(size - bytes), SEEK_SET);
  auto text = read_some(file.get(), path, 2 * bytes);
  if (!text) return {};
  if (size > bytes) text->erase(0, text->find('\n') + 1);
  while (text->ends_with('\n'))
    text->pop_back();
  return *std::move(text);
}

base::Status make_folder(const std::string& path) {
  std::error_code error;
  const std::string parent = folder_of(path);
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (error) return failed("make the folder", parent, error.value());
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) return failed("make the folder", path, errno);
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return failed("examine", path, errno);
  if (!S_ISDIR(found.st_mode)) return fail(ErrorKind::kInvalidParameter, path + " is not a folder; remove it");
  if (found.st_uid != ::geteuid()) {
    return fail(ErrorKind::kAccessDenied, path + " belongs to another user (uid " + std::to_string(found.st_uid) +
                                              "); run as that user or chown it");
  }
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(ErrorKind::kAccessDenied, "others may write to " + path + "; run: chmod 700 " + path);
  }
  return {};
}

bool exists(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0;
}

base::Status remove_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return failed("remove", path, error.value());
  return {};
}

base::Status remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("remove", path, errno);
  return {};
}

base::Status rename_folder(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed("rename", from, errno);
  return flush_folder(folder_of(to));
}

}  // namespace sallyport::provider
