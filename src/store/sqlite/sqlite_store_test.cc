#include "store/sqlite/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "base/limits.h"
#include "store/sqlite/database.h"
#include "store/store_contract.h"
#include "store/test_entities.h"
#include "store/test_process.h"

namespace sallyport::store {
namespace {

using namespace testing_entities;  // NOLINT: the words of these tests
using base::ErrorKind;
using model::Revision;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class SqliteHome final : public StoreHome {
 public:
  base::Result<std::unique_ptr<Store>> open() override { return open_sqlite_store(folder_.file("state.db")); }

 private:
  Folder folder_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract,
                         testing::Values(Backend{"Sqlite", [] { return std::make_unique<SqliteHome>(); }}),
                         name_of_backend);

class SqliteFile : public testing::Test {
 protected:
  const Folder& folder() const { return folder_; }
  std::string path() const { return folder_.file("state.db"); }
  auto open() const { return open_sqlite_store(path()); }

  // A store with something in it, closed again.
  void fill() const {
    auto store = open().value();
    Transaction first = puts({vpc("vpc-1"), subnet("subnet-1", "vpc-1"), cluster("blue"), update("blue", "u1", "t1")});
    for (int i = 0; i < 50; ++i)
      first.puts.emplace_back(cluster("c" + std::to_string(i)));
    ASSERT_TRUE(store->commit(first));
  }
  // As an operator with the sqlite3 tool, or a damage, would.
  void tamper(const std::string& sql) const {
    auto database = sqlite::Database::open(path()).value();
    const auto done = database->execute(sql);
    ASSERT_TRUE(done) << done.error().message;
  }
  void overwrite(std::streamoff at, const std::string& bytes) const {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
    ASSERT_TRUE(file.good());
  }
  void expect_refused(ErrorKind kind, const std::string& why, const std::string& remedy) const {
    const auto store = open();
    ASSERT_FALSE(store.has_value());
    EXPECT_EQ(store.error().kind, kind) << store.error().message;
    EXPECT_THAT(store.error().message, AllOf(HasSubstr(path()), HasSubstr(why), HasSubstr(remedy)));
  }
  void expect_damaged(const std::string& why = {}) const {
    expect_refused(ErrorKind::kCorrupt, why, "put the last backup in its place");
  }

 private:
  Folder folder_;
};

TEST_F(SqliteFile, IsPrivateWhateverTheUmask) {
  const mode_t before = ::umask(0);
  const auto store = open();
  ::umask(before);
  ASSERT_TRUE(store);
  ASSERT_TRUE((*store)->commit({}));
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder().path())) {
    names.push_back(entry.path().filename());
    struct stat about {};
    ASSERT_EQ(::stat(entry.path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600U) << entry.path();
  }
  EXPECT_THAT(names, UnorderedElementsAre("state.db", "state.db-wal", "state.db-shm", "state.db.lock"));
}

TEST_F(SqliteFile, MakesAnExistingFilePrivate) {
  fill();
  ASSERT_EQ(::chmod(path().c_str(), 0644), 0);
  ASSERT_TRUE(open());
  struct stat about {};
  ASSERT_EQ(::stat(path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(SqliteFile, ServesOneStoreAtATime) {
  const auto first = open();
  ASSERT_TRUE(first);
  expect_refused(ErrorKind::kInUse, "another process holds", "stop the other");
  EXPECT_EQ((*first)->commit({}), Revision(1)) << "the first goes on";
}

TEST_F(SqliteFile, ServesOneProcessAtATimeAndIsFreeAfterItsKill) {
  Child other([&](int out) {
    const auto store = open();
    write_all(out, store ? "open" : "none");
    while (true)
      ::pause();
  });
  ASSERT_EQ(other.read(4), "open");
  expect_refused(ErrorKind::kInUse, "another process holds", "stop the other");
  other.kill();
  EXPECT_TRUE(open());
}

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
  tamper("PRAGMA user_version = 1");
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

TEST_F(SqliteFile, NeedsAFolder) {
  const std::string nowhere = folder().file("none/state.db");
  const auto store = open_sqlite_store(nowhere);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::kUnavailable);
  EXPECT_THAT(store.error().message, AllOf(HasSubstr(nowhere), HasSubstr("must exist")));
}

TEST_F(SqliteFile, IsARegularFileByItsOwnName) {
  std::filesystem::create_directory(path());
  expect_refused(ErrorKind::kUnavailable, "Is a directory", "");
  std::filesystem::remove(path());
  std::filesystem::create_symlink("elsewhere", path());
  expect_refused(ErrorKind::kUnavailable, "cannot open", "");
  EXPECT_FALSE(std::filesystem::exists(folder().file("elsewhere")));
}

TEST_F(SqliteFile, MayLieBehindALinkedFolder) {
  std::filesystem::create_directory(folder().file("real"));
  std::filesystem::create_directory_symlink("real", folder().file("link"));
  const auto store = open_sqlite_store(folder().file("link/state.db"));
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(open_sqlite_store(folder().file("real/state.db")).error().kind, ErrorKind::kInUse);
}

TEST_F(SqliteFile, ReadOnlyFolderIsAClearRefusal) {
  ASSERT_EQ(::chmod(folder().path().c_str(), 0555), 0);
  const std::string said = in_child([&]() -> std::string {
    constexpr uid_t kNobody = 65'534;
    // Permissions do not bind root.
    if (::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) return "setresuid";
    const auto store = open();
    if (store) return "opened";
    return std::string(base::to_string(store.error().kind)) + ": " + store.error().message;
  });
  ::chmod(folder().path().c_str(), 0755);
  EXPECT_THAT(said, AllOf(HasSubstr("unavailable: "), HasSubstr(path()), HasSubstr("Permission denied"),
                          HasSubstr("writable")));
}

// A file size limit stands for a full disk: the write that needs more fails.
TEST_F(SqliteFile, AFullDiskChangesNothingAndPasses) {
  const std::string said = in_child([&]() -> std::string {
    ::signal(SIGXFSZ, SIG_IGN);
    auto store = open().value();
    if (!store->commit(puts({cluster("blue", "before")}))) return "first commit";
    const rlimit full{.rlim_cur = std::filesystem::file_size(path() + "-wal") + 6'000, .rlim_max = RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &full) != 0) return "setrlimit";
    const auto refused = store->commit(puts({cluster("blue", "after"), cluster("green", std::string(100'000, 'x'))}));
    if (refused) return "committed";
    if (refused.error().kind != ErrorKind::kUnavailable) return refused.error().message;
    const auto all = store->load();
    if (!all) return "load: " + all.error().message;
    if (all->clusters != std::vector{cluster("blue", "before")} || all->revision != Revision(1)) return "changed";

    const rlimit free{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &free) != 0) return "setrlimit";
    const auto next = store->commit(puts({cluster("blue", "after")}));
    return next == Revision(2) ? "ok" : "no commit after";
  });
  EXPECT_EQ(said, "ok");
  EXPECT_THAT(open().value()->load()->clusters, ElementsAre(cluster("blue", "after")));
}

TEST_F(SqliteFile, AFullDiskAtTheFirstStartLeavesRoomForTheNext) {
  const std::string said = in_child([&]() -> std::string {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit full{.rlim_cur = 10'000, .rlim_max = RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &full) != 0) return "setrlimit";
    const auto store = open();
    return store ? "opened" : std::string(base::to_string(store.error().kind));
  });
  EXPECT_EQ(said, "unavailable");
  EXPECT_TRUE(open());
}

TEST_F(SqliteFile, AKillDuringCreationLeavesRoomForTheNext) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 15; ++round) {
    const Folder place;
    const std::string file = place.file("state.db");
    Child creator([&](int out) {
      write_all(out, "go");
      const auto store = open_sqlite_store(file);
      while (true)
        ::pause();
    });
    ASSERT_EQ(creator.read(2), "go");
    const timespec pause{.tv_sec = 0, .tv_nsec = static_cast<long>(random() % 20'000'000)};
    ::nanosleep(&pause, nullptr);
    creator.kill();
    const auto store = open_sqlite_store(file);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ((*store)->commit({}), Revision(1));
    EXPECT_FALSE(std::filesystem::exists(file + ".new"));
  }
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
