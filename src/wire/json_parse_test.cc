#include "wire/json_parse.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"

namespace sallyport::wire {
namespace {

std::string refusal(std::string_view text) {
  const auto json = parse_json(text);
  if (json) return "accepted";
  EXPECT_EQ(json.error().kind, base::ErrorKind::kCorrupt);
  return json.error().message;
}

TEST(JsonParse, KeepsOrderNumbersAndEscapes) {
  const auto json = parse_json(" {\"z\":[1,-2.50,1e3,18446744073709551616],\"a\":\"\\u00e9\\n\",\"n\":null} \n");
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ(to_text(*json), "{\"z\":[1,-2.50,1e3,18446744073709551616],\"a\":\"é\\u000a\",\"n\":null}");
}

TEST(JsonParse, SaysWhereItGoesWrong) {
  EXPECT_EQ(refusal("{\"a\": 1,}"), "syntax error at line 1, column 9");
  EXPECT_EQ(refusal("{\n  \"a\": tru\n}"), "syntax error at line 2, column 8");
  EXPECT_EQ(refusal("{} {}"), "extra data at line 1, column 4");
  EXPECT_EQ(refusal("{\"a\":\"\xC3\x28\"}"), "not UTF-8 at line 1, column 7");
  EXPECT_EQ(refusal("{\"a\":1,\n\"b\":{\"c\":1,\"c\":2}}"),
            "the member 'c' is given twice in the object that ends at line 2, column 17");
  EXPECT_EQ(refusal("{\"a\":1,\"\\u0061\":2}").substr(0, 29), "the member 'a' is given twice");
}

TEST(JsonParse, RefusesWhatIsNotStrictJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\"}", "nul", "'a'", "{a:1}", "// x\n{}", "\"\\ud800\"", "01", "\"\t\"",
                           "NaN", "{\"a\":1}}", "\xEF\xBB\xBF{}"}) {
    EXPECT_NE(refusal(text), "accepted") << text;
  }
}

TEST(JsonParse, LimitsDepth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json(nested(base::limits::kJsonDepth)));
  EXPECT_EQ(refusal(nested(base::limits::kJsonDepth + 1)).substr(0, 28), "nested deeper than 32 levels");
  EXPECT_NE(refusal(std::string(1'000'000, '[')), "accepted");
}

TEST(JsonParse, ManyMembersAreNoTrap) {
  std::string text = "{";
  for (int i = 0; i < 80'000; ++i)
    text += "\"k" + std::to_string(i) + "\":1,";
  text += "\"k0\":1}";
  EXPECT_EQ(refusal(text).substr(0, 31), "the member 'k0' is given twice ");
}

Json arbitrary_json(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 6 : 4)) {
    case 0: return {};
    case 1: return *rc::gen::arbitrary<bool>();
    case 2: return Json::number(*rc::gen::arbitrary<std::uint64_t>());
    case 3: return valid_utf8(*rc::gen::arbitrary<std::string>());
    case 4: {
      JsonArray array;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        array.push_back(arbitrary_json(depth - 1));
      return array;
    }
    default: {
      JsonObject object;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        object.push_back(
            {std::to_string(i) + valid_utf8(*rc::gen::arbitrary<std::string>()), arbitrary_json(depth - 1)});
      }
      return object;
    }
  }
}

RC_GTEST_PROP(JsonParse, ReadsBackWhatIsWritten, ()) {
  const Json json = arbitrary_json(4);
  const auto parsed = parse_json(to_text(json));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == json);
}

RC_GTEST_PROP(JsonParse, AnyBytesAreAValueOrARefusal, (const std::string& bytes)) {
  const auto json = parse_json(bytes);
  if (!json) RC_ASSERT(!json.error().message.empty());
}

}  // namespace
}  // namespace sallyport::wire
