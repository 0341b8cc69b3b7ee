#include "store/sqlite/sqlite_store.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <tuple>
#include <utility>

#include "base/limits.h"
#include "store/sqlite/file_lock.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/store_file.h"
#include "store/sqlite/tables.h"

namespace sallyport::store {

namespace {

using base::fail;
using sqlite::Database;
using sqlite::decode_row;
using sqlite::Statement;

// Calls `take(statement)`, which gives a Status, for each row.
template <class Take>
base::Status for_each_row(Statement& statement, Take take) {
  while (true) {
    const auto row = statement.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    if (auto taken = take(statement); !taken) return taken;
  }
}

// Calls `take(value)` for each of the kind T.
template <class T, class Take>
base::Status load_table(const Database& database, Take take) {
  using Key = sqlite::KeyOf<T>;
  const std::string table = sqlite::kTable<Key>;
  auto rows = database.prepare("SELECT body, " + std::string(sqlite::kKeyColumn<Key>) + " FROM " + table);
  if (!rows) return fail(rows.error());
  return for_each_row(*rows, [&](const Statement& row) -> base::Status {
    auto value = decode_row<T>(row.text(0), table, row.text(1));
    if (!value) return fail(value.error());
    take(*std::move(value));
    return {};
  });
}

template <class T>
base::Status load_into(const Database& database, std::vector<T>& things) {
  return load_table<T>(database, [&](T value) { things.push_back(std::move(value)); });
}

template <class Table>
base::Status load_into(const Database& database, Table& things) {
  using T = std::remove_const_t<typename Table::mapped_type::element_type>;
  return load_table<T>(database, [&](T value) {
    auto shared = std::make_shared<const T>(std::move(value));
    things.emplace(shared->id, std::move(shared));
  });
}

// Of a row whose first columns are body, cluster and id.
base::Result<model::Update> update_of(const Statement& row) {
  return decode_row<model::Update>(row.text(0), "updates", row.text(1) + "/" + row.text(2));
}

// Takes an open transaction back, however its scope is left.
struct Undo {
  Database& database;
  bool armed = true;

  ~Undo() {
    // Fails only where the failure itself already rolled back.
    if (armed) (void)database.execute("ROLLBACK");
  }
};

// One connection under one lock: commits are bound by the disk, and reads are short.
class SqliteStore final : public Store {
 public:
  SqliteStore(sqlite::FileLock lock, std::unique_ptr<Database> database)
      : lock_(std::move(lock)), database_(std::move(database)) {}

  base::Result<Inventory> load() override {
    const std::lock_guard guard(mutex_);
    const auto revision = read_revision(*database_);
    if (!revision) return fail(revision.error());
    Inventory all;
    all.revision = *revision;
    base::Status done;
    const auto load = [&](auto& things) {
      if (done) done = load_into(*database_, things);
    };
    load(all.clusters);
    load(all.vpcs);
    load(all.subnets);
    load(all.security_groups);
    std::apply([&](auto&... tables) { (load(tables), ...); }, all.objects);
    std::apply([&](auto&... tables) { (load(tables), ...); }, all.identities);
    if (!done) return fail(done.error());
    return all;
  }

  base::Result<model::Revision> commit(const Transaction& transaction) override {
    const std::lock_guard guard(mutex_);
    if (auto begun = database_->execute("BEGIN IMMEDIATE"); !begun) return fail(begun.error());
    Undo undo{*database_};
    auto revision = apply(transaction);
    if (!revision) return revision;
    if (auto committed = database_->execute("COMMIT"); !committed) return fail(committed.error());
    undo.armed = false;
    return revision;
  }

  base::Result<std::optional<model::Update>> find_update(const model::ClusterName& cluster,
                                                         const model::UpdateId& id) override {
    return find_one("SELECT body, cluster, id FROM updates WHERE cluster = ? AND id = ?", cluster, id.str());
  }

  base::Result<std::optional<model::Update>> find_update_by_token(const model::ClusterName& cluster,
                                                                  const std::string& token) override {
    return find_one("SELECT body, cluster, id FROM updates WHERE cluster = ? AND token = ?", cluster, token);
  }

  base::Result<UpdatePage> list_updates(const model::ClusterName& cluster, std::optional<HistoryPosition> from,
                                        std::size_t limit) override {
    constexpr std::uint64_t kNewest = INT64_MAX;
    limit = std::clamp<std::size_t>(limit, 1, base::limits::kPageEntries);
    const std::lock_guard guard(mutex_);
    auto rows = database_->prepare(
        "SELECT body, cluster, id, sequence FROM updates WHERE cluster = ? AND sequence <= ? "
        "ORDER BY sequence DESC LIMIT ?");
    if (!rows) return fail(rows.error());
    rows->bind(1, cluster.str()).bind(2, std::min(from ? from->sequence : kNewest, kNewest));
    rows->bind(3, std::uint64_t{limit} + 1);
    UpdatePage page;
    auto done = for_each_row(*rows, [&](const Statement& row) -> base::Status {
      if (page.updates.size() == limit) {
        page.next = HistoryPosition{row.number(3)};
        return {};
      }
      auto update = update_of(row);
      if (!update) return fail(update.error());
      page.updates.push_back(*std::move(update));
      return {};
    });
    if (!done) return fail(done.error());
    return page;
  }

  base::Result<std::vector<model::Update>> unfinished_updates() override {
    const std::lock_guard guard(mutex_);
    auto rows = database_->prepare("SELECT body, cluster, id FROM updates WHERE finished = 0 ORDER BY sequence");
    if (!rows) return fail(rows.error());
    std::vector<model::Update> updates;
    auto done = for_each_row(*rows, [&](const Statement& row) -> base::Status {
      auto update = update_of(row);
      if (!update) return fail(update.error());
      updates.push_back(*std::move(update));
      return {};
    });
    if (!done) return fail(done.error());
    return updates;
  }

  base::Result<std::optional<std::string>> setting(const std::string& name) override {
    const std::lock_guard guard(mutex_);
    auto statement = database_->prepare("SELECT value FROM settings WHERE name = ?");
    if (!statement) return fail(statement.error());
    const auto row = statement->bind(1, name).step();
    if (!row) return fail(row.error());
    if (!*row) return std::nullopt;
    return statement->text(0);
  }

  base::Result<std::vector<AuditEvent>> recent_events(std::size_t limit) override {
    const std::lock_guard guard(mutex_);
    auto rows = database_->prepare(
        "SELECT at, request_id, principal, source, action, resource FROM audit_events ORDER BY sequence DESC LIMIT ?");
    if (!rows) return fail(rows.error());
    rows->bind(1, std::min<std::uint64_t>(limit, INT64_MAX));
    std::vector<AuditEvent> events;
    auto done = for_each_row(*rows, [&](const Statement& row) -> base::Status {
      events.push_back({.at = base::Time(base::Millis(static_cast<std::int64_t>(row.number(0)))),
                        .request_id = row.text(1),
                        .principal = row.text(2),
                        .source_address = row.text(3),
                        .action = row.text(4),
                        .resource = row.text(5)});
      return {};
    });
    if (!done) return fail(done.error());
    return events;
  }

 private:
  // Inside the transaction; any failure rolls the whole of it back.
  base::Result<model::Revision> apply(const Transaction& transaction) {
    const Database& database = *database_;
    const auto last = sqlite::read_revision(database);
    if (!last) return fail(last.error());
    const model::Revision revision = last->next();
    if (transaction.based_on) {
      const auto expected = expect_unchanged(transaction, *transaction.based_on);
      if (!expected) return fail(expected.error());
    }
    base::Status done;
    const auto step = [&](auto&& action) {
      if (done) done = action();
    };
    for (const Entity& entity : transaction.puts)
      step([&] { return sqlite::put(database, entity, revision); });
    for (const EntityId& id : transaction.erases)
      step([&] { return sqlite::erase(database, id, revision); });
    if (!transaction.erases.empty()) step([&] { return sqlite::forget_old_erasures(database); });
    for (const auto& [name, value] : transaction.settings)
      step([&] { return sqlite::put_setting(database, name, value); });
    for (const AuditEvent& event : transaction.events)
      step([&] { return sqlite::append(database, event); });
    step([&] { return sqlite::write_revision(database, revision); });
    if (!done) return fail(done.error());
    return revision;
  }

  base::Status expect_unchanged(const Transaction& transaction, model::Revision based_on) {
    for (const Entity& entity : transaction.puts) {
      if (auto same = sqlite::expect_unchanged(*database_, entity, based_on); !same) return same;
    }
    for (const EntityId& id : transaction.erases) {
      if (auto same = sqlite::expect_unchanged(*database_, id, based_on); !same) return same;
    }
    return {};
  }

  base::Result<std::optional<model::Update>> find_one(std::string_view sql, const model::ClusterName& cluster,
                                                      const std::string& key) {
    const std::lock_guard guard(mutex_);
    auto statement = database_->prepare(sql);
    if (!statement) return fail(statement.error());
    const auto row = statement->bind(1, cluster.str()).bind(2, key).step();
    if (!row) return fail(row.error());
    if (!*row) return std::nullopt;
    auto update = update_of(*statement);
    if (!update) return fail(update.error());
    return *std::move(update);
  }

  std::mutex mutex_;
  sqlite::FileLock lock_;  // outlives the connection, whose closing still writes
  std::unique_ptr<Database> database_;
};

}  // namespace

base::Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path) {
  auto lock = sqlite::FileLock::take(path + ".lock");
  if (!lock) return fail(lock.error());
  auto database = sqlite::open_store_file(path);
  if (!database) return fail(database.error());
  return std::make_unique<SqliteStore>(*std::move(lock), *std::move(database));
}

}  // namespace sallyport::store
