#include "wire/json_value.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace sallyport::wire {
namespace {

TEST(JsonText, WritesEveryKindOfValue) {
  const Json json = JsonObject{{"null", Json()},
                               {"bool", true},
                               {"number", Json::number(18446744073709551615U)},
                               {"text", "a\"\\\n\x7f/é"},
                               {"list", JsonArray{1 == 1, "x", JsonObject{}}},
                               {"empty", JsonArray{}}};
  EXPECT_EQ(to_text(json), R"({"null":null,"bool":true,"number":18446744073709551615,"text":"a\"\\\u000a\u007f/é",)"
                           R"("list":[true,"x",{}],"empty":[]})");
}

TEST(JsonText, CanonicalFormIgnoresOrderAndNulls) {
  const Json a = JsonObject{{"b", "2"}, {"a", JsonObject{{"y", true}, {"x", Json()}}}};
  const Json b = JsonObject{{"a", JsonObject{{"y", true}}}, {"c", Json()}, {"b", "2"}};
  EXPECT_EQ(to_canonical_text(a), R"({"a":{"y":true},"b":"2"})");
  EXPECT_EQ(to_canonical_text(a), to_canonical_text(b));
  EXPECT_NE(to_text(a), to_text(b));
}

TEST(Utf8, CountsCodePointsAndRefusesWhatIsNone) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("aé€😀"), 4U);
  for (const char* bad : {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                          "\xC3", "\xE2\x82", "\xFF"}) {
    EXPECT_EQ(utf8_length(bad), std::nullopt) << testing::PrintToString(bad);
  }
  EXPECT_EQ(utf8_prefix("é\xC3"), 2U);
}

TEST(Utf8, ReplacesBadBytesAndNeverCutsACodePoint) {
  EXPECT_EQ(valid_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(shortened("ééé", 3), "é…");
  EXPECT_EQ(shortened("abc", 3), "abc");
}

RC_GTEST_PROP(JsonText, AnyStringReadsBackFromAnotherParser, (const std::string& bytes)) {
  const std::string text = to_text(Json(bytes));
  const boost::json::value parsed = boost::json::parse(text);
  RC_ASSERT(std::string(parsed.as_string()) == valid_utf8(bytes));
}

}  // namespace
}  // namespace sallyport::wire
