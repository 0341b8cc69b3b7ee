#include "provider/rotating_log.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "provider/files.h"

namespace sallyport::provider {
namespace {

TEST(RotatingLog, KeepsTwoFilesOfItsLimit) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const std::string path = folder / "log";
  RotatingLog log(path, 10);
  log.append("12345\n");
  log.append("678\n");
  EXPECT_EQ(*read_file(path), "12345\n678\n");
  log.append("a\n");
  EXPECT_EQ(*read_file(path + ".1"), "12345\n678\n");
  EXPECT_EQ(*read_file(path), "a\n");
  log.append("bcdefghij\n");
  EXPECT_EQ(*read_file(path + ".1"), "a\n");
  EXPECT_EQ(*read_file(path), "bcdefghij\n");
}

TEST(RotatingLog, DropsWhatIsLongerThanItsLimit) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  RotatingLog log(folder / "log", 10);
  log.append("12345678901");
  EXPECT_EQ(*read_file(folder / "log"), "");
  log.append("1");
  EXPECT_EQ(*read_file(folder / "log"), "1");
}

TEST(RotatingLog, GoesOnWhereItWas) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  RotatingLog(folder / "log", 10).append("12345678");
  RotatingLog(folder / "log", 10).append("abc");
  EXPECT_EQ(*read_file(folder / "log"), "abc");
  EXPECT_EQ(*read_file(folder / "log.1"), "12345678");
}

TEST(RotatingLog, AFolderThatIsGoneIsNoReasonToFail) {
  RotatingLog log("/nonexistent/folder/log", 10);
  log.append("x");
  log.line("y");
}

TEST(RotatingLog, ALineCarriesTheTime) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  RotatingLog log(folder / "log", 1'000);
  log.line("started");
  const std::string text = *read_file(folder / "log");
  EXPECT_EQ(text.size(), std::string("2026-11-25T10:50:42.840Z started\n").size()) << text;
  EXPECT_TRUE(text.ends_with("Z started\n"));
}

}  // namespace
}  // namespace sallyport::provider
