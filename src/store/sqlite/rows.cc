#include "store/sqlite/rows.h"

#include <cstdint>
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

// Where a thing of one key column is kept.
struct Place {
  std::string table;
  std::string column;
  std::string key;
};

Place place_of(const EntityId& id) {
  return std::visit(Match{[](const model::ClusterName& name) {
                            return Place{"clusters", "name", name.str()};
                          },
                          [](const model::VpcId& vpc) {
                            return Place{"vpcs", "id", vpc.str()};
                          },
                          [](const model::SubnetId& subnet) {
                            return Place{"subnets", "id", subnet.str()};
                          },
                          [](const model::SecurityGroupId& group) {
                            return Place{"security_groups", "id", group.str()};
                          }},
                    id);
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
base::Result<std::string> body_of(const T& entity, base::Result<T> (*decode)(std::string_view),
                                  const std::string& name) {
  std::string body = encode(entity);
  const auto again = decode(body);
  if (!again || *again != entity) {
    return fail(ErrorKind::kInvalidParameter, name + " holds a text that is not UTF-8; correct it", name);
  }
  return body;
}

// Says in the model's words what a broken constraint is about.
base::Status explained(base::Status done, const std::string& what) {
  if (done || done.error().kind != ErrorKind::kInvalidRequest) return done;
  return fail(ErrorKind::kInvalidRequest, what, done.error().field);
}

base::Status put_cluster(const Database& database, const model::Cluster& cluster, model::Revision revision) {
  const auto body = body_of(cluster, decode_cluster, "cluster " + cluster.name.str());
  if (!body) return fail(body.error());
  return run(database,
             "INSERT INTO clusters (name, revision, body) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE "
             "SET revision = excluded.revision, body = excluded.body",
             cluster.name.str(), revision.value(), *body);
}

base::Status put_vpc(const Database& database, const model::Vpc& vpc, model::Revision revision) {
  const auto body = body_of(vpc, decode_vpc, "VPC " + vpc.id.str());
  if (!body) return fail(body.error());
  return run(database,
             "INSERT INTO vpcs (id, revision, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE "
             "SET revision = excluded.revision, body = excluded.body",
             vpc.id.str(), revision.value(), *body);
}

// Subnets and security groups: things of a VPC.
template <class T>
base::Status put_of_vpc(const Database& database, const std::string& table, const T& entity,
                        base::Result<T> (*decode)(std::string_view), model::Revision revision) {
  const auto body = body_of(entity, decode, entity.id.str());
  if (!body) return fail(body.error());
  auto done = run(database,
                  "INSERT INTO " + table +
                      " (id, vpc, revision, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
                      "SET vpc = excluded.vpc, revision = excluded.revision, body = excluded.body",
                  entity.id.str(), entity.vpc.str(), revision.value(), *body);
  return explained(std::move(done), entity.id.str() + " is of the VPC '" + entity.vpc.str() +
                                        "', which does not exist; create it first");
}

base::Status put_update(const Database& database, const model::Update& update, model::Revision revision) {
  const auto body = body_of(update, decode_update, "update " + update.id.str());
  if (!body) return fail(body.error());
  const bool finished = update.status != model::UpdateStatus::kInProgress;
  auto done = run(database,
                  "INSERT INTO updates (cluster, id, token, finished, revision, body) VALUES (?, ?, NULLIF(?, ''), ?, "
                  "?, ?) ON CONFLICT (cluster, id) DO UPDATE SET token = excluded.token, finished = excluded.finished, "
                  "revision = excluded.revision, body = excluded.body",
                  update.cluster.str(), update.id.str(), update.client_request_token, std::uint64_t{finished},
                  revision.value(), *body);
  if (!done) {
    return explained(std::move(done), "update " + update.id.str() + " is of the cluster '" + update.cluster.str() +
                                          "', which does not exist, or repeats the client request token of another "
                                          "of its updates");
  }
  if (!finished) return {};
  return run(database,
             "DELETE FROM updates WHERE cluster = ?1 AND finished = 1 AND sequence <= (SELECT sequence FROM updates "
             "WHERE cluster = ?1 AND finished = 1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)",
             update.cluster.str(), std::uint64_t{base::limits::kUpdateHistory});
}

}  // namespace

base::Status expect_unchanged(const Database& database, const Entity& entity, model::Revision based_on) {
  const auto at = [&](const EntityId& id) { return expect_place_unchanged(database, place_of(id), based_on); };
  return std::visit(
      Match{[&](const model::Cluster& cluster) { return at(cluster.name); },
            [&](const model::Update& update) { return expect_update_unchanged(database, update, based_on); },
            [&](const model::Vpc& vpc) { return at(vpc.id); },
            [&](const model::Subnet& subnet) { return at(subnet.id); },
            [&](const model::SecurityGroup& group) { return at(group.id); }},
      entity);
}

base::Status expect_unchanged(const Database& database, const EntityId& id, model::Revision based_on) {
  return expect_place_unchanged(database, place_of(id), based_on);
}

base::Status put(const Database& database, const Entity& entity, model::Revision revision) {
  return std::visit(Match{[&](const model::Cluster& cluster) { return put_cluster(database, cluster, revision); },
                          [&](const model::Update& update) { return put_update(database, update, revision); },
                          [&](const model::Vpc& vpc) { return put_vpc(database, vpc, revision); },
                          [&](const model::Subnet& subnet) {
                            return put_of_vpc(database, "subnets", subnet, decode_subnet, revision);
                          },
                          [&](const model::SecurityGroup& group) {
                            return put_of_vpc(database, "security_groups", group, decode_security_group, revision);
                          }},
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
  return explained(std::move(done), place.key + " still has subnets or security groups; delete them first");
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
  return run(database,
             "INSERT INTO audit_events (at, request_id, principal, source, action, resource) VALUES (?, ?, ?, ?, ?, ?)",
             static_cast<std::uint64_t>(event.at.time_since_epoch().count()), event.request_id, event.principal,
             event.source_address, event.action, event.resource);
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
