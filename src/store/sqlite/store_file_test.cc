#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/test_folder.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/test_file.h"
#include "store/test_entities.h"
#include "store/test_process.h"

// The store's file among others: whose it is, where it may lie, and what a full disk or a kill does to it.
namespace sallyport::store {
namespace {

using namespace testing_entities;  // NOLINT: the words of these tests
using base::ErrorKind;
using model::Revision;
using sqlite::SqliteFile;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

TEST_F(SqliteFile, KeepsTheLastAuditEventsUpToTheLimit) {
  const auto happened = [](const std::string& action) {
    Transaction transaction;
    transaction.events.push_back(event(action));
    return transaction;
  };
  for (const char* action : {"first", "second", "third"})
    ASSERT_TRUE(open().value()->commit(happened(action)));
  // As if the limit had been reached since.
  tamper("UPDATE sqlite_sequence SET seq = " + std::to_string(base::limits::kAuditEvents + 1) +
         " WHERE name = 'audit_events'");
  auto store = open().value();
  ASSERT_TRUE(store->commit(happened("latest")));
  std::vector<std::string> kept;
  const auto events = store->recent_events(10).value();
  for (const AuditEvent& event : events)
    kept.push_back(event.action);
  EXPECT_THAT(kept, ElementsAre("latest", "third"));
}

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

TEST_F(SqliteFile, NeedsAFolder) {
  const std::string nowhere = folder() / "none/state.db";
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
  EXPECT_FALSE(std::filesystem::exists(folder() / "elsewhere"));
}

TEST_F(SqliteFile, MayLieBehindALinkedFolder) {
  std::filesystem::create_directory(folder() / "real");
  std::filesystem::create_directory_symlink("real", folder() / "link");
  const auto store = open_sqlite_store(folder() / "link/state.db");
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(open_sqlite_store(folder() / "real/state.db").error().kind, ErrorKind::kInUse);
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
    const base::TestFolder place;
    const std::string file = place / "state.db";
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

}  // namespace
}  // namespace sallyport::store
