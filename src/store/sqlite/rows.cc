#include "store/sqlite/rows.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "store/codec.h"
#include "store/sqlite/tables.h"

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

// Where a thing of one key column is kept.
struct Place {
  std::string table;
  std::string column;
  std::string key;
};

template <class Key>
Place place_of(const Key& key) {
  static_assert(kTable<Key> != nullptr, "a kind without a table");
  return {kTable<Key>, kKeyColumn<Key>, key.str()};
}

Place place_of(const EntityId& id) {
  return std::visit([](const auto& key) { return place_of(key); }, id);
}

// `sql` binds `values` in order and gives no row.
template <class... Values>
base::Status run(const Database& database, std::string_view sql, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  int index = 0;
  (statement->bind(++index, values), ...);
  const auto row = statement->step();
  if (!row) return fail(row.error());
  return {};
}

// The single number `sql` gives, which binds `values` in order; nothing where it gives no row.
template <class... Values>
base::Result<std::optional<std::uint64_t>> number(const Database& database, std::string_view sql,
                                                  const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  int index = 0;
  (statement->bind(++index, values), ...);
  const auto row = statement->step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return statement->number(0);
}

base::Status conflict(const std::string& key) {
  return fail(ErrorKind::kConflict, key + " was changed by another request; read it again and retry", key);
}

// For a row that is not there: it may have been.
base::Status expect_never_erased(const Database& database, const std::string& kind, const std::string& key,
                                 model::Revision based_on) {
  const auto erased = number(database,
                             "SELECT MAX(revision) FROM (SELECT revision FROM erasures WHERE kind = ? AND key = ? "
                             "UNION ALL SELECT forgotten FROM meta)",
                             kind, key);
  if (!erased) return fail(erased.error());
  if (*erased && **erased > based_on.value()) return conflict(key);
  return {};
}

base::Status expect_place_unchanged(const Database& database, const Place& place, model::Revision based_on) {
  const auto changed =
      number(database, "SELECT revision FROM " + place.table + " WHERE " + place.column + " = ?", place.key);
  if (!changed) return fail(changed.error());
  if (!*changed) return expect_never_erased(database, place.table, place.key, based_on);
  if (**changed > based_on.value()) return conflict(place.key);
  return {};
}

base::Status expect_update_unchanged(const Database& database, const model::Update& update, model::Revision based_on) {
  const auto changed = number(database, "SELECT revision FROM updates WHERE cluster = ? AND id = ?",
                              update.cluster.str(), update.id.str());
  if (!changed) return fail(changed.error());
  if (!*changed) return expect_never_erased(database, "clusters", update.cluster.str(), based_on);
  if (**changed > based_on.value()) return conflict(update.id.str());
  return {};
}

// What is stored must decode to what was meant: a text that is not UTF-8 would make the row unreadable.
template <class T>
base::Result<std::string> body_of(const T& entity, const std::string& name) {
  std::string body = encode(entity);
  const auto again = decode<T>(body);
  if (!again || *again != entity) {
    return fail(ErrorKind::kInvalidParameter, name + " holds a text that is not UTF-8; correct it", name);
  }
  return body;
}

// A column that refers to another table's row, and which.
struct Reference {
  std::string column;
  Place to;
};

template <class T>
std::vector<Reference> references_of(const T& entity) {
  std::vector<Reference> references;
  if constexpr (requires { entity.subnet.str(); }) references.push_back({"subnet", place_of(entity.subnet)});
  if constexpr (requires { entity.vpc.str(); }) references.push_back({"vpc", place_of(entity.vpc)});
  return references;
}

// Those of the references that lead nowhere, in words.
base::Result<std::string> missing_of(const Database& database, const std::vector<Reference>& references) {
  std::string missing;
  for (const auto& [column, to] : references) {
    const auto found = number(database, "SELECT revision FROM " + to.table + " WHERE id = ?", to.key);
    if (!found) return fail(found.error());
    if (*found) continue;
    if (!missing.empty()) missing += " and ";
    missing.append("the ").append(column).append(" '").append(to.key).append("'");
  }
  return missing;
}

// Of any kind whose key is one column.
template <class T>
base::Status put_row(const Database& database, const T& entity, model::Revision revision) {
  const Place place = place_of(key_of(entity));
  const auto body = body_of(entity, place.key);
  if (!body) return fail(body.error());
  std::string columns = place.column + ", revision, body";
  std::string marks = "?, ?, ?";
  std::string changes = "revision = excluded.revision, body = excluded.body";
  const std::vector<Reference> references = references_of(entity);
  for (const auto& [column, to] : references) {
    columns.append(", ").append(column);
    marks.append(", ?");
    changes.append(", ").append(column).append(" = excluded.").append(column);
  }
  auto statement = database.prepare("INSERT INTO " + place.table + " (" + columns + ") VALUES (" + marks +
                                    ") ON CONFLICT (" + place.column + ") DO UPDATE SET " + changes);
  if (!statement) return fail(statement.error());
  statement->bind(1, place.key).bind(2, revision.value()).bind(3, *body);
  int index = 3;
  for (const Reference& reference : references)
    statement->bind(++index, reference.to.key);
  const auto row = statement->step();
  if (row) return {};
  if (row.error().kind != ErrorKind::kInvalidRequest) return fail(row.error());
  const auto missing = missing_of(database, references);
  if (!missing) return fail(missing.error());
  return fail(ErrorKind::kInvalidRequest, place.key + " is of " + *missing + ", which does not exist; create it first",
              row.error().field);
}

base::Status put_update(const Database& database, const model::Update& update, model::Revision revision) {
  const auto body = body_of(update, "update " + update.id.str());
  if (!body) return fail(body.error());
  const bool finished = update.status != model::UpdateStatus::kInProgress;
  auto done = run(database,
                  "INSERT INTO updates (cluster, id, token, finished, revision, body) VALUES (?, ?, NULLIF(?, ''), ?, "
                  "?, ?) ON CONFLICT (cluster, id) DO UPDATE SET token = excluded.token, finished = excluded.finished, "
                  "revision = excluded.revision, body = excluded.body",
                  update.cluster.str(), update.id.str(), update.client_request_token, std::uint64_t{finished},
                  revision.value(), *body);
  if (!done && done.error().kind == ErrorKind::kInvalidRequest) {
    return fail(ErrorKind::kInvalidRequest,
                "update " + update.id.str() + " is of the cluster '" + update.cluster.str() +
                    "', which does not exist, or repeats the client request token of another of its updates",
                done.error().field);
  }
  if (!done) return done;
  if (!finished) return {};
  return run(database,
             "DELETE FROM updates WHERE cluster = ?1 AND finished = 1 AND sequence <= (SELECT sequence FROM updates "
             "WHERE cluster = ?1 AND finished = 1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)",
             update.cluster.str(), std::uint64_t{base::limits::kUpdateHistory});
}

// The first few rows that refer to what is at `place`, by id; empty where none does.
base::Result<std::string> users_of(const Database& database, const Place& place) {
  std::string sql;
  if (place.table == kTable<model::VpcId>) {
    sql =
        "SELECT id FROM nat_gateways WHERE vpc = ?1 UNION ALL SELECT id FROM network_interfaces WHERE vpc = ?1 "
        "UNION ALL SELECT id FROM subnets WHERE vpc = ?1 UNION ALL SELECT id FROM security_groups WHERE vpc = ?1";
  } else if (place.table == kTable<model::SubnetId>) {
    sql = "SELECT id FROM nat_gateways WHERE subnet = ?1 UNION ALL SELECT id FROM network_interfaces WHERE subnet = ?1";
  } else {
    return std::string();
  }
  auto statement = database.prepare("SELECT group_concat(id, ', ') FROM (" + sql + " LIMIT 10)");
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(1, place.key).step();
  if (!row) return fail(row.error());
  return statement->text(0);
}

}  // namespace

base::Status expect_unchanged(const Database& database, const Entity& entity, model::Revision based_on) {
  return std::visit(
      Match{[&](const model::Update& update) { return expect_update_unchanged(database, update, based_on); },
            [&](const auto& other) { return expect_place_unchanged(database, place_of(key_of(other)), based_on); }},
      entity);
}

base::Status expect_unchanged(const Database& database, const EntityId& id, model::Revision based_on) {
  return expect_place_unchanged(database, place_of(id), based_on);
}

base::Status put(const Database& database, const Entity& entity, model::Revision revision) {
  return std::visit(Match{[&](const model::Update& update) { return put_update(database, update, revision); },
                          [&](const auto& other) { return put_row(database, other, revision); }},
                    entity);
}

base::Status erase(const Database& database, const EntityId& id, model::Revision revision) {
  const Place place = place_of(id);
  const std::string row = " FROM " + place.table + " WHERE " + place.column + " = ";
  auto done = run(database,
                  "INSERT INTO erasures (kind, key, revision) SELECT ?1, ?2, ?3" + row +
                      "?2 ON CONFLICT (kind, key) DO UPDATE SET revision = excluded.revision",
                  place.table, place.key, revision.value());
  if (done) done = run(database, "DELETE" + row + "?", place.key);
  if (done || done.error().kind != ErrorKind::kInvalidRequest) return done;
  const auto users = users_of(database, place);
  if (!users) return fail(users.error());
  return fail(ErrorKind::kInvalidRequest, place.key + " is still in use; delete first: " + *users, done.error().field);
}

base::Status forget_old_erasures(const Database& database) {
  const auto last = number(database, "SELECT revision FROM erasures ORDER BY revision DESC LIMIT 1 OFFSET ?",
                           std::uint64_t{base::limits::kErasuresRemembered});
  if (!last) return fail(last.error());
  if (!*last) return {};
  if (auto done = run(database, "DELETE FROM erasures WHERE revision <= ?", **last); !done) return done;
  return run(database, "UPDATE meta SET forgotten = ?", **last);
}

base::Status put_setting(const Database& database, const std::string& name, const std::string& value) {
  return run(database,
             "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
             name, value);
}

base::Status append(const Database& database, const AuditEvent& event) {
  auto done =
      run(database,
          "INSERT INTO audit_events (at, request_id, principal, source, action, resource) VALUES (?, ?, ?, ?, ?, ?)",
          static_cast<std::uint64_t>(event.at.time_since_epoch().count()), event.request_id, event.principal,
          event.source_address, event.action, event.resource);
  if (!done) return done;
  // Sequences have no gaps and are the row's own key: this finds one row at most, without a search.
  return run(database, "DELETE FROM audit_events WHERE sequence <= last_insert_rowid() - ?",
             std::uint64_t{base::limits::kAuditEvents});
}

base::Result<model::Revision> read_revision(const Database& database) {
  const auto stored = number(database, "SELECT revision FROM meta");
  if (!stored) return fail(stored.error());
  if (!*stored) {
    return fail(ErrorKind::kCorrupt, "the store " + database.path() + " has no revision (table meta)", database.path());
  }
  return model::Revision(**stored);
}

base::Status write_revision(const Database& database, model::Revision revision) {
  return run(database, "UPDATE meta SET revision = ?", revision.value());
}

}  // namespace sallyport::store::sqlite
