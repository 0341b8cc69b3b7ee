#include "iam/pattern.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace sallyport::iam {
namespace {

std::optional<std::string> nothing(std::string_view) { return std::nullopt; }

bool matches(std::string_view pattern, std::string_view text) { return Pattern::of(pattern, nothing)->matches(text); }

TEST(Pattern, Wildcards) {
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("", "a"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("*", "anything"));
  EXPECT_TRUE(matches("a?c", "abc"));
  EXPECT_FALSE(matches("a?c", "ac"));
  EXPECT_TRUE(matches("a*b*c", "a--b--b--c"));
  EXPECT_FALSE(matches("a*b*c", "a--c--b"));
  EXPECT_FALSE(matches("ABC", "abc"));
  EXPECT_TRUE(Pattern::of("eks:Describe*", nothing)->matches_ignoring_case("EKS:describecluster"));
}

TEST(Pattern, VariablesAreLiteral) {
  const auto lookup = [](std::string_view key) -> std::optional<std::string> {
    if (key == "aws:username") return "a*";
    return std::nullopt;
  };
  EXPECT_TRUE(Pattern::of("user/${aws:username}", lookup)->matches("user/a*"));
  EXPECT_FALSE(Pattern::of("user/${aws:username}", lookup)->matches("user/abc"));
  EXPECT_TRUE(Pattern::of("${aws:username}/*", lookup)->matches("a*/x"));
  EXPECT_FALSE(Pattern::of("${no:such}", lookup));
  EXPECT_TRUE(Pattern::of("${no:such, 'nobody'}", lookup)->matches("nobody"));
  EXPECT_TRUE(Pattern::of("${*}${?}${$}", lookup)->matches("*?$"));
  EXPECT_FALSE(Pattern::of("${*}", lookup)->matches("x"));
  EXPECT_TRUE(Pattern::of("${unclosed", lookup)->matches("${unclosed"));
  EXPECT_TRUE(Pattern::of("${aws:username}", lookup, false)->matches("${aws:username}"));
}

bool naive(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    return naive(pattern.substr(1), text) || (!text.empty() && naive(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
         naive(pattern.substr(1), text.substr(1));
}

RC_GTEST_PROP(PatternProperty, MatchesAsTheDefinitionDoes, ()) {
  const auto of = [](std::string_view letters, int longest) {
    std::string made;
    for (int left = *rc::gen::inRange(0, longest); left > 0; --left)
      made += letters[*rc::gen::inRange<std::size_t>(0, letters.size())];
    return made;
  };
  const std::string pattern = of("ab*?", 9);
  const std::string text = of("ab", 10);
  RC_ASSERT(matches(pattern, text) == naive(pattern, text));
}

TEST(Pattern, ManyStarsAreNoTrouble) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i)
    pattern += "*a";
  EXPECT_FALSE(matches(pattern + "b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace sallyport::iam
