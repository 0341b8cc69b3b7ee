#include "iam/condition.h"

#include <gtest/gtest.h>

#include "iam/condition_names.h"

namespace sallyport::iam {
namespace {

Condition condition(std::string_view name, std::string key, std::vector<std::string> values) {
  Condition made = condition_of_operator(name).value();
  made.key = in_lower_case(key);
  made.values = std::move(values);
  return made;
}

struct Row {
  const char* name;
  std::vector<std::string> wanted;
  std::vector<std::string> found;  // empty: the request lacks the key
  bool holds;
};

TEST(Condition, Table) {
  const std::vector<Row> rows = {
      {"StringEquals", {"a", "b"}, {"b"}, true},
      {"StringEquals", {"a"}, {"A"}, false},
      {"StringEquals", {"a*"}, {"ab"}, false},
      {"StringEquals", {"a"}, {}, false},
      {"StringEqualsIfExists", {"a"}, {}, true},
      {"StringEqualsIfExists", {"a"}, {"b"}, false},
      {"StringNotEquals", {"a", "b"}, {"c"}, true},
      {"StringNotEquals", {"a", "b"}, {"b"}, false},
      {"StringNotEquals", {"a"}, {}, true},
      {"StringEqualsIgnoreCase", {"aBc"}, {"AbC"}, true},
      {"StringNotEqualsIgnoreCase", {"aBc"}, {"AbC"}, false},
      {"StringLike", {"a*"}, {"abc"}, true},
      {"StringLike", {"a?"}, {"abc"}, false},
      {"StringNotLike", {"a*"}, {"abc"}, false},
      {"NumericEquals", {"5"}, {"5.0"}, true},
      {"NumericNotEquals", {"5"}, {"5.0"}, false},
      {"NumericLessThan", {"5"}, {"4"}, true},
      {"NumericLessThan", {"5"}, {"5"}, false},
      {"NumericLessThanEquals", {"5"}, {"5"}, true},
      {"NumericGreaterThan", {"5"}, {"5"}, false},
      {"NumericGreaterThan", {"5"}, {"5.5"}, true},
      {"NumericGreaterThanEquals", {"5"}, {"5"}, true},
      {"NumericEquals", {"5"}, {"five"}, false},
      {"DateEquals", {"2026-11-25T10:00:00Z"}, {"2026-11-25T11:00:00+01:00"}, true},
      {"DateLessThan", {"2026-11-25T10:00:00Z"}, {"2026-11-25T09:59:59Z"}, true},
      {"DateLessThan", {"2026-11-25"}, {"2026-11-25T00:00:00Z"}, false},
      {"DateLessThanEquals", {"2026-11-25"}, {"2026-11-25T00:00:00Z"}, true},
      {"DateGreaterThan", {"1764028800"}, {"2025-11-25T00:00:01Z"}, true},
      {"DateGreaterThanEquals", {"2026-11-25"}, {"2026-11-24T23:59:59Z"}, false},
      {"DateNotEquals", {"2026-11-25"}, {"2026-11-24"}, true},
      {"Bool", {"true"}, {"TRUE"}, true},
      {"Bool", {"true"}, {"false"}, false},
      {"Bool", {"false"}, {}, false},
      {"BoolIfExists", {"false"}, {}, true},
      {"IpAddress", {"203.0.113.0/24"}, {"203.0.113.7"}, true},
      {"IpAddress", {"203.0.113.9/24"}, {"203.0.113.7"}, true},
      {"IpAddress", {"203.0.113.7"}, {"203.0.113.7"}, true},
      {"IpAddress", {"203.0.113.0/24"}, {"203.0.114.7"}, false},
      {"IpAddress", {"2001:db8::/32"}, {"2001:db8::1"}, true},
      {"IpAddress", {"0.0.0.0/0"}, {"2001:db8::1"}, false},
      {"NotIpAddress", {"203.0.113.0/24", "198.51.100.0/24"}, {"198.51.100.7"}, false},
      {"NotIpAddress", {"203.0.113.0/24"}, {"198.51.100.7"}, true},
      {"ArnEquals", {"arn:aws:iam::*:user/a*"}, {"arn:aws:iam::000000000000:user/ann"}, true},
      {"ArnLike", {"arn:aws:iam::*:user/a*"}, {"arn:aws:iam::000000000000:user/bob"}, false},
      {"ArnNotLike", {"arn:aws:iam::*:user/a*"}, {"arn:aws:iam::000000000000:user/bob"}, true},
      {"Null", {"true"}, {}, true},
      {"Null", {"true"}, {"x"}, false},
      {"Null", {"false"}, {"x"}, true},
      {"ForAnyValue:StringEquals", {"a", "b"}, {"x", "b"}, true},
      {"ForAnyValue:StringEquals", {"a"}, {"x", "y"}, false},
      {"ForAnyValue:StringEquals", {"a"}, {}, false},
      {"ForAnyValue:StringNotEquals", {"a"}, {"a", "x"}, true},
      {"ForAnyValue:StringNotEquals", {"a"}, {}, false},
      {"ForAllValues:StringEquals", {"a", "b"}, {"a", "b"}, true},
      {"ForAllValues:StringEquals", {"a"}, {"a", "b"}, false},
      {"ForAllValues:StringEquals", {"a"}, {}, true},
      {"ForAllValues:StringNotEquals", {"a"}, {"b", "a"}, false},
  };
  for (const Row& row : rows) {
    RequestContext request;
    request.set("Some:Key", row.found);
    EXPECT_EQ(holds(condition(row.name, "some:KEY", row.wanted), request, true), row.holds)
        << row.name << " " << testing::PrintToString(row.wanted) << " " << testing::PrintToString(row.found);
  }
}

TEST(Condition, VariablesComeFromTheRequest) {
  RequestContext request;
  request.set("aws:PrincipalTag/team", "blue");
  request.set("aws:ResourceTag/team", "blue");
  const auto same = condition("StringEquals", "aws:ResourceTag/team", {"${aws:principaltag/team}"});
  EXPECT_TRUE(holds(same, request, true));
  EXPECT_FALSE(holds(same, request, false)) << "the older version has no variables";
  EXPECT_TRUE(resolves(same, request));
  EXPECT_FALSE(resolves(same, RequestContext()));
}

TEST(Condition, OperatorsByName) {
  EXPECT_FALSE(condition_of_operator("stringequals"));
  EXPECT_FALSE(condition_of_operator("ForSomeValues:StringEquals"));
  EXPECT_FALSE(condition_of_operator("NullIfExists"));
  EXPECT_FALSE(condition_of_operator(""));
  const auto all = condition_of_operator("ForAllValues:StringLikeIfExists");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->comparison, Comparison::kStringLike);
  EXPECT_EQ(all->quantifier, Quantifier::kAllValues);
  EXPECT_TRUE(all->if_exists);
}

TEST(Condition, ValuesThatCannotStand) {
  EXPECT_EQ(value_fault(Comparison::kStringEquals, "anything"), "");
  EXPECT_NE(value_fault(Comparison::kNumericLessThan, "five"), "");
  EXPECT_NE(value_fault(Comparison::kDateEquals, "2026-02-30"), "");
  EXPECT_NE(value_fault(Comparison::kBool, "yes"), "");
  EXPECT_NE(value_fault(Comparison::kNull, ""), "");
  EXPECT_NE(value_fault(Comparison::kIpAddress, "10.0.0.0/33"), "");
  EXPECT_NE(value_fault(Comparison::kIpAddress, "10.0.0.0/"), "");
  EXPECT_EQ(value_fault(Comparison::kIpAddress, "10.0.0.1/8"), "");
  EXPECT_EQ(value_fault(Comparison::kNumericLessThan, "${aws:x}"), "");
}

TEST(PolicyDate, Forms) {
  const auto at = [](std::string_view text) { return parse_policy_date(text).value().time_since_epoch().count(); };
  EXPECT_EQ(at("1970-01-01"), 0);
  EXPECT_EQ(at("1970-01-01T00:00:01Z"), 1000);
  EXPECT_EQ(at("1970-01-01T00:00:01.999Z"), 1000);
  EXPECT_EQ(at("1970-01-01T01:00:00+01:00"), 0);
  EXPECT_EQ(at("1969-12-31T23:00:00-01:00"), 0);
  EXPECT_EQ(at("86400"), 86400000);
  for (const char* wrong :
       {"", "x", "1970-13-01", "1970-01-01T", "1970-01-01T24:00:00Z", "1970-01-01 00:00:00Z", "1970-01-01T00:00:00.Z",
        "1970-01-01T00:00:00+1:00", "1e300", "nan", "-5", "1970-01-01T00:00"}) {
    EXPECT_FALSE(parse_policy_date(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace sallyport::iam
