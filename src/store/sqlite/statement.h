#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3_stmt;

namespace sallyport::store::sqlite {

class Database;

// A prepared statement; Database::prepare makes it, and must outlive it. Bind by position from 1, step, read
// columns from 0.
class Statement {
 public:
  Statement& bind(int index, std::string_view text);  // copied
  Statement& bind(int index, std::uint64_t number);   // kept as its 64 bits, ordered as a signed number
  Statement& bind_null(int index);

  // True when there is a row. After a failure or the last row only destruction is left.
  base::Result<bool> step();

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
