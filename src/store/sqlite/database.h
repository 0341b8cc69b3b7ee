#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

// The few calls of SQLite's C interface the store needs, owned and with errors as values.
// Not thread-safe: the store holds its lock around every use.
namespace sallyport::store::sqlite {

class Statement;

class Database {
 public:
  static base::Result<Database> open(const std::string& path);

  base::Status execute(const char* sql);
  base::Result<Statement> prepare(std::string_view sql);
  // What SQLite says of the last failure.
  base::Error error(base::ErrorKind kind, std::string_view doing) const;
  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };

  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}

  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
};

// A prepared statement. Bind by position from 1, step, read columns from 0; `reset` before reuse.
class Statement {
 public:
  Statement& bind(int index, std::string_view text);   // copied by SQLite
  Statement& bind(int index, std::uint64_t number);    // at most 2^63 - 1
  Statement& bind_null(int index);

  // True when there is a row.
  base::Result<bool> step();
  // Steps once and expects no row, then resets.
  base::Status run();
  void reset();

  std::string text(int column) const;
  std::uint64_t number(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };

  Statement(const Database& database, sqlite3_stmt* handle) : database_(&database), handle_(handle) {}

  const Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace sallyport::store::sqlite
