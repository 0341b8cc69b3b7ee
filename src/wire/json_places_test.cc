#include "wire/json_places.h"

#include <gtest/gtest.h>

namespace sallyport::wire {
namespace {

TEST(JsonLine, OfEachValue) {
  constexpr const char* kText = "{\n \"a\": {\"b\":\n [1, \"x\",\n {\"c:d\": null}]},\n \"e\"\n:\ntrue}";
  EXPECT_EQ(json_line(kText, ""), 1U);
  EXPECT_EQ(json_line(kText, "a"), 2U);
  EXPECT_EQ(json_line(kText, "a.b"), 3U);
  EXPECT_EQ(json_line(kText, "a.b[0]"), 3U);
  EXPECT_EQ(json_line(kText, "a.b[1]"), 3U);
  EXPECT_EQ(json_line(kText, "a.b[2]"), 4U);
  EXPECT_EQ(json_line(kText, "a.b[2].c:d"), 4U);
  EXPECT_EQ(json_line(kText, "e"), 7U);
}

TEST(JsonLine, OfWhatIsNotThereIsTheFirst) {
  EXPECT_EQ(json_line("{\n\"a\": 1}", "b"), 1U);
  EXPECT_EQ(json_line("", "a"), 1U);
  EXPECT_EQ(json_line("\n{\"a\" 1}", "a"), 1U);
}

}  // namespace
}  // namespace sallyport::wire
