#include "provider/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test_folder.h"

namespace sallyport::provider {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 ? found.st_mode & 07777U : 0U;
}

ino_t inode_of(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

TEST(Files, AreReplacedWholeAndThisUsersAlone) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const std::string path = folder / "file";
  EXPECT_EQ(read_file(path).error().kind, base::ErrorKind::kNotFound);
  ASSERT_TRUE(write_file(path, "one"));
  EXPECT_EQ(mode_of(path), 0600U);
  // As an interrupted writer left it, and as one may try to have it written elsewhere.
  ASSERT_EQ(::symlink((folder / "elsewhere").c_str(), (path + ".new").c_str()), 0);
  ASSERT_TRUE(write_file(path, "two"));
  EXPECT_EQ(*read_file(path), "two");
  EXPECT_FALSE(exists(folder / "elsewhere"));
  EXPECT_FALSE(exists(path + ".new"));
}

TEST(Files, AreLeftAloneWhereTheyAreAsWanted) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const std::string path = folder / "file";
  ASSERT_TRUE(keep_file(path, "one"));
  const auto before = inode_of(path);
  ASSERT_TRUE(keep_file(path, "one"));
  EXPECT_EQ(inode_of(path), before);
  ASSERT_TRUE(keep_file(path, "two"));
  EXPECT_EQ(*read_file(path), "two");
}

TEST(Files, AreReadUpToALimitAndNotThroughLinks) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  ASSERT_TRUE(write_file(folder / "long", std::string(base::limits::kProviderFileBytes + 1, 'x')));
  EXPECT_EQ(read_file(folder / "long").error().kind, base::ErrorKind::kCorrupt);
  ASSERT_EQ(::symlink((folder / "long").c_str(), (folder / "link").c_str()), 0);
  EXPECT_FALSE(read_file(folder / "link"));
}

TEST(Files, ATailStartsWithALine) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  EXPECT_EQ(tail_of(folder / "none", 10), "");
  ASSERT_TRUE(write_file(folder / "log", "first line\nsecond\nthird\n"));
  EXPECT_EQ(tail_of(folder / "log", 1'000), "first line\nsecond\nthird");
  EXPECT_EQ(tail_of(folder / "log", 15), "second\nthird");
}

TEST(Folders, AreThisUsersAloneAndOthersAreRefused) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const std::string path = folder / "a/b";
  ASSERT_TRUE(make_folder(path));
  EXPECT_EQ(mode_of(path), 0700U);
  ASSERT_TRUE(make_folder(path));
  ASSERT_EQ(::chmod(path.c_str(), 0770), 0);
  const auto open = make_folder(path);
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().message.find("chmod 700 " + path), std::string::npos);
  ASSERT_TRUE(write_file(folder / "file", ""));
  EXPECT_FALSE(make_folder(folder / "file"));
  const auto within = make_folder(folder / "file/a/b");
  ASSERT_FALSE(within);
  EXPECT_NE(within.error().message.find("Not a directory"), std::string::npos) << within.error().message;
  ASSERT_EQ(::symlink("/tmp", (folder / "link").c_str()), 0);
  EXPECT_FALSE(make_folder(folder / "link"));
}

TEST(Folders, AreRemovedWithoutFollowingLinks) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  ASSERT_TRUE(make_folder(folder / "kept"));
  ASSERT_TRUE(write_file(folder / "kept/file", "x"));
  ASSERT_TRUE(make_folder(folder / "gone"));
  ASSERT_EQ(::symlink((folder / "kept").c_str(), (folder / "gone/link").c_str()), 0);
  ASSERT_TRUE(remove_folder(folder / "gone"));
  EXPECT_FALSE(exists(folder / "gone"));
  EXPECT_TRUE(exists(folder / "kept/file"));
  EXPECT_TRUE(remove_folder(folder / "gone"));
}

}  // namespace
}  // namespace sallyport::provider
