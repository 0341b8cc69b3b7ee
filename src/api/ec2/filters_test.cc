#include "api/ec2/filters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sallyport::api::ec2 {
namespace {

using testing::HasSubstr;

Ec2Result<Filters> parsed(const wire::Pairs& pairs) {
  return Filters::parse(Params::of(pairs).value(), {"vpc-id", "state"});
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
