#include "app/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;

std::string reason(int error) { return std::error_code(error, std::generic_category()).message(); }

base::Status check_owner(const std::string& folder) {
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) {
    return fail(ErrorKind::kInternal, "data folder " + folder + " cannot be used: " + reason(errno));
  }
  if (!S_ISDIR(found.st_mode)) return fail(ErrorKind::kInvalidParameter, "data folder " + folder + " is not a folder");
  if (found.st_uid != ::geteuid()) {
    return fail(ErrorKind::kAccessDenied, "data folder " + folder + " belongs to another user (uid " +
                                              std::to_string(found.st_uid) + "); run as that user or chown it");
  }
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(ErrorKind::kAccessDenied, "others may write to data folder " + folder + "; run: chmod 700 " + folder);
  }
  return {};
}

// The process that wrote its number into the lock file, for the message alone.
std::string holder_of(int fd) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size() - 1, 0);
  std::string number(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!number.empty() && (number.back() < '0' || number.back() > '9'))
    number.pop_back();
  return number.empty() ? "another process" : "process " + number;
}

}  // namespace

base::Result<base::Descriptor> take_data_dir(const DataPaths& paths) {
  std::error_code failed;
  const std::filesystem::path root(paths.root);
  if (root.has_parent_path()) std::filesystem::create_directories(root.parent_path(), failed);
  if (::mkdir(paths.root.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return fail(ErrorKind::kInternal, "data folder " + paths.root + " cannot be made: " + reason(errno));
  }
  if (auto status = check_owner(paths.root); !status) return fail(status.error());

  base::Descriptor lock(::open(paths.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!lock.valid()) return fail(ErrorKind::kInternal, paths.lock() + " cannot be opened: " + reason(errno));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::kInUse, "data folder " + paths.root + " is in use by " + holder_of(lock.get()) +
                                       "; stop that Sallyport first, or give this one its own data_dir");
  }
  if (auto is_signed = sign_lock(paths, lock); !is_signed) return fail(is_signed.error());
  return lock;
}

base::Status sign_lock(const DataPaths& paths, const base::Descriptor& lock) {
  const std::string number = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.get(), 0) != 0 || ::pwrite(lock.get(), number.data(), number.size(), 0) < 0) {
    return fail(ErrorKind::kInternal, paths.lock() + " cannot be written: " + reason(errno));
  }
  return {};
}

std::string chosen_data_dir(const std::string& option) {
  if (!option.empty()) return option;
  const char* variable = std::getenv("SALLYPORT_DATA_DIR");
  return variable != nullptr && *variable != '\0' ? variable : "/var/lib/sallyport";
}

base::Result<SocketPath> SocketPath::of(const std::string& path) {
  SocketPath result;
  result.path_ = path;
  if (path.size() < sizeof(sockaddr_un::sun_path)) return result;
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
  result.folder_ = base::Descriptor(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!result.folder_.valid()) return fail(ErrorKind::kNotFound, folder + " cannot be opened: " + reason(errno));
  result.path_ = "/proc/self/fd/" + std::to_string(result.folder_.get()) + "/" + path.substr(slash + 1);
  return result;
}

}  // namespace sallyport::app
