#include "app/data_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(DataDir, IsMadePrivateAndLocked) {
  const base::TestFolder folder;
  const DataPaths paths{folder.path() + "/a/b"};
  {
    const auto held = take_data_dir(paths);
    ASSERT_TRUE(held) << held.error().message;
    struct stat found {};
    ASSERT_EQ(::stat(paths.root.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0700U);

    const auto second = take_data_dir(paths);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, base::ErrorKind::kInUse);
    EXPECT_THAT(second.error().message,
                AllOf(HasSubstr(paths.root), HasSubstr("process " + std::to_string(::getpid()))));
  }
  EXPECT_TRUE(take_data_dir(paths)) << "the lock outlived its owner";
}

TEST(DataDir, AFolderOthersMayWriteToIsRefused) {
  const base::TestFolder folder;
  ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
  const auto taken = take_data_dir({folder.path()});
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("chmod 700 " + folder.path()));
}

TEST(DataDir, AFileInItsPlaceIsRefused) {
  const base::TestFolder folder;
  const auto taken = take_data_dir({folder.write("file", "")});
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("is not a folder"));
}

TEST(DataDir, IsChosenByOptionThenEnvironment) {
  ::setenv("SALLYPORT_DATA_DIR", "/from/environment", 1);
  EXPECT_EQ(chosen_data_dir("/from/option"), "/from/option");
  EXPECT_EQ(chosen_data_dir(""), "/from/environment");
  ::unsetenv("SALLYPORT_DATA_DIR");
  EXPECT_EQ(chosen_data_dir(""), "/var/lib/sallyport");
}

TEST(SocketPath, ALongPathGetsAShortName) {
  const base::TestFolder folder;
  const std::string deep = folder.path() + "/" + std::string(120, 'd');
  ASSERT_EQ(::mkdir(deep.c_str(), 0700), 0);
  const auto path = SocketPath::of(deep + "/control.sock");
  ASSERT_TRUE(path);
  EXPECT_LT(path->str().size(), 108U);
  std::ofstream(path->str()) << "x";
  EXPECT_TRUE(std::filesystem::exists(deep + "/control.sock"));
  EXPECT_EQ(SocketPath::of("/short/control.sock").value().str(), "/short/control.sock");
  EXPECT_FALSE(SocketPath::of("/absent/" + std::string(120, 'd') + "/control.sock"));
}

}  // namespace
}  // namespace sallyport::app
