#include "store/sqlite/store_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include "base/descriptor.h"
#include "store/sqlite/schema.h"

namespace sallyport::store::sqlite {

namespace {

using base::ErrorKind;
using base::fail;

base::Status refused(const std::string& doing, const std::string& path) {
  const std::string reason = std::generic_category().message(errno);
  return fail(ErrorKind::kUnavailable, "cannot " + doing + " " + path + ": " + reason, path);
}

base::Status lost(const std::string& path, const std::string& what) {
  return fail(ErrorKind::kCorrupt,
              what +
                  "; stop Sallyport, move what begins with this name away, and put the last backup in its place, or "
                  "start anew without it",
              path);
}

// Nothing where there is no such file.
std::optional<std::uintmax_t> size_of(const std::string& path) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) return std::nullopt;
  return static_cast<std::uintmax_t>(about.st_size);
}

base::Status sync(const std::string& path, int flags) {
  const base::Descriptor file(::open(path.c_str(), flags | O_CLOEXEC));
  if (!file.valid() || ::fsync(file.get()) != 0) return refused("write", path);
  return {};
}

base::Status create(const std::string& path) {
  const std::string fresh = path + ".new";
  for (const char* suffix : {"", "-journal"}) {
    const std::string left_over = fresh + suffix;
    if (::unlink(left_over.c_str()) != 0 && errno != ENOENT) return refused("remove", left_over);
  }
  {
    // SQLite would give the file the umask's mode; the log beside it inherits the file's.
    const base::Descriptor file(::open(fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.valid() || ::fchmod(file.get(), 0600) != 0) return refused("create", fresh);
  }
  {
    auto database = Database::open(fresh);
    if (!database) return fail(database.error());
    if (auto made = migrate(**database, migrations()); !made) return made;
  }
  if (auto synced = sync(fresh, O_RDONLY); !synced) return synced;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return refused("create", path);
  const std::size_t slash = path.rfind('/');
  return sync(slash == std::string::npos ? "." : path.substr(0, slash + 1), O_RDONLY | O_DIRECTORY);
}

base::Status check_content(const std::string& path) {
  const base::Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat about {};
  if (!file.valid() || ::fstat(file.get(), &about) != 0) return refused("open the store", path);
  if (!S_ISREG(about.st_mode)) {
    return fail(ErrorKind::kUnavailable, "the store " + path + " is not a regular file; name another", path);
  }
  constexpr off_t kSmallestPage = 512;
  if (about.st_size < kSmallestPage) return lost(path, "the store " + path + " is empty: its content is lost");
  if (::fchmod(file.get(), 0600) != 0) return refused("make private the store", path);
  return {};
}

// SQLite takes what is missing from the last page for zeros.
base::Status check_length(const Database& database) {
  const auto pages = database.first_text("PRAGMA page_count");
  if (!pages) return fail(pages.error());
  const auto page = database.first_text("PRAGMA page_size");
  if (!page) return fail(page.error());
  const std::uintmax_t length = std::strtoull(pages->c_str(), nullptr, 10) * std::strtoull(page->c_str(), nullptr, 10);
  if (size_of(database.path()) >= length) return {};
  return lost(database.path(), "the store " + database.path() + " is damaged: its end is cut off");
}

}  // namespace

base::Result<std::unique_ptr<Database>> open_store_file(const std::string& path) {
  const std::string log = path + "-wal";
  const std::uintmax_t log_size = size_of(log).value_or(0);
  if (!size_of(path)) {
    if (log_size > 0) {
      return fail(lost(path, "the store " + path + " is missing, though its log " + log + " is there").error());
    }
    if (auto created = create(path); !created) return fail(created.error());
  }
  if (auto content = check_content(path); !content) return fail(content.error());
  auto database = Database::open(path);
  if (!database) return database;
  auto ready = check_file(**database, migrations());
  // With a log, what the file lacks may be in there.
  if (ready && log_size == 0) ready = check_length(**database);
  if (ready) ready = configure(**database);
  if (ready) ready = migrate(**database, migrations());
  if (!ready) return fail(ready.error());
  return database;
}

}  // namespace sallyport::store::sqlite
