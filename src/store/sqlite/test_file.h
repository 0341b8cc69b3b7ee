#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <ios>
#include <string>

#include "base/result.h"
#include "base/test_folder.h"
#include "store/sqlite/database.h"
#include "store/sqlite/sqlite_store.h"
#include "store/test_entities.h"

namespace sallyport::store::sqlite {

// A folder for one store's file, and the file as others see it.
class SqliteFile : public testing::Test {
 protected:
  const base::TestFolder& folder() const { return folder_; }
  std::string path() const { return folder_ / "state.db"; }
  auto open() const { return open_sqlite_store(path()); }

  // A store with something in it, closed again.
  void fill() const {
    using namespace testing_entities;  // NOLINT: the words of tests
    auto store = open().value();
    Transaction first = puts({vpc("vpc-1"), subnet("subnet-1", "vpc-1"), cluster("blue"), update("blue", "u1", "t1")});
    for (int i = 0; i < 50; ++i)
      first.puts.emplace_back(cluster("c" + std::to_string(i)));
    ASSERT_TRUE(store->commit(first));
  }
  // As an operator with the sqlite3 tool, or a damage, would.
  void tamper(const std::string& sql) const {
    auto database = Database::open(path()).value();
    const auto done = database->execute(sql);
    ASSERT_TRUE(done) << done.error().message;
  }
  void overwrite(std::streamoff at, const std::string& bytes) const {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
    ASSERT_TRUE(file.good());
  }
  void expect_refused(base::ErrorKind kind, const std::string& why, const std::string& remedy) const {
    const auto store = open();
    ASSERT_FALSE(store.has_value());
    EXPECT_EQ(store.error().kind, kind) << store.error().message;
    EXPECT_THAT(store.error().message,
                testing::AllOf(testing::HasSubstr(path()), testing::HasSubstr(why), testing::HasSubstr(remedy)));
  }
  void expect_damaged(const std::string& why = {}) const {
    expect_refused(base::ErrorKind::kCorrupt, why, "put the last backup in its place");
  }

 private:
  base::TestFolder folder_;
};

}  // namespace sallyport::store::sqlite
