#include "api/audit/file_set.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <ranges>
#include <system_error>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace sallyport::api::audit {

namespace {

using base::ErrorKind;

constexpr std::size_t kDayCharacters = 8;  // of 20261124T143000Z

tl::unexpected<base::Error> failed(const std::string& path, const std::string& what, int error) {
  return base::fail(ErrorKind::kUnavailable,
                    path + " cannot be " + what + ": " + std::error_code(error, std::generic_category()).message());
}

std::string_view day_of(std::string_view since) { return since.substr(0, kDayCharacters); }

}  // namespace

bool FileSet::has_its_name() const {
  struct stat named {};
  struct stat open {};
  return file_ != nullptr && ::stat(path_of(name_).c_str(), &named) == 0 && ::fstat(file_->get(), &open) == 0 &&
         named.st_ino == open.st_ino && named.st_dev == open.st_dev;
}

base::Status FileSet::take_folder() {
  const std::string& folder = config_.folder;
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), ignored);
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) return failed(folder, "made", errno);
  base::Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.valid()) return failed(folder, "opened", errno);
  struct stat found {};
  if (::fstat(opened.get(), &found) != 0) return failed(folder, "read", errno);
  if (found.st_uid != ::geteuid() || (found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return base::fail(ErrorKind::kAccessDenied,
                      folder + " is not this user's alone to write; chown it, and run: chmod 700 " + folder);
  }
  folder_.reset();  // lets go of the lock where it is the same folder
  if (::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) {
    return base::fail(ErrorKind::kInUse, folder + " is in use by another Sallyport; give each its own [audit] dir");
  }
  folder_ = std::move(opened);
  return {};
}

base::Status FileSet::write_all(std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t put = ::write(file_->get(), text.data() + written, text.size() - written);
    if (put > 0) {
      written += static_cast<std::size_t>(put);
    } else if (errno != EINTR || put == 0) {
      const int error = put == 0 ? ENOSPC : errno;
      // Its own beginning alone goes. Where even that fails, the line is ended when the file is next opened.
      if (written > 0 && ::ftruncate(file_->get(), static_cast<off_t>(size_)) != 0) {
        spdlog::warn("audit file {} keeps the beginning of a record that could not be written", name_.text);
      }
      close();
      return failed(path_of(name_), "written", error);
    }
  }
  size_ += text.size();
  return {};
}

base::Status FileSet::resume(const FileName& newest) {
  const std::string path = path_of(newest);
  auto opened =
      std::make_shared<base::Descriptor>(::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat found {};
  if (!opened->valid() || ::fstat(opened->get(), &found) != 0) return failed(path, "opened", errno);
  if (!S_ISREG(found.st_mode)) return failed(path, "opened", EINVAL);
  file_ = std::move(opened);
  name_ = newest;
  size_ = static_cast<std::uint64_t>(found.st_size);
  char last = '\n';
  if (size_ > 0 && ::pread(file_->get(), &last, 1, static_cast<off_t>(size_ - 1)) != 1) {
    close();
    return failed(path, "read", errno);
  }
  // A crash of the machine, or a full disk, may have left the beginning of a record, which must not spoil the next.
  return last == '\n' ? base::Status() : write_all("\n");
}

base::Status FileSet::begin() {
  std::string since = base::format_amz_date(clock_.now());
  std::uint32_t number = 0;
  if (since <= name_.since) {
    since = name_.since;
    number = name_.number + 1;
  }
  const FileName name = FileName::of(config_.account.str(), config_.region.str(), since, number);
  auto opened = std::make_shared<base::Descriptor>(
      ::open(path_of(name).c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!opened->valid()) return failed(path_of(name), "made", errno);
  file_ = std::move(opened);
  name_ = name;
  size_ = 0;
  abandoned_ = false;
  // The name itself must outlive a crash of the machine as well as what is synced into the file.
  if (::fsync(folder_.get()) != 0) {
    const int error = errno;
    close();
    return failed(config_.folder, "synced", error);
  }
  remove_oldest();
  return {};
}

base::Status FileSet::open() {
  if (has_its_name()) return {};
  close();
  if (auto taken = take_folder(); !taken) return taken;
  const auto files = files_in(config_.folder);
  if (!files) return base::fail(ErrorKind::kUnavailable, files.error().message);
  if (files->empty()) return begin();
  name_ = std::max(name_, files->back());
  const std::string today = base::format_amz_date(clock_.now());
  if (abandoned_ || day_of(files->back().since) < day_of(today)) return begin();
  if (const auto resumed = resume(files->back()); !resumed) return begin();
  return {};
}

base::Status FileSet::append(std::string_view line) {
  if (auto opened = open(); !opened) return opened;
  const bool full = size_ > 0 && size_ + line.size() > config_.max_file_bytes;
  if (full || day_of(name_.since) < day_of(base::format_amz_date(clock_.now()))) {
    if (::fdatasync(file_->get()) != 0) spdlog::warn("audit file {} may not be on disk as a whole", name_.text);
    if (auto begun = begin(); !begun) {
      close();
      return begun;
    }
  }
  return write_all(line);
}

void FileSet::remove_oldest() const {
  const auto files = files_in(config_.folder);
  if (!files) return;
  std::uint64_t total = config_.max_file_bytes;  // what the one under way may grow to
  std::size_t kept = 0;
  for (const FileName& file : std::views::reverse(*files)) {
    if (file == name_) continue;
    std::error_code failed_to;
    const std::uintmax_t size = std::filesystem::file_size(path_of(file), failed_to);
    if (!failed_to) total += size;
    ++kept;
    if (total <= config_.keep_bytes && kept < base::limits::kAuditFiles) continue;
    if (!std::filesystem::remove(path_of(file), failed_to)) {
      spdlog::warn("audit file {} cannot be removed: {}", file.text, failed_to.message());
    }
  }
}

}  // namespace sallyport::api::audit
