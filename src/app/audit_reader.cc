#include "app/audit_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <ranges>
#include <system_error>
#include <utility>

#include <boost/json.hpp>

#include "api/audit/file_name.h"
#include "base/descriptor.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

namespace json = boost::json;
namespace audit = api::audit;

constexpr std::size_t kBlock = 64 * 1024;
// No record is as long; what is longer is none.
constexpr std::size_t kLongestLine = 4 * base::limits::kAuditFieldBytes;

// The lines of a file from its end to its beginning. What stands behind the last line break is a record being written,
// or one that never was.
class LinesFromEnd {
 public:
  explicit LinesFromEnd(const std::string& path)
      : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)),
        at_(file_.valid() ? ::lseek(file_.get(), 0, SEEK_END) : 0) {}

  bool opened() const { return file_.valid(); }

  std::optional<std::string> next() {
    while (true) {
      const std::size_t end = held_.rfind('\n');
      const std::size_t before = end == std::string::npos || end == 0 ? std::string::npos : held_.rfind('\n', end - 1);
      if (end != std::string::npos && (before != std::string::npos || at_ == 0)) {
        const std::size_t start = before == std::string::npos ? 0 : before + 1;
        std::string line = held_.substr(start, end - start);
        held_.resize(start);
        return line;
      }
      if (at_ <= 0 || held_.size() > kLongestLine || !read_block()) return std::nullopt;
    }
  }

 private:
  bool read_block() {
    const auto size = static_cast<std::size_t>(std::min<off_t>(at_, kBlock));
    std::string block(size, '\0');
    if (::pread(file_.get(), block.data(), size, at_ - static_cast<off_t>(size)) != static_cast<ssize_t>(size)) {
      return false;
    }
    at_ -= static_cast<off_t>(size);
    held_.insert(0, block);
    return true;
  }

  base::Descriptor file_;
  off_t at_;
  std::string held_;
};

std::string text(const json::object& of, std::string_view key) {
  const json::value* value = of.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

base::Status read_folder(const std::string& folder, const AuditQuery& query, AuditPage& page) {
  const auto files = audit::files_in(folder);
  if (!files) return base::fail(files.error());
  // As records have it, and of one length, so that texts sort as times do.
  const std::string since = query.since ? base::format_rfc3339_seconds(*query.since) : std::string();
  std::size_t found = 0;
  for (const audit::FileName& file : std::views::reverse(*files)) {
    LinesFromEnd lines(folder + "/" + file.text);
    if (!lines.opened()) {
      if (errno == ENOENT) continue;  // removed meanwhile, as the oldest are
      return base::fail(base::ErrorKind::kAccessDenied, folder + "/" + file.text + " cannot be read: " +
                                                            std::error_code(errno, std::generic_category()).message() +
                                                            "; run as the user of Sallyport");
    }
    while (const auto line = lines.next()) {
      if (found == query.limit) return {};
      json::error_code failed;
      json::value record = json::parse(*line, failed);
      if (failed || !record.is_object()) {
        ++page.damaged;
        continue;
      }
      if (text(record.get_object(), "eventTime") < since) return {};
      page.records.push_back(std::move(record.get_object()));
      ++found;
    }
  }
  return {};
}

}  // namespace

base::Result<AuditPage> newest_records(const std::string& folder, const AuditQuery& query) {
  AuditPage page;
  if (const auto read = read_folder(folder, query, page); !read) return base::fail(read.error());
  // There may be none yet.
  const auto others = read_folder(audit::unauthenticated_folder(folder), query, page);
  if (!others && others.error().kind != base::ErrorKind::kNotFound) return base::fail(others.error());
  std::ranges::stable_sort(page.records, std::ranges::greater(),
                           [](const json::object& record) { return text(record, "eventTime"); });
  if (page.records.size() > query.limit) page.records.resize(query.limit);
  return page;
}

base::Result<base::Time> parse_since(const std::string& written, base::Time now) {
  std::int64_t count = 0;
  const char* const end = written.data() + written.size();
  const auto [unit, error] = std::from_chars(written.data(), end, count);
  constexpr std::int64_t kMost = 1'000'000'000;
  if (error == std::errc() && unit + 1 == end && count >= 0 && count <= kMost) {
    switch (*unit) {
      case 's': return now - std::chrono::seconds(count);
      case 'm': return now - std::chrono::minutes(count);
      case 'h': return now - std::chrono::hours(count);
      case 'd': return now - std::chrono::days(std::min<std::int64_t>(count, 100'000));
      default: break;
    }
  }
  std::string plain;
  for (const char c : written) {
    if (c != '-' && c != ':') plain.push_back(c);
  }
  const bool date = written.size() == 10;
  if ((date && written[4] == '-' && written[7] == '-') ||
      (written.size() == 20 && written[4] == '-' && written[13] == ':')) {
    if (auto time = base::parse_amz_date(date ? plain + "T000000Z" : plain)) return *time;
  }
  return base::fail(base::ErrorKind::kInvalidParameter,
                    "--since " + written +
                        " is no time; write one such as 2026-11-24T14:30:00Z or 2026-11-24, or how long ago, such as "
                        "15m, 2h or 7d",
                    "--since");
}

}  // namespace sallyport::app
