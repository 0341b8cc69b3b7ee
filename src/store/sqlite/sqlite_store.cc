#include "store/sqlite/sqlite_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/limits.h"
#include "store/codec.h"
#include "store/sqlite/database.h"
#include "store/sqlite/file_lock.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/schema.h"

namespace sallyport::store {

namespace {

using base::ErrorKind;
using base::fail;
using sqlite::Database;
using sqlite::Statement;
using sqlite::Tables;

class SqliteStore final : public Store {
 public:
  SqliteStore(sqlite::FileLock lock, std::unique_ptr<Database> database, Tables tables)
      : lock_(std::move(lock)), database_(std::move(database)), tables_(std::move(tables)) {}

  base::Result<Inventory> load() override {
    const std::lock_guard guard(mutex_);
    return sqlite::load_inventory(*database_);
  }

  base::Result<model::Revision> commit(const Transaction& transaction) override {
    const std::lock_guard guard(mutex_);
    if (auto begun = database_->execute("BEGIN IMMEDIATE"); !begun) return fail(begun.error());
    auto revision = apply(transaction);
    if (revision) {
      if (auto committed = database_->execute("COMMIT"); !committed) revision = fail(committed.error());
    }
    // Harmless when the failure itself already rolled back.
    if (!revision) (void)database_->execute("ROLLBACK");
    return revision;
  }

  base::Result<std::optional<model::Update>> find_update(const model::ClusterName& cluster,
                                                         const model::UpdateId& id) override {
    return find_one("SELECT body FROM updates WHERE cluster = ? AND id = ?", cluster, id.str());
  }

  base::Result<std::optional<model::Update>> find_update_by_token(const model::ClusterName& cluster,
                                                                  const std::string& token) override {
    return find_one("SELECT body FROM updates WHERE cluster = ? AND token = ?", cluster, token);
  }

  base::Result<UpdatePage> list_updates(const model::ClusterName& cluster, std::optional<HistoryPosition> from,
                                        std::size_t limit) override {
    const std::lock_guard guard(mutex_);
    limit = std::clamp<std::size_t>(limit, 1, base::limits::kPageEntries);
    auto statement = database_->prepare(
        "SELECT body, sequence FROM updates WHERE cluster = ? AND sequence <= ? ORDER BY sequence DESC LIMIT ?");
    if (!statement) return fail(statement.error());
    statement->bind(1, cluster.str());
    statement->bind(2, std::min<std::uint64_t>(from ? from->sequence : INT64_MAX, INT64_MAX));
    statement->bind(3, limit + 1);

    UpdatePage page;
    while (true) {
      const auto row = statement->step();
      if (!row) return fail(row.error());
      if (!*row) return page;
      if (page.updates.size() == limit) {
        page.next = HistoryPosition{statement->number(1)};
        return page;
      }
      auto update = decode_update(statement->text(0));
      if (!update) return fail(update.error());
      page.updates.push_back(std::move(*update));
    }
  }

  base::Result<std::vector<model::Update>> unfinished_updates() override {
    const std::lock_guard guard(mutex_);
    auto statement = database_->prepare("SELECT body FROM updates WHERE finished = 0 ORDER BY sequence");
    if (!statement) return fail(statement.error());
    std::vector<model::Update> updates;
    while (true) {
      const auto row = statement->step();
      if (!row) return fail(row.error());
      if (!*row) return updates;
      auto update = decode_update(statement->text(0));
      if (!update) return fail(update.error());
      updates.push_back(std::move(*update));
    }
  }

  base::Result<std::optional<std::string>> setting(const std::string& name) override {
    const std::lock_guard guard(mutex_);
    auto statement = database_->prepare("SELECT value FROM settings WHERE name = ?");
    if (!statement) return fail(statement.error());
    const auto row = statement->bind(1, name).step();
    if (!row) return fail(row.error());
    return *row ? std::optional(statement->text(0)) : std::nullopt;
  }

  base::Result<std::vector<AuditEvent>> recent_events(std::size_t limit) override {
    const std::lock_guard guard(mutex_);
    auto statement = database_->prepare(
        "SELECT at, request_id, principal, source, action, resource FROM audit_events ORDER BY sequence DESC LIMIT ?");
    if (!statement) return fail(statement.error());
    statement->bind(1, std::uint64_t{limit});
    std::vector<AuditEvent> events;
    while (true) {
      const auto row = statement->step();
      if (!row) return fail(row.error());
      if (!*row) return events;
      events.push_back({.at = base::Time(base::Millis(statement->number(0))),
                        .request_id = statement->text(1),
                        .principal = statement->text(2),
                        .source_address = statement->text(3),
                        .action = statement->text(4),
                        .resource = statement->text(5)});
    }
  }

 private:
  // Inside the transaction; any failure rolls the whole of it back.
  base::Result<model::Revision> apply(const Transaction& transaction) {
    if (transaction.based_on) {
      for (const Entity& entity : transaction.puts) {
        if (auto same = tables_.expect_unchanged(entity, *transaction.based_on); !same) return fail(same.error());
      }
      for (const EntityId& id : transaction.erases) {
        if (auto same = tables_.expect_unchanged(id, *transaction.based_on); !same) return fail(same.error());
      }
    }
    const auto last = tables_.revision();
    if (!last) return fail(last.error());
    const model::Revision revision = last->next();
    for (const Entity& entity : transaction.puts) {
      if (auto put = tables_.put(entity, revision); !put) return fail(put.error());
    }
    for (const EntityId& id : transaction.erases) {
      if (auto erased = tables_.erase(id); !erased) return fail(erased.error());
    }
    for (const auto& [name, value] : transaction.settings) {
      if (auto put = tables_.put_setting(name, value); !put) return fail(put.error());
    }
    for (const AuditEvent& event : transaction.events) {
      if (auto appended = tables_.append(event); !appended) return fail(appended.error());
    }
    if (auto set = tables_.set_revision(revision); !set) return fail(set.error());
    return revision;
  }

  base::Result<std::optional<model::Update>> find_one(std::string_view sql, const model::ClusterName& cluster,
                                                      const std::string& key) {
    const std::lock_guard guard(mutex_);
    auto statement = database_->prepare(sql);
    if (!statement) return fail(statement.error());
    const auto row = statement->bind(1, cluster.str()).bind(2, key).step();
    if (!row) return fail(row.error());
    if (!*row) return std::nullopt;
    auto update = decode_update(statement->text(0));
    if (!update) return fail(update.error());
    return std::move(*update);
  }

  std::mutex mutex_;
  sqlite::FileLock lock_;
  std::unique_ptr<Database> database_;
  Tables tables_;
};

// SQLite would create the file with the umask's mode, and gives -wal and -shm the mode of the file.
base::Status create_private(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0 || ::fchmod(descriptor, 0600) != 0) {
    const std::string reason = std::generic_category().message(errno);
    if (descriptor >= 0) ::close(descriptor);
    return fail(ErrorKind::kUnavailable, "cannot open the store " + path + ": " + reason, path);
  }
  ::close(descriptor);
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path) {
  auto lock = sqlite::FileLock::take(path + ".lock");
  if (!lock) return fail(lock.error());
  if (auto created = create_private(path); !created) return fail(created.error());
  auto opened = Database::open(path);
  if (!opened) return fail(opened.error());
  auto database = std::make_unique<Database>(std::move(*opened));
  if (auto ready = sqlite::prepare_schema(*database); !ready) return fail(ready.error());
  auto tables = Tables::prepare(*database);
  if (!tables) return fail(tables.error());
  return std::make_unique<SqliteStore>(std::move(*lock), std::move(database), std::move(*tables));
}

}  // namespace sallyport::store
