#include "store/sqlite/database.h"

#include <sqlite3.h>

#include <utility>

namespace sallyport::store::sqlite {

using base::ErrorKind;
using base::fail;

base::Result<std::unique_ptr<Database>> Database::open(const std::string& path) {
  std::unique_ptr<Database> database(new Database(path));
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (sqlite3_open_v2(path.c_str(), &database->handle_, flags, nullptr) != SQLITE_OK) return fail(database->error());
  // Sallyport holds the file alone, but an operator's backup tool may read it.
  sqlite3_busy_timeout(database->handle_, 5'000);
  return database;
}

Database::~Database() { sqlite3_close(handle_); }

base::Status Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return fail(error());
  return {};
}

base::Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &handle, nullptr);
  if (code != SQLITE_OK) return fail(error());
  return Statement(*this, handle);
}

base::Result<std::string> Database::first_text(std::string_view sql) const {
  auto statement = prepare(sql);
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  return *row ? statement->text(0) : std::string();
}

base::Error Database::error() const {
  // SQLite gives no handle when it has no memory for one.
  const int code = handle_ == nullptr ? SQLITE_NOMEM : sqlite3_errcode(handle_) & 0xff;
  const std::string reason = handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_);
  ErrorKind kind = ErrorKind::kUnavailable;
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) kind = ErrorKind::kCorrupt;
  if (code == SQLITE_CONSTRAINT) kind = ErrorKind::kInvalidRequest;
  return {kind, "store " + path_ + ": " + reason, path_};
}

}  // namespace sallyport::store::sqlite
