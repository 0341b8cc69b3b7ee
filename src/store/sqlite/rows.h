#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "store/codec.h"
#include "store/sqlite/database.h"
#include "store/store.h"

// What a commit does to the tables. The caller holds the lock and the transaction.
namespace sallyport::store::sqlite {

// kConflict when the row was changed or erased after `based_on`.
base::Status expect_unchanged(const Database& database, const Entity& entity, model::Revision based_on);
base::Status expect_unchanged(const Database& database, const EntityId& id, model::Revision based_on);

base::Status put(const Database& database, const Entity& entity, model::Revision revision);
base::Status erase(const Database& database, const EntityId& id, model::Revision revision);
// Bounds the memory of erasures; after the last `erase` of a transaction.
base::Status forget_old_erasures(const Database& database);
base::Status put_setting(const Database& database, const std::string& name, const std::string& value);
base::Status append(const Database& database, const AuditEvent& event);

base::Result<model::Revision> read_revision(const Database& database);
base::Status write_revision(const Database& database, model::Revision revision);

// What a row's body holds; a failure to decode says which row of which table.
template <class T>
base::Result<T> decode_row(const std::string& body, std::string_view table, const std::string& key) {
  auto value = decode<T>(body);
  if (value) return value;
  base::Error problem = std::move(value).error();
  problem.message += " (table " + std::string(table) + ", key " + key + ")";
  return base::fail(std::move(problem));
}

}  // namespace sallyport::store::sqlite
