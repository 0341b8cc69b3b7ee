#include "store/sqlite/schema.h"

#include <array>
#include <string>

namespace sallyport::store::sqlite {

namespace {

using base::ErrorKind;
using base::fail;

// Migration i takes a file from version i to i + 1. Never change one that was released: add the next.
constexpr std::array kMigrations = {
    R"sql(
      CREATE TABLE meta (
        id       INTEGER PRIMARY KEY CHECK (id = 1),
        revision INTEGER NOT NULL
      ) STRICT;
      INSERT INTO meta (id, revision) VALUES (1, 0);

      CREATE TABLE vpcs (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE subnets (
        id       TEXT PRIMARY KEY,
        vpc      TEXT NOT NULL REFERENCES vpcs (id),
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX subnets_by_vpc ON subnets (vpc);

      CREATE TABLE security_groups (
        id       TEXT PRIMARY KEY,
        vpc      TEXT NOT NULL REFERENCES vpcs (id),
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX security_groups_by_vpc ON security_groups (vpc);

      CREATE TABLE clusters (
        name     TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE updates (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        cluster  TEXT NOT NULL REFERENCES clusters (name) ON DELETE CASCADE,
        id       TEXT NOT NULL,
        token    TEXT,
        finished INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL,
        UNIQUE (cluster, id)
      ) STRICT;
      CREATE UNIQUE INDEX updates_by_token ON updates (cluster, token) WHERE token IS NOT NULL;
      CREATE INDEX updates_unfinished ON updates (sequence) WHERE finished = 0;
      CREATE INDEX updates_newest ON updates (cluster, sequence DESC);

      CREATE TABLE settings (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE audit_events (
        sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
        at         INTEGER NOT NULL,
        request_id TEXT NOT NULL,
        principal  TEXT NOT NULL,
        source     TEXT NOT NULL,
        action     TEXT NOT NULL,
        resource   TEXT NOT NULL
      ) STRICT;
    )sql",
};

base::Result<std::string> first_text(Database& database, std::string_view sql) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  return *row ? statement->text(0) : std::string();
}

base::Status check_integrity(Database& database) {
  const auto verdict = first_text(database, "PRAGMA integrity_check(1)");
  const std::string remedy = "; stop, move the file away and restore the last backup (docs/operations.md)";
  if (!verdict || *verdict != "ok") {
    const std::string said = verdict ? *verdict : verdict.error().message;
    return fail(ErrorKind::kCorrupt, "the store " + database.path() + " is damaged: " + said + remedy, database.path());
  }
  const auto orphan = first_text(database, "PRAGMA foreign_key_check");
  if (!orphan) return fail(orphan.error());
  if (!orphan->empty()) {
    return fail(ErrorKind::kCorrupt,
                "the store " + database.path() + " has a row in " + *orphan + " that refers to nothing" + remedy,
                database.path());
  }
  return {};
}

}  // namespace

base::Status prepare_schema(Database& database) {
  constexpr const char* kPragmas =
      "PRAGMA busy_timeout = 5000;"
      "PRAGMA journal_mode = WAL;"
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA trusted_schema = OFF;";
  if (auto set = database.execute(kPragmas); !set) return set;
  if (auto sound = check_integrity(database); !sound) return sound;

  const auto text = first_text(database, "PRAGMA user_version");
  if (!text) return fail(text.error());
  const std::size_t version = std::stoul("0" + *text);
  if (version > kMigrations.size()) {
    return fail(ErrorKind::kInvalidRequest,
                "the store " + database.path() + " was written by a newer Sallyport (schema " + *text +
                    ", this binary knows " + std::to_string(kMigrations.size()) + "); install that version or newer",
                database.path());
  }
  for (std::size_t next = version; next < kMigrations.size(); ++next) {
    const std::string migration = std::string("BEGIN IMMEDIATE;") + kMigrations[next] +
                                  "PRAGMA user_version = " + std::to_string(next + 1) + ";COMMIT;";
    if (auto done = database.execute(migration.c_str()); !done) {
      (void)database.execute("ROLLBACK");
      return done;
    }
  }
  return {};
}

}  // namespace sallyport::store::sqlite
