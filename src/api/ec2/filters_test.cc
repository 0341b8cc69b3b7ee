#include "api/ec2/filters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sallyport::api::ec2 {
namespace {

using testing::HasSubstr;

Ec2Result<Filters> parsed(const wire::Pairs& pairs) {
  return Filters::parse(params_of(pairs).value(), {"vpc-id", "state"});
}

TEST(Filters, AndBetweenFiltersOrBetweenValues) {
  const auto filters = parsed({{"Filter.1.Name", "vpc-id"},
                               {"Filter.1.Value.1", "vpc-1"},
                               {"Filter.1.Value.2", "vpc-2"},
                               {"Filter.2.Name", "state"},
                               {"Filter.2.Value.1", "available"}})
                           .value();
  EXPECT_TRUE(filters.match({{"vpc-id", "vpc-2"}, {"state", "available"}}));
  EXPECT_FALSE(filters.match({{"vpc-id", "vpc-2"}, {"state", "pending"}}));
  EXPECT_FALSE(filters.match({{"vpc-id", "vpc-3"}, {"state", "available"}}));
  EXPECT_FALSE(filters.match({{"state", "available"}}));
  EXPECT_TRUE(parsed({}).value().match({}));
}

TEST(Filters, ByTag) {
  Facts facts;
  add_tags(facts, {{"Name", "prod"}, {"Owner", "net"}});
  EXPECT_TRUE(parsed({{"Filter.1.Name", "tag:Name"}, {"Filter.1.Value.1", "pr*"}}).value().match(facts));
  EXPECT_FALSE(parsed({{"Filter.1.Name", "tag:Name"}, {"Filter.1.Value.1", "Prod"}}).value().match(facts));
  EXPECT_TRUE(parsed({{"Filter.1.Name", "tag-key"}, {"Filter.1.Value.1", "Owner"}}).value().match(facts));
}

TEST(Filters, RefusesUnknownNamesMissingValuesAndTooMany) {
  const auto unknown = parsed({{"Filter.1.Name", "colour"}, {"Filter.1.Value.1", "red"}});
  EXPECT_EQ(unknown.error().code, "InvalidParameterValue");
  EXPECT_THAT(unknown.error().message, HasSubstr("'colour'"));
  EXPECT_THAT(parsed({{"Filter.1.Name", "state"}}).error().message, HasSubstr("has no value"));
  EXPECT_EQ(parsed({{"Filter.1.Value.1", "x"}}).error().code, "MissingParameter");
  wire::Pairs many{{"Filter.1.Name", "state"}};
  for (int i = 1; i <= 201; ++i)
    many.emplace_back("Filter.1.Value." + std::to_string(i), "x");
  EXPECT_EQ(parsed(many).error().code, "FilterLimitExceeded");
}

TEST(Filters, PlainValuesAndPatternsStandTogether) {
  const auto filters = parsed({{"Filter.1.Name", "state"},
                               {"Filter.1.Value.1", "available"},
                               {"Filter.1.Value.2", "pend*"},
                               {"Filter.1.Value.3", R"(a\*b)"}})
                           .value();
  for (const char* state : {"available", "pending", "a*b"})
    EXPECT_TRUE(filters.match({{"state", state}})) << state;
  for (const char* state : {"Available", "availabl", "axb", R"(a\*b)"})
    EXPECT_FALSE(filters.match({{"state", state}})) << state;
}

TEST(Filters, AdmitsAValueThatEveryFilterOfTheNameTakes) {
  const auto filters = parsed({{"Filter.1.Name", "vpc-id"},
                               {"Filter.1.Value.1", "vpc-1*"},
                               {"Filter.2.Name", "vpc-id"},
                               {"Filter.2.Value.1", "vpc-12"},
                               {"Filter.2.Value.2", "vpc-2"}})
                           .value();
  EXPECT_TRUE(filters.admits("vpc-id", "vpc-12"));
  EXPECT_FALSE(filters.admits("vpc-id", "vpc-2"));
  EXPECT_FALSE(filters.admits("vpc-id", "vpc-13"));
  EXPECT_TRUE(filters.admits("state", "anything")) << "nothing is asked of it";
}

TEST(Filters, WildcardsAreLimitedInARequestAndPlainValuesInAFilter) {
  const auto ask = [](int of_first, int of_second, const std::string& value) {
    wire::Pairs pairs{{"Filter.1.Name", "state"}, {"Filter.2.Name", "vpc-id"}};
    for (int i = 1; i <= of_first; ++i)
      pairs.emplace_back("Filter.1.Value." + std::to_string(i), value + std::to_string(i));
    for (int i = 1; i <= of_second; ++i)
      pairs.emplace_back("Filter.2.Value." + std::to_string(i), value + std::to_string(i));
    return parsed(pairs);
  };
  EXPECT_TRUE(ask(200, 200, "x"));
  EXPECT_TRUE(ask(199, 1, "x*"));
  for (const char* value : {"x*", "x?", R"(x\)"}) {
    const auto refused = ask(200, 1, value);
    EXPECT_EQ(refused.error().code, "FilterLimitExceeded") << value;
    EXPECT_THAT(refused.error().message, HasSubstr("201")) << value;
  }
}

TEST(WildcardMatch, AsTheReferenceSays) {
  EXPECT_TRUE(wildcard_match("*", ""));
  EXPECT_TRUE(wildcard_match("a?c*", "abcdef"));
  EXPECT_FALSE(wildcard_match("a?c", "ac"));
  EXPECT_TRUE(wildcard_match("*.internal", "x.y.internal"));
  EXPECT_FALSE(wildcard_match("", "a"));
  EXPECT_TRUE(wildcard_match(R"(\*amazon\?\\)", R"(*amazon?\)"));
  EXPECT_FALSE(wildcard_match(R"(\*)", "x"));
}

TEST(WildcardMatch, TakesNoExponentialTime) {
  std::string stars;
  for (int i = 0; i < 1'000; ++i)
    stars += "*a";
  EXPECT_FALSE(wildcard_match(stars + "b", std::string(2'000, 'a')));
}

}  // namespace
}  // namespace sallyport::api::ec2
