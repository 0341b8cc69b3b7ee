#include "api/audit/file_name.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::api::audit {
namespace {

TEST(AuditFileName, SaysWhenAndComesBack) {
  const FileName name = FileName::of("000000000000", "us-east-1", "20261124T143000Z", 7);
  EXPECT_EQ(name.text, "000000000000_us-east-1_20261124T143000Z_007.jsonl");
  EXPECT_EQ(FileName::parse(name.text), name);
  EXPECT_EQ(FileName::parse(FileName::of("000000000000", "x", "20261124T143000Z", 12345).text)->number, 12345U);
}

TEST(AuditFileName, OtherFilesAreNone) {
  for (const char* text :
       {"", ".jsonl", "notes.jsonl", "000000000000_us-east-1_20261124T143000Z_007.json",
        "000000000000_us-east-1_20261324T143000Z_007.jsonl", "_us-east-1_20261124T143000Z_007.jsonl",
        "000000000000_us-east-1_20261124T143000Z_.jsonl", "000000000000_us-east-1_20261124T143000Z_1x.jsonl",
        "00000000000a_us-east-1_20261124T143000Z_007.jsonl", "20261124T143000Z_007.jsonl",
        "000000000000_20261124T143000Z_007.jsonl"}) {
    EXPECT_FALSE(FileName::parse(text)) << text;
  }
}

TEST(AuditFileName, SortsByTimeThenNumberWhateverTheAccount) {
  const FileName first = FileName::of("900000000000", "us-east-1", "20261124T143000Z", 9);
  const FileName second = FileName::of("000000000000", "us-east-1", "20261124T143000Z", 10);
  const FileName third = FileName::of("000000000000", "eu-west-1", "20261125T000000Z", 0);
  std::vector<FileName> names{third, second, first};
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<FileName>{first, second, third}));
}

}  // namespace
}  // namespace sallyport::api::audit
