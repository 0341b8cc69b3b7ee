#include "store/sqlite/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/test_folder.h"

namespace sallyport::store::sqlite {
namespace {

using base::ErrorKind;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kFirst = "PRAGMA application_id = 1396788313; CREATE TABLE one (a TEXT)";
constexpr const char* kSecond = "ALTER TABLE one RENAME COLUMN a TO b; INSERT INTO one VALUES ('kept')";
constexpr const char* kBroken = "DROP TABLE one; INSERT INTO nothing VALUES (1)";

class Schema : public testing::Test {
 protected:
  Database& database() { return *database_; }
  std::string text(const std::string& sql) { return database_->first_text(sql).value(); }

 private:
  base::TestFolder folder_;
  std::unique_ptr<Database> database_ = Database::open(folder_ / "state.db").value();
};

TEST_F(Schema, AppliesEachMigrationOnceInOrder) {
  ASSERT_TRUE(migrate(database(), std::array{kFirst}));
  EXPECT_EQ(text("PRAGMA user_version"), "1");
  ASSERT_TRUE(migrate(database(), std::array{kFirst, kSecond}));
  ASSERT_TRUE(migrate(database(), std::array{kFirst, kSecond}));
  EXPECT_EQ(text("PRAGMA user_version"), "2");
  EXPECT_EQ(text("SELECT b FROM one"), "kept");
  EXPECT_EQ(text("SELECT COUNT(*) FROM one"), "1");
}

TEST_F(Schema, AFailingMigrationLeavesTheFileAsItWas) {
  const auto done = migrate(database(), std::array{kFirst, kSecond, kBroken});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, AllOf(HasSubstr("to schema 3"), HasSubstr("it is as it was")));
  EXPECT_EQ(text("PRAGMA user_version"), "2");
  EXPECT_EQ(text("SELECT b FROM one"), "kept");
}

TEST_F(Schema, RefusesANewerFile) {
  ASSERT_TRUE(migrate(database(), std::array{kFirst, kSecond}));
  EXPECT_TRUE(check_file(database(), std::array{kFirst, kSecond}));
  EXPECT_EQ(check_file(database(), std::array{kFirst}).error().kind, ErrorKind::kInvalidRequest);
}

TEST_F(Schema, ConnectionsAreDurableAndChecked) {
  ASSERT_TRUE(migrate(database(), migrations()));
  ASSERT_TRUE(configure(database()));
  EXPECT_EQ(text("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(text("PRAGMA synchronous"), "2");
  EXPECT_EQ(text("PRAGMA foreign_keys"), "1");
}

}  // namespace
}  // namespace sallyport::store::sqlite
