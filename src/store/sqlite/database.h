#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/sqlite/statement.h"

struct sqlite3;

namespace sallyport::store::sqlite {

// One open SQLite file, owned, its errors as values: kCorrupt for a damaged file, kInvalidRequest for a broken
// constraint, kUnavailable for the rest (a full disk, a refusing system). Not thread-safe: the store holds its
// lock around every use. Statements keep pointing at the database, so it must not move while any lives.
class Database {
 public:
  // Creates the file where it is missing.
  static base::Result<std::unique_ptr<Database>> open(const std::string& path);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // One or more statements, whose rows are ignored.
  base::Status execute(const std::string& sql);
  base::Result<Statement> prepare(std::string_view sql) const;
  // The first column of the first row of `sql`; empty where there is no row.
  base::Result<std::string> first_text(std::string_view sql) const;

  // What SQLite says of the last failure.
  base::Error error() const;
  const std::string& path() const { return path_; }

 private:
  explicit Database(std::string path) : path_(std::move(path)) {}

  sqlite3* handle_ = nullptr;
  const std::string path_;
};

}  // namespace sallyport::store::sqlite
