#include "store/sqlite/rows.h"

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "store/codec.h"

namespace sallyport::store::sqlite {

namespace {

using base::ErrorKind;
using base::fail;

template <class... F>
struct Match : F... {
  using F::operator()...;
};
template <class... F>
Match(F...) -> Match<F...>;

struct Key {
  std::string_view table;
  std::string_view column;
  std::string value;
};

Key key_of(const EntityId& id) {
  return std::visit(Match{[](const model::ClusterName& name) { return Key{"clusters", "name", name.str()}; },
                          [](const model::VpcId& vpc) { return Key{"vpcs", "id", vpc.str()}; },
                          [](const model::SubnetId& subnet) { return Key{"subnets", "id", subnet.str()}; },
                          [](const model::SecurityGroupId& group) { return Key{"security_groups", "id", group.str()}; }},
                    id);
}

// `sql` binds `values` in order.
template <class... Values>
base::Status run(Database& database, std::string_view sql, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  int index = 0;
  (statement->bind(++index, values), ...);
  return statement->run();
}

// Decodes the first column of every row of `sql`.
template <class T>
base::Status load_rows(Database& database, std::string_view sql, base::Result<T> (*decode)(std::string_view),
                       std::vector<T>& into) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  while (true) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    auto value = decode(statement->text(0));
    if (!value) {
      return fail(ErrorKind::kCorrupt, value.error().message + " (row " + statement->text(1) + " of " + database.path() + ")",
                  database.path());
    }
    into.push_back(std::move(*value));
  }
}

}  // namespace

base::Result<Tables> Tables::prepare(Database& database) { return Tables(database); }

base::Status Tables::expect_row(std::string_view table, std::string_view key_column, const std::string& key,
                                model::Revision based_on) {
  auto statement = database_->prepare("SELECT revision FROM " + std::string(table) + " WHERE " +
                                      std::string(key_column) + " = ?");
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(1, key).step();
  if (!row) return fail(row.error());
  if (*row && statement->number(0) > based_on.value()) {
    return fail(ErrorKind::kConflict, key + " was changed by another request; read it again and retry", key);
  }
  return {};
}

base::Status Tables::expect_unchanged(const Entity& entity, model::Revision based_on) {
  return std::visit(
      Match{[&](const model::Cluster& cluster) { return expect_row("clusters", "name", cluster.name.str(), based_on); },
            [&](const model::Update& update) { return expect_row("updates", "id", update.id.str(), based_on); },
            [&](const model::Vpc& vpc) { return expect_row("vpcs", "id", vpc.id.str(), based_on); },
            [&](const model::Subnet& subnet) { return expect_row("subnets", "id", subnet.id.str(), based_on); },
            [&](const model::SecurityGroup& group) {
              return expect_row("security_groups", "id", group.id.str(), based_on);
            }},
      entity);
}

base::Status Tables::expect_unchanged(const EntityId& id, model::Revision based_on) {
  const Key key = key_of(id);
  return expect_row(key.table, key.column, key.value, based_on);
}

base::Status Tables::put(const Entity& entity, model::Revision revision) {
  const std::uint64_t at = revision.value();
  return std::visit(
      Match{[&](const model::Cluster& cluster) {
              return run(*database_,
                         "INSERT INTO clusters (name, revision, body) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE "
                         "SET revision = excluded.revision, body = excluded.body",
                         cluster.name.str(), at, encode(cluster));
            },
            [&](const model::Update& update) { return put_update(update, revision); },
            [&](const model::Vpc& vpc) {
              return run(*database_,
                         "INSERT INTO vpcs (id, revision, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE "
                         "SET revision = excluded.revision, body = excluded.body",
                         vpc.id.str(), at, encode(vpc));
            },
            [&](const model::Subnet& subnet) {
              return run(*database_,
                         "INSERT INTO subnets (id, vpc, revision, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
                         "SET vpc = excluded.vpc, revision = excluded.revision, body = excluded.body",
                         subnet.id.str(), subnet.vpc.str(), at, encode(subnet));
            },
            [&](const model::SecurityGroup& group) {
              return run(*database_,
                         "INSERT INTO security_groups (id, vpc, revision, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO "
                         "UPDATE SET vpc = excluded.vpc, revision = excluded.revision, body = excluded.body",
                         group.id.str(), group.vpc.str(), at, encode(group));
            }},
      entity);
}

base::Status Tables::put_update(const model::Update& update, model::Revision revision) {
  const bool finished = update.status != model::UpdateStatus::kInProgress;
  auto statement = database_->prepare(
      "INSERT INTO updates (cluster, id, token, finished, revision, body) VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (cluster, id) DO UPDATE SET finished = excluded.finished, revision = excluded.revision, "
      "body = excluded.body");
  if (!statement) return fail(statement.error());
  statement->bind(1, update.cluster.str()).bind(2, update.id.str());
  if (update.client_request_token.empty()) {
    statement->bind_null(3);
  } else {
    statement->bind(3, update.client_request_token);
  }
  statement->bind(4, std::uint64_t{finished}).bind(5, revision.value()).bind(6, encode(update));
  if (auto put = statement->run(); !put || !finished) return put;
  return run(*database_,
             "DELETE FROM updates WHERE cluster = ?1 AND finished = 1 AND sequence <= (SELECT sequence FROM updates "
             "WHERE cluster = ?1 AND finished = 1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)",
             update.cluster.str(), std::uint64_t{base::limits::kUpdateHistory});
}

base::Status Tables::erase(const EntityId& id) {
  const Key key = key_of(id);
  return run(*database_, "DELETE FROM " + std::string(key.table) + " WHERE " + std::string(key.column) + " = ?",
             key.value);
}

base::Status Tables::put_setting(const std::string& name, const std::string& value) {
  return run(*database_,
             "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
             name, value);
}

base::Status Tables::append(const AuditEvent& event) {
  return run(*database_,
             "INSERT INTO audit_events (at, request_id, principal, source, action, resource) VALUES (?, ?, ?, ?, ?, ?)",
             static_cast<std::uint64_t>(event.at.time_since_epoch().count()), event.request_id, event.principal,
             event.source_address, event.action, event.resource);
}

base::Result<model::Revision> Tables::revision() {
  auto statement = database_->prepare("SELECT revision FROM meta WHERE id = 1");
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  if (!*row) return fail(ErrorKind::kCorrupt, "the store " + database_->path() + " has no revision", database_->path());
  return model::Revision(statement->number(0));
}

base::Status Tables::set_revision(model::Revision revision) {
  return run(*database_, "UPDATE meta SET revision = ? WHERE id = 1", revision.value());
}

base::Result<Inventory> load_inventory(Database& database) {
  Inventory inventory;
  auto tables = Tables::prepare(database);
  if (!tables) return fail(tables.error());
  const auto revision = tables->revision();
  if (!revision) return fail(revision.error());
  inventory.revision = *revision;

  if (auto read = load_rows(database, "SELECT body, name FROM clusters", decode_cluster, inventory.clusters); !read) {
    return fail(read.error());
  }
  if (auto read = load_rows(database, "SELECT body, id FROM vpcs", decode_vpc, inventory.vpcs); !read) {
    return fail(read.error());
  }
  if (auto read = load_rows(database, "SELECT body, id FROM subnets", decode_subnet, inventory.subnets); !read) {
    return fail(read.error());
  }
  if (auto read = load_rows(database, "SELECT body, id FROM security_groups", decode_security_group,
                            inventory.security_groups);
      !read) {
    return fail(read.error());
  }
  return inventory;
}

}  // namespace sallyport::store::sqlite
