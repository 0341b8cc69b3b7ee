#include "iam/condition_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sallyport::iam {

namespace {

constexpr std::string_view kAnyValue = "ForAnyValue:";
constexpr std::string_view kAllValues = "ForAllValues:";
constexpr std::string_view kIfExists = "IfExists";

constexpr std::array kOperators = {
    std::pair{std::string_view("StringEquals"), Comparison::kStringEquals},
    std::pair{std::string_view("StringNotEquals"), Comparison::kStringNotEquals},
    std::pair{std::string_view("StringEqualsIgnoreCase"), Comparison::kStringEqualsIgnoreCase},
    std::pair{std::string_view("StringNotEqualsIgnoreCase"), Comparison::kStringNotEqualsIgnoreCase},
    std::pair{std::string_view("StringLike"), Comparison::kStringLike},
    std::pair{std::string_view("StringNotLike"), Comparison::kStringNotLike},
    std::pair{std::string_view("NumericEquals"), Comparison::kNumericEquals},
    std::pair{std::string_view("NumericNotEquals"), Comparison::kNumericNotEquals},
    std::pair{std::string_view("NumericLessThan"), Comparison::kNumericLessThan},
    std::pair{std::string_view("NumericLessThanEquals"), Comparison::kNumericLessThanEquals},
    std::pair{std::string_view("NumericGreaterThan"), Comparison::kNumericGreaterThan},
    std::pair{std::string_view("NumericGreaterThanEquals"), Comparison::kNumericGreaterThanEquals},
    std::pair{std::string_view("DateEquals"), Comparison::kDateEquals},
    std::pair{std::string_view("DateNotEquals"), Comparison::kDateNotEquals},
    std::pair{std::string_view("DateLessThan"), Comparison::kDateLessThan},
    std::pair{std::string_view("DateLessThanEquals"), Comparison::kDateLessThanEquals},
    std::pair{std::string_view("DateGreaterThan"), Comparison::kDateGreaterThan},
    std::pair{std::string_view("DateGreaterThanEquals"), Comparison::kDateGreaterThanEquals},
    std::pair{std::string_view("Bool"), Comparison::kBool},
    std::pair{std::string_view("IpAddress"), Comparison::kIpAddress},
    std::pair{std::string_view("NotIpAddress"), Comparison::kNotIpAddress},
    std::pair{std::string_view("ArnEquals"), Comparison::kArnLike},
    std::pair{std::string_view("ArnLike"), Comparison::kArnLike},
    std::pair{std::string_view("ArnNotEquals"), Comparison::kArnNotLike},
    std::pair{std::string_view("ArnNotLike"), Comparison::kArnNotLike},
    std::pair{std::string_view("Null"), Comparison::kNull},
};

}  // namespace

std::optional<Condition> condition_of_operator(std::string_view name) {
  Condition condition;
  if (name.starts_with(kAnyValue)) {
    condition.quantifier = Quantifier::kAnyValue;
    name.remove_prefix(kAnyValue.size());
  } else if (name.starts_with(kAllValues)) {
    condition.quantifier = Quantifier::kAllValues;
    name.remove_prefix(kAllValues.size());
  }
  if (name.ends_with(kIfExists)) {
    condition.if_exists = true;
    name.remove_suffix(kIfExists.size());
  }
  const auto* found = std::ranges::find(kOperators, name, [](const auto& entry) { return entry.first; });
  if (found == kOperators.end()) return std::nullopt;
  condition.comparison = found->second;
  // Whether a key is there cannot depend on whether it is there.
  if (condition.comparison == Comparison::kNull && condition.if_exists) return std::nullopt;
  return condition;
}

}  // namespace sallyport::iam
