#include "store/sqlite/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "store/codec.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/tables.h"
#include "store/sqlite/test_file.h"
#include "store/test_entities.h"

namespace sallyport::store {
namespace {

using namespace testing_entities;  // NOLINT: the words of these tests
using model::Revision;
using sqlite::SqliteFile;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class MigrationsOfAFile : public SqliteFile {
 protected:
  // The file as schema 1 has it: `values` as rows of `table (columns)`, the entity's text last.
  template <class T>
  void insert(const std::string& columns, const std::string& values, const T& entity) const {
    tamper("INSERT INTO " + columns + " VALUES (" + values + ", '" + encode(entity) + "')");
  }
};

TEST_F(MigrationsOfAFile, KeepWhatSchema1Held) {
  const auto blue = cluster("blue");
  const auto change = update("blue", "u1", "token");
  {
    auto database = sqlite::Database::open(path()).value();
    ASSERT_TRUE(sqlite::migrate(*database, sqlite::migrations().first(1)));
  }
  insert("vpcs (id, revision, body)", "'vpc-1', 3", vpc("vpc-1"));
  insert("vpcs (id, revision, body)", "'vpc-2', 4", vpc("vpc-2"));
  insert("subnets (id, vpc, revision, body)", "'subnet-1', 'vpc-1', 5", subnet("subnet-1", "vpc-1"));
  insert("security_groups (id, vpc, revision, body)", "'sg-1', 'vpc-1', 6", group("sg-1", "vpc-1"));
  insert("security_groups (id, vpc, revision, body)", "'sg-2', 'vpc-2', 7", group("sg-2", "vpc-2"));
  insert("clusters (name, revision, body)", "'blue', 8", blue);
  insert("updates (cluster, id, token, finished, revision, body)", "'blue', 'u1', 'token', 0, 9", change);
  tamper("UPDATE meta SET revision = 9");

  auto store = open().value();
  const Inventory all = store->load().value();
  EXPECT_EQ(all.revision, Revision(9));
  EXPECT_THAT(all.clusters, ElementsAre(blue));
  EXPECT_THAT(all.vpcs, UnorderedElementsAre(vpc("vpc-1"), vpc("vpc-2")));
  EXPECT_THAT(all.subnets, ElementsAre(subnet("subnet-1", "vpc-1")));
  EXPECT_THAT(all.security_groups, UnorderedElementsAre(group("sg-1", "vpc-1"), group("sg-2", "vpc-2")));
  EXPECT_THAT(store->unfinished_updates().value(), ElementsAre(change));

  EXPECT_EQ(store->commit(based_on(Revision(4), puts({subnet("subnet-1", "vpc-1")}))).error().kind,
            base::ErrorKind::kConflict)
      << "revisions are kept";
  EXPECT_EQ(store->commit(erases({model::VpcId("vpc-2")})).error().kind, base::ErrorKind::kInvalidRequest)
      << "references are kept";
  EXPECT_TRUE(store->commit(puts({object<model::NetworkInterface>("eni-1")})));
  store.reset();
  EXPECT_EQ(sqlite::Database::open(path()).value()->first_text("PRAGMA user_version").value(),
            std::to_string(sqlite::migrations().size()));
  EXPECT_TRUE(open()) << "sound after it";
}

TEST_F(MigrationsOfAFile, MakeATableForEveryKind) {
  ASSERT_TRUE(open());
  const auto database = sqlite::Database::open(path()).value();
  for_each_kind([&]<class T>(std::type_identity<T>) {
    const std::string table = sqlite::kTable<model::IdOf<T>>;
    EXPECT_EQ(database->first_text("SELECT wr AND strict FROM pragma_table_list WHERE name = '" + table + "'").value(),
              "1")
        << table;
  });
}

}  // namespace
}  // namespace sallyport::store
