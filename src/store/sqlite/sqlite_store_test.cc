#include "store/sqlite/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/limits.h"
#include "base/test_folder.h"
#include "store/sqlite/database.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/test_file.h"
#include "store/store_contract.h"
#include "store/test_entities.h"

namespace sallyport::store {
namespace {

using namespace testing_entities;  // NOLINT: the words of these tests
using base::ErrorKind;
using model::Revision;
using sqlite::SqliteFile;
using testing::AllOf;
using testing::HasSubstr;

class SqliteHome final : public StoreHome {
 public:
  base::Result<std::unique_ptr<Store>> open() override { return open_sqlite_store(folder_ / "state.db"); }

 private:
  base::TestFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract,
                         testing::Values(Backend{"Sqlite", [] { return std::make_unique<SqliteHome>(); }}),
                         name_of_backend);

TEST_F(SqliteFile, RefusesWhatIsNoDatabase) {
  fill();
  overwrite(0, std::string(200, 'x'));
  expect_damaged("not a database");
}

TEST_F(SqliteFile, RefusesADamagedPage) {
  fill();
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path()));
  ASSERT_GT(size, 8 * 4096);
  for (std::streamoff at = 4096; at < size; at += 4096) {
    SCOPED_TRACE(at);
    const std::string whole = [&] {
      std::ifstream file(path(), std::ios::binary);
      return std::string(std::istreambuf_iterator<char>(file), {});
    }();
    overwrite(at, std::string(64, '\x5a'));
    expect_damaged();
    overwrite(0, whole);
  }
  EXPECT_EQ(open().value()->load()->clusters.size(), 51U) << "put back, it serves again";
}

TEST_F(SqliteFile, RefusesATruncatedFile) {
  fill();
  const auto size = std::filesystem::file_size(path());
  for (const std::uintmax_t left : {size - 1, size / 2, std::uintmax_t{4096}, std::uintmax_t{100}, std::uintmax_t{1}}) {
    SCOPED_TRACE(left);
    std::filesystem::resize_file(path(), left);
    expect_damaged();
  }
}

TEST_F(SqliteFile, NeverTakesAnEmptyFileForANewStore) {
  fill();
  std::filesystem::resize_file(path(), 0);
  expect_damaged("content is lost");
}

TEST_F(SqliteFile, NeverStartsAnewBesideTheLogOfALostFile) {
  fill();
  std::filesystem::rename(path(), path() + "-wal");
  expect_damaged("is missing");
}

TEST_F(SqliteFile, RefusesABrokenReference) {
  fill();
  tamper("PRAGMA foreign_keys = OFF; DELETE FROM vpcs");
  expect_damaged("a row of subnets refers to nothing");
}

TEST_F(SqliteFile, RefusesANewerVersionAndLeavesItAlone) {
  fill();
  tamper("PRAGMA user_version = 99");
  expect_refused(ErrorKind::kInvalidRequest, "newer Sallyport (schema 99", "install that version");
  tamper("PRAGMA user_version = " + std::to_string(sqlite::migrations().size()));
  EXPECT_EQ(open().value()->load()->revision, Revision(1));
}

TEST_F(SqliteFile, RefusesAnotherProgramsFile) {
  tamper("CREATE TABLE bookmarks (url TEXT)");
  expect_refused(ErrorKind::kInvalidRequest, "did not make", "another data directory");
}

TEST_F(SqliteFile, NamesTheRowThatDoesNotDecode) {
  fill();
  tamper("UPDATE vpcs SET body = '{}'");
  tamper("UPDATE updates SET body = json_remove(body, '$.step')");
  auto store = open().value();
  const auto expect_named = [](const base::Error& error, const std::string& table, const std::string& key) {
    EXPECT_EQ(error.kind, ErrorKind::kCorrupt);
    EXPECT_THAT(error.message, AllOf(HasSubstr("table " + table), HasSubstr("key " + key)));
  };
  const model::ClusterName blue("blue");
  expect_named(store->load().error(), "vpcs", "vpc-1");
  expect_named(store->unfinished_updates().error(), "updates", "blue/u1");
  expect_named(store->find_update(blue, model::UpdateId("u1")).error(), "updates", "blue/u1");
  expect_named(store->find_update_by_token(blue, "t1").error(), "updates", "blue/u1");
  expect_named(store->list_updates(blue, std::nullopt, 10).error(), "updates", "blue/u1");
}

TEST_F(SqliteFile, RemembersABoundedNumberOfErasures) {
  auto store = open().value();
  Transaction made;
  Transaction erased;
  for (std::size_t i = 0; i <= base::limits::kErasuresRemembered; ++i) {
    made.puts.emplace_back(vpc("vpc-" + std::to_string(i)));
    erased.erases.emplace_back(model::VpcId("vpc-" + std::to_string(i)));
  }
  const Revision before = store->commit(made).value();
  const Revision after = store->commit(erased).value();
  store.reset();
  const auto kept = sqlite::Database::open(path()).value()->first_text("SELECT COUNT(*) FROM erasures");
  EXPECT_LE(std::stoul(kept.value()), base::limits::kErasuresRemembered);
  store = open().value();
  // The details are gone; what is missing counts as erased for whoever has read nothing newer.
  EXPECT_EQ(store->commit(based_on(before, puts({vpc("vpc-3")}))).error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(store->commit(based_on(after, puts({vpc("vpc-3")}))));
}

}  // namespace
}  // namespace sallyport::store
