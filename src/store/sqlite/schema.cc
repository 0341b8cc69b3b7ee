#include "store/sqlite/schema.h"

#include <cstdlib>
#include <string>

namespace sallyport::store::sqlite {

namespace {

using base::ErrorKind;
using base::fail;

// "SALY": marks the file as ours (PRAGMA application_id).
constexpr const char* kApplicationId = "1396788313";

constexpr const char* kRemedy =
    "; stop Sallyport, move the file and those beginning with its name away, and put the last backup in its place";

base::Result<std::size_t> version_of(const Database& database) {
  const auto text = database.first_text("PRAGMA user_version");
  if (!text) return fail(text.error());
  return std::strtoul(text->c_str(), nullptr, 10);
}

base::Status damaged(const Database& database, const std::string& how) {
  return fail(ErrorKind::kCorrupt, "the store " + database.path() + " is damaged: " + how + kRemedy, database.path());
}

base::Status check_version(const Database& database, Migrations known) {
  const auto id = database.first_text("PRAGMA application_id");
  if (!id) return fail(id.error());
  if (*id != kApplicationId) {
    return fail(ErrorKind::kInvalidRequest,
                database.path() + " is an SQLite file that Sallyport did not make; name another data directory",
                database.path());
  }
  const auto version = version_of(database);
  if (!version) return fail(version.error());
  if (*version > known.size()) {
    return fail(ErrorKind::kInvalidRequest,
                "the store " + database.path() + " was written by a newer Sallyport (schema " +
                    std::to_string(*version) + ", this one knows " + std::to_string(known.size()) +
                    "); install that version or a later one",
                database.path());
  }
  return {};
}

base::Status check_integrity(const Database& database) {
  const auto verdict = database.first_text("PRAGMA integrity_check(1)");
  if (!verdict) return fail(verdict.error());
  if (*verdict != "ok") return damaged(database, *verdict);
  const auto orphan = database.first_text("PRAGMA foreign_key_check");
  if (!orphan) return fail(orphan.error());
  if (!orphan->empty()) return damaged(database, "a row of " + *orphan + " refers to nothing");
  return {};
}

}  // namespace

base::Status check_file(const Database& database, Migrations known) {
  auto checked = check_version(database, known);
  if (checked) checked = check_integrity(database);
  // A page that does not even read has not been told the remedy yet.
  if (!checked && checked.error().kind == ErrorKind::kCorrupt && !checked.error().message.ends_with(kRemedy)) {
    return damaged(database, checked.error().message);
  }
  return checked;
}

base::Status migrate(Database& database, Migrations known) {
  const auto version = version_of(database);
  if (!version) return fail(version.error());
  for (std::size_t next = *version; next < known.size(); ++next) {
    const auto done = database.execute(std::string("BEGIN IMMEDIATE;") + known[next] +
                                       ";PRAGMA user_version = " + std::to_string(next + 1) + ";COMMIT;");
    if (!done) {
      // Fails only where the failure itself already rolled back.
      (void)database.execute("ROLLBACK");
      return fail(done.error().kind, "cannot bring the store " + database.path() + " to schema " +
                                         std::to_string(next + 1) + "; it is as it was: " + done.error().message);
    }
  }
  return {};
}

base::Status configure(Database& database) {
  const auto mode = database.first_text("PRAGMA journal_mode = WAL");
  if (!mode) return fail(mode.error());
  if (*mode != "wal") {
    return fail(ErrorKind::kUnavailable,
                "the store " + database.path() +
                    " cannot keep a write-ahead log: its file system has no shared memory maps; use a local disk",
                database.path());
  }
  return database.execute(
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA trusted_schema = OFF;"
      "PRAGMA journal_size_limit = 67108864;");
}

}  // namespace sallyport::store::sqlite
