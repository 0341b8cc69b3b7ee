#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "store/sqlite/database.h"
#include "store/store.h"

// What one commit or query does to the tables. The caller holds the lock and the transaction.
namespace sallyport::store::sqlite {

// The table, key and parent of an entity.
class Tables {
 public:
  static base::Result<Tables> prepare(Database& database);

  // kConflict when the row was changed after `based_on`. A missing row is no conflict.
  base::Status expect_unchanged(const Entity& entity, model::Revision based_on);
  base::Status expect_unchanged(const EntityId& id, model::Revision based_on);

  base::Status put(const Entity& entity, model::Revision revision);
  base::Status erase(const EntityId& id);
  base::Status put_setting(const std::string& name, const std::string& value);
  base::Status append(const AuditEvent& event);

  base::Result<model::Revision> revision();
  base::Status set_revision(model::Revision revision);

 private:
  explicit Tables(Database& database) : database_(&database) {}

  base::Status expect_row(std::string_view table, std::string_view key_column, const std::string& key,
                          model::Revision based_on);
  base::Status put_update(const model::Update& update, model::Revision revision);

  Database* database_;
};

base::Result<Inventory> load_inventory(Database& database);

}  // namespace sallyport::store::sqlite
