#include "api/query_params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::api {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Checked<QueryParams> of(const wire::Pairs& pairs) {
  return QueryParams::of(pairs, {"InvalidParameterValue", "MissingParameter"});
}

TEST(QueryParams, AnEmptyValueIsNotGiven) {
  const auto params = of({{"A", ""}, {"B", "b"}}).value();
  EXPECT_FALSE(params.text("A"));
  EXPECT_EQ(params.text_or("A", "x"), "x");
  EXPECT_EQ(params.text("B"), "b");
  EXPECT_EQ(params.required("A").error().code, "MissingParameter");
}

TEST(QueryParams, TypedValues) {
  const auto params = of({{"T", "true"}, {"F", "False"}, {"N", "12"}, {"Bad", "12x"}}).value();
  EXPECT_EQ(params.boolean("T").value(), true);
  EXPECT_EQ(params.boolean("F").value(), false);
  EXPECT_EQ(params.boolean("None").value(), std::nullopt);
  EXPECT_EQ(params.boolean("N").error().code, "InvalidParameterValue");
  EXPECT_EQ(params.number("N", 1, 12).value(), 12);
  EXPECT_THAT(params.number("N", 1, 11).error().message, HasSubstr("from 1 to 11"));
  EXPECT_FALSE(params.number("Bad", 0, 100));
}

TEST(QueryParams, TextsHaveALimitInCharacters) {
  const auto params = of({{"A.Fits", "\u00e9\u00e9\u00e9"}, {"A.Long", "four"}, {"A.Empty", ""}}).value();
  const QueryParams below = params.under("A");
  EXPECT_EQ(below.text_within("Fits", 3).value(), "\u00e9\u00e9\u00e9");
  EXPECT_EQ(below.text_within("Empty", 3).value(), std::nullopt);
  const auto refused = below.text_within("Long", 3);
  EXPECT_EQ(refused.error().code, "InvalidParameterValue");
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("(four)"), HasSubstr("A.Long"), HasSubstr("at most 3")));
}

TEST(QueryParams, ARefusalQuotesALittleOfALongValue) {
  const auto params = of({{"Flag", std::string(100'000, 'x')}}).value();
  EXPECT_LT(params.boolean("Flag").error().message.size(), 200U);
}

TEST(QueryParams, ListsFollowTheirNumbersAndNotTheirText) {
  const auto params = of({{"Id.10", "j"}, {"Id.2", "b"}, {"Id.1", "a"}, {"Id.x", "no"}, {"Idle.1", "no"}}).value();
  EXPECT_THAT(params.list("Id"), ElementsAre("a", "b", "j"));
  EXPECT_EQ(params.unknown(), "Id.x");
}

TEST(QueryParams, StructuresNest) {
  const auto params = of({{"Filter.1.Name", "vpc-id"},
                          {"Filter.1.Value.1", "vpc-1"},
                          {"Filter.1.Value.2", "vpc-2"},
                          {"Filter.3.Name", "state"}})
                          .value();
  const auto filters = params.structs("Filter");
  ASSERT_EQ(filters.size(), 2U);
  EXPECT_EQ(filters[0].text("Name"), "vpc-id");
  EXPECT_THAT(filters[0].list("Value"), ElementsAre("vpc-1", "vpc-2"));
  EXPECT_EQ(filters[1].full_name("Name"), "Filter.3.Name");
  EXPECT_TRUE(params.has("Filter"));
  EXPECT_FALSE(params.has("Filt"));
}

TEST(QueryParams, WhatNobodyAskedForIsUnknown) {
  const auto params = of({{"Action", "X"}, {"Version", "2016-11-15"}, {"X-Amz-Date", "d"}, {"Vpc", "v"}}).value();
  EXPECT_EQ(params.unknown(), "Vpc");
  params.text("Vpc");
  EXPECT_EQ(params.unknown(), std::nullopt);
}

TEST(QueryParams, RefusesDuplicatesAndWhatIsNoText) {
  EXPECT_THAT(of({{"A", "1"}, {"A", "2"}}).error().message, HasSubstr("more than once"));
  EXPECT_THAT(of({{"A", "\xff"}}).error().message, HasSubstr("UTF-8"));
}

TEST(QueryParams, NumbersTooLargeAreNoListItems) {
  const auto params = of({{"Id.99999999999999999999999", "a"}, {"Id.", "b"}}).value();
  EXPECT_TRUE(params.list("Id").empty());
  EXPECT_TRUE(params.unknown());
}

}  // namespace
}  // namespace sallyport::api
