#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/test_config.h"

namespace sallyport::app {
namespace {

using testing::HasSubstr;

auto parse(const std::string& text) { return parse_config(text, "/conf/sallyport.toml", reader_of({})); }

std::string first_error(const std::string& text) {
  const auto parsed = parse(text);
  if (parsed) return "none";
  return describe(parsed.error().front(), "f");
}

TEST(AuditConfig, HasItsDefaults) {
  const auto config = parse("");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->audit.dir, "");
  EXPECT_EQ(config->audit.max_file_mib, 64U);
  EXPECT_EQ(config->audit.keep_mib, 4'096U);
  EXPECT_EQ(config->audit.keep_unauthenticated_mib, 256U);
}

TEST(AuditConfig, TakesWhatIsWritten) {
  const auto config =
      parse("[audit]\ndir = \"records\"\nmax_file_mib = 1\nkeep_mib = 2\nkeep_unauthenticated_mib = 3\n");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->audit.dir, "/conf/records");
  EXPECT_EQ(config->audit.max_file_mib, 1U);
  EXPECT_EQ(config->audit.keep_mib, 2U);
  EXPECT_EQ(config->audit.keep_unauthenticated_mib, 3U);
}

TEST(AuditConfig, RefusesWhatCannotBeKept) {
  EXPECT_THAT(first_error("[audit]\ndir = \"\"\n"), HasSubstr("f:2: [audit] dir = \"\": must name a folder"));
  EXPECT_THAT(first_error("[audit]\nmax_file_mib = 0\n"), HasSubstr("must be a whole number from 1 to 1024"));
  EXPECT_THAT(first_error("[audit]\nkeep_unauthenticated_mib = 1\n"), HasSubstr("from 2 to 1048576"));
  EXPECT_THAT(first_error("[audit]\nmax_file_mib = 100\nkeep_mib = 199\n"),
              HasSubstr("f:3: [audit] keep_mib = 199: must be at least twice max_file_mib, which is 100"));
  EXPECT_THAT(first_error("[audit]\nkeep_mib = 100\n"), HasSubstr("which is 64"));
  EXPECT_THAT(first_error("[audit]\nmax_files = 1\n"), HasSubstr("is not a key of [audit]"));
}

}  // namespace
}  // namespace sallyport::app
