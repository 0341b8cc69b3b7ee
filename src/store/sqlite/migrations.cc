#include "store/sqlite/migrations.h"

#include <array>

namespace sallyport::store::sqlite {

namespace {

// Never change one that was released: add the next.
constexpr std::array kMigrations = {
    R"sql(
      PRAGMA application_id = 1396788313;

      CREATE TABLE meta (
        id        INTEGER PRIMARY KEY CHECK (id = 1),
        revision  INTEGER NOT NULL,
        forgotten INTEGER NOT NULL   -- erasures up to this revision may be missing from their table
      ) STRICT;
      INSERT INTO meta (id, revision, forgotten) VALUES (1, 0, 0);

      CREATE TABLE vpcs (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE subnets (
        id       TEXT PRIMARY KEY,
        vpc      TEXT NOT NULL REFERENCES vpcs (id),
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX subnets_by_vpc ON subnets (vpc);

      CREATE TABLE security_groups (
        id       TEXT PRIMARY KEY,
        vpc      TEXT NOT NULL REFERENCES vpcs (id),
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX security_groups_by_vpc ON security_groups (vpc);

      CREATE TABLE clusters (
        name     TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE updates (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        cluster  TEXT NOT NULL REFERENCES clusters (name) ON DELETE CASCADE,
        id       TEXT NOT NULL,
        token    TEXT,
        finished INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL,
        UNIQUE (cluster, id)
      ) STRICT;
      CREATE UNIQUE INDEX updates_by_token ON updates (cluster, token) WHERE token IS NOT NULL;
      CREATE INDEX updates_unfinished ON updates (sequence) WHERE finished = 0;
      CREATE INDEX updates_newest ON updates (cluster, sequence DESC);

      CREATE TABLE erasures (
        kind     TEXT NOT NULL,      -- the table it was in
        key      TEXT NOT NULL,
        revision INTEGER NOT NULL,
        PRIMARY KEY (kind, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX erasures_by_revision ON erasures (revision);

      CREATE TABLE settings (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE audit_events (
        sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
        at         INTEGER NOT NULL,
        request_id TEXT NOT NULL,
        principal  TEXT NOT NULL,
        source     TEXT NOT NULL,
        action     TEXT NOT NULL,
        resource   TEXT NOT NULL
      ) STRICT;
    )sql",
    R"sql(
      CREATE TABLE network_interfaces (
        id       TEXT PRIMARY KEY,
        subnet   TEXT NOT NULL REFERENCES subnets (id),
        vpc      TEXT NOT NULL REFERENCES vpcs (id),
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX network_interfaces_by_subnet ON network_interfaces (subnet);
      CREATE INDEX network_interfaces_by_vpc ON network_interfaces (vpc);

      CREATE TABLE nat_gateways (
        id       TEXT PRIMARY KEY,
        subnet   TEXT NOT NULL REFERENCES subnets (id),
        vpc      TEXT NOT NULL REFERENCES vpcs (id),
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX nat_gateways_by_subnet ON nat_gateways (subnet);
      CREATE INDEX nat_gateways_by_vpc ON nat_gateways (vpc);

      CREATE TABLE dhcp_options (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE prefix_lists (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE elastic_ips (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE vpc_peerings (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE transit_gateways (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE transit_gateway_attachments (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE customer_gateways (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE vpn_gateways (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE vpn_connections (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    )sql",
    R"sql(
      CREATE TABLE iam_users (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE access_keys (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE iam_roles (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE iam_policies (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE access_entries (
        id       TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        body     TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Clusters have API servers of their own where a provider made them. Until now root alone could create one.
      UPDATE clusters SET body = json_set(body, '$.servers', json('[]'), '$.creatorId', '');
    )sql",
};

}  // namespace

Migrations migrations() { return kMigrations; }

}  // namespace sallyport::store::sqlite
