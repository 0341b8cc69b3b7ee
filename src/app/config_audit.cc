#include "app/config_sections.h"

namespace sallyport::app {

namespace {

constexpr std::int64_t kLargestFileMib = 1'024;
constexpr std::int64_t kMostKeptMib = 1'048'576;

}  // namespace

void read_audit(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  AuditConfig& audit = reading.config.audit;
  TableReader reader(*table, "[audit]", reading.errors);
  if (const auto folder = reader.text("dir")) {
    if (folder->value.empty()) {
      reader.error(folder->line, "dir", "\"\"",
                   "must name a folder, such as \"/var/log/sallyport/audit\"; without it, it is audit in data_dir");
    } else {
      audit.dir = reading.path_of(folder->value);
    }
  }
  const auto file = reader.number("max_file_mib", 1, kLargestFileMib);
  if (file) audit.max_file_mib = static_cast<std::uint64_t>(file->value);
  const auto keep = reader.number("keep_mib", 2, kMostKeptMib);
  if (keep) audit.keep_mib = static_cast<std::uint64_t>(keep->value);
  if (const auto own = reader.number("keep_unauthenticated_mib", 2, kMostKeptMib)) {
    audit.keep_unauthenticated_mib = static_cast<std::uint64_t>(own->value);
  }
  if ((file || keep) && audit.keep_mib < 2 * audit.max_file_mib) {
    reader.error(keep ? keep->line : file->line, "keep_mib", std::to_string(audit.keep_mib),
                 "must be at least twice max_file_mib, which is " + std::to_string(audit.max_file_mib) +
                     ": the file under way and one before it");
  }
  reader.finish();
}

}  // namespace sallyport::app
