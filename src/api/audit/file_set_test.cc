#include "api/audit/file_set.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "api/audit/file_test_folder.h"

namespace sallyport::api::audit {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const std::string kFirst = "000000000000_us-east-1_20261124T143000Z_000.jsonl";

class FileSetTest : public AuditFilesTest {};

TEST_F(FileSetTest, AppendsForThisUserAlone) {
  FileSet files(config(), clock_);
  ASSERT_TRUE(files.append("one\n"));
  ASSERT_TRUE(files.append("two\n"));
  EXPECT_THAT(names(), ElementsAre(kFirst));
  EXPECT_EQ(all_text(), "one\ntwo\n");
  struct stat found {};
  ASSERT_EQ(::stat(folder_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat((folder_ + "/" + kFirst).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(FileSetTest, BeginsAnotherEachDayAndPastTheSize) {
  FileSet files(config(10), clock_);
  ASSERT_TRUE(files.append("12345678\n"));
  ASSERT_TRUE(files.append("next\n"));
  clock_.time += 10h;
  ASSERT_TRUE(files.append("day\n"));
  clock_.time -= 48h;
  ASSERT_TRUE(files.append("back in time\n"));
  EXPECT_THAT(names(), ElementsAre(kFirst, "000000000000_us-east-1_20261124T143000Z_001.jsonl",
                                   "000000000000_us-east-1_20261125T003000Z_000.jsonl",
                                   "000000000000_us-east-1_20261125T003000Z_001.jsonl"));
  EXPECT_EQ(all_text(), "12345678\nnext\nday\nback in time\n");
}

TEST_F(FileSetTest, GoesOnWhereAnotherProcessEnded) {
  ASSERT_TRUE(FileSet(config(), clock_).append("one\n"));
  clock_.time += 1h;
  ASSERT_TRUE(FileSet(config(), clock_).append("two\n"));
  EXPECT_THAT(names(), ElementsAre(kFirst));
  clock_.time += 24h;
  ASSERT_TRUE(FileSet(config(), clock_).append("three\n"));
  EXPECT_THAT(names(), SizeIs(2));
  EXPECT_EQ(all_text(), "one\ntwo\nthree\n");
}

TEST_F(FileSetTest, EndsALineThatACrashTore) {
  put(kFirst, "one\n{\"torn");
  ASSERT_TRUE(FileSet(config(), clock_).append("two\n"));
  EXPECT_EQ(all_text(), "one\n{\"torn\ntwo\n");
}

TEST_F(FileSetTest, RemovesTheOldestPastTheSumAndNothingElse) {
  put("notes.txt", std::string(10'000, 'x'));
  FileSet files(config(100, 500), clock_);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(files.append(std::string(98, static_cast<char>('a' + i)) + "\n"));
    std::uintmax_t total = 0;
    for (const std::string& name : names())
      total += std::filesystem::file_size(folder_ + "/" + name);
    EXPECT_LE(total, 500U);
  }
  EXPECT_EQ(all_text().substr(0, 1), "p") << "five files of the newest are left";
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/notes.txt"));
}

TEST_F(FileSetTest, LeavesNothingOfALineThatDidNotFit) {
  FileSet files(config(), clock_);
  ASSERT_TRUE(files.append("one\n"));
  {
    const FullDisk full(8);
    const auto refused = files.append("too long by far\n");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("File too large"));
    EXPECT_EQ(all_text(), "one\n");
  }
  ASSERT_TRUE(files.append("two\n"));
  EXPECT_EQ(all_text(), "one\ntwo\n");
}

TEST_F(FileSetTest, MakesTheFolderAgainAndSeesWhatTookItsPlace) {
  FileSet files(config(), clock_);
  ASSERT_TRUE(files.append("one\n"));
  std::filesystem::remove_all(folder_);
  ASSERT_TRUE(files.append("two\n"));
  EXPECT_EQ(all_text(), "two\n");

  std::filesystem::rename(folder_, root_ / "moved");
  std::ofstream(folder_) << "a file";
  EXPECT_FALSE(files.append("three\n"));
  EXPECT_FALSE(files.open());
  std::filesystem::remove(folder_);
  std::filesystem::rename(root_ / "moved", folder_);
  ASSERT_TRUE(files.append("four\n"));
  EXPECT_EQ(all_text(), "two\nfour\n");
}

TEST_F(FileSetTest, AFolderIsOneProcessesAndOthersMayNotWriteThere) {
  FileSet files(config(), clock_);
  ASSERT_TRUE(files.open());
  const auto second = FileSet(config(), clock_).open();
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("in use by another Sallyport"));

  std::filesystem::create_directories(root_ / "shared");
  ::chmod((root_ / "shared").c_str(), 0777);
  FileSetConfig shared = config();
  shared.folder = root_ / "shared";
  EXPECT_THAT(FileSet(shared, clock_).open().error().message, HasSubstr("chmod 700"));
}

TEST_F(FileSetTest, FollowsNoLinkOutOfTheFolder) {
  const std::string victim = root_ / "victim";
  std::ofstream(victim) << "precious\n";
  std::filesystem::create_directories(folder_);
  std::filesystem::create_symlink(victim, folder_ + "/" + kFirst);
  ASSERT_TRUE(FileSet(config(), clock_).append("one\n"));
  EXPECT_EQ(text_of(victim), "precious\n");
}

TEST_F(FileSetTest, AbandonsAFileThatMayHaveLostSomething) {
  FileSet files(config(), clock_);
  ASSERT_TRUE(files.append("one\n"));
  files.abandon();
  ASSERT_TRUE(files.append("two\n"));
  EXPECT_THAT(names(), SizeIs(2));
}

}  // namespace
}  // namespace sallyport::api::audit
