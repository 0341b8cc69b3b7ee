#pragma once

#include <string>
#include <vector>

// IAM policies as values (IAM User Guide, "IAM JSON policy element reference").
namespace sallyport::iam {

enum class Effect { kAllow, kDeny };

enum class Comparison {
  kStringEquals,
  kStringNotEquals,
  kStringEqualsIgnoreCase,
  kStringNotEqualsIgnoreCase,
  kStringLike,
  kStringNotLike,
  kNumericEquals,
  kNumericNotEquals,
  kNumericLessThan,
  kNumericLessThanEquals,
  kNumericGreaterThan,
  kNumericGreaterThanEquals,
  kDateEquals,
  kDateNotEquals,
  kDateLessThan,
  kDateLessThanEquals,
  kDateGreaterThan,
  kDateGreaterThanEquals,
  kBool,
  kIpAddress,
  kNotIpAddress,
  kArnLike,  // ArnEquals too: they are the same
  kArnNotLike,
  kNull,
};

// How many of a key's values in the request must do.
enum class Quantifier { kTheOne, kAnyValue, kAllValues };

struct Condition {
  Comparison comparison = Comparison::kStringEquals;
  Quantifier quantifier = Quantifier::kTheOne;
  bool if_exists = false;
  std::string key;  // in lower case: keys do not differ by case
  std::vector<std::string> values;

  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Statement {
  std::string sid;
  Effect effect = Effect::kAllow;
  bool not_action = false;  // `actions` are those it is not about
  std::vector<std::string> actions;
  bool not_resource = false;
  std::vector<std::string> resources;   // empty in a trust policy
  std::vector<std::string> principals;  // of a trust policy: ARNs, account ids, "*", "Service:eks.amazonaws.com"
  std::vector<Condition> conditions;

  friend bool operator==(const Statement&, const Statement&) = default;
};

struct Policy {
  bool has_variables = true;  // version 2012-10-17; the older has none
  std::vector<Statement> statements;

  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace sallyport::iam
