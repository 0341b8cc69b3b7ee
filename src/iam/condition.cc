#include "iam/condition.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "base/ip_address.h"
#include "iam/pattern.h"
#include "model/cidr.h"

namespace sallyport::iam {

namespace {

enum class Kind { kText, kNumber, kDate, kBool, kAddress, kNull };

Kind kind_of(Comparison comparison) {
  if (comparison >= Comparison::kNumericEquals && comparison <= Comparison::kNumericGreaterThanEquals)
    return Kind::kNumber;
  if (comparison >= Comparison::kDateEquals && comparison <= Comparison::kDateGreaterThanEquals) return Kind::kDate;
  switch (comparison) {
    case Comparison::kBool: return Kind::kBool;
    case Comparison::kIpAddress:
    case Comparison::kNotIpAddress: return Kind::kAddress;
    case Comparison::kNull: return Kind::kNull;
    default: return Kind::kText;
  }
}

bool is_negated(Comparison comparison) {
  switch (comparison) {
    case Comparison::kStringNotEquals:
    case Comparison::kStringNotEqualsIgnoreCase:
    case Comparison::kStringNotLike:
    case Comparison::kNumericNotEquals:
    case Comparison::kDateNotEquals:
    case Comparison::kNotIpAddress:
    case Comparison::kArnNotLike: return true;
    default: return false;
  }
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// A block as policies may write it: with host bits, or an address alone.
std::optional<model::Cidr> block(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = base::IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  unsigned prefix = address->is_v4() ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    unsigned given = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), given);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.empty() || given > prefix)
      return std::nullopt;
    prefix = given;
  }
  return model::Cidr::of(*address, prefix);
}

template <class T>
bool ordered(Comparison comparison, Comparison equals, const T& found, const T& wanted) {
  switch (static_cast<int>(comparison) - static_cast<int>(equals)) {
    case 0:
    case 1: return found == wanted;  // the negation is the caller's
    case 2: return found < wanted;
    case 3: return found <= wanted;
    case 4: return found > wanted;
    default: return found >= wanted;
  }
}

bool text_matches(Comparison comparison, std::string_view found, const Pattern& wanted) {
  switch (comparison) {
    case Comparison::kStringEquals:
    case Comparison::kStringNotEquals: return found == wanted.literal();
    case Comparison::kStringEqualsIgnoreCase:
    case Comparison::kStringNotEqualsIgnoreCase: return in_lower_case(found) == in_lower_case(wanted.literal());
    default: return wanted.matches(found);
  }
}

// Whether one value of the request is one of the condition's, negation aside.
bool is_one_of(const Condition& condition, const std::string& found, const std::vector<Pattern>& wanted) {
  return std::ranges::any_of(wanted, [&](const Pattern& pattern) {
    switch (kind_of(condition.comparison)) {
      case Kind::kNumber: {
        const auto a = number(found);
        const auto b = number(pattern.literal());
        return a && b && ordered(condition.comparison, Comparison::kNumericEquals, *a, *b);
      }
      case Kind::kDate: {
        const auto a = parse_policy_date(found);
        const auto b = parse_policy_date(pattern.literal());
        return a && b && ordered(condition.comparison, Comparison::kDateEquals, *a, *b);
      }
      case Kind::kBool: return in_lower_case(found) == in_lower_case(pattern.literal());
      case Kind::kAddress: {
        const auto address = base::IpAddress::parse(found);
        const auto within = block(pattern.literal());
        return address && within && within->contains(*address);
      }
      case Kind::kNull: return false;
      case Kind::kText: return text_matches(condition.comparison, found, pattern);
    }
    return false;
  });
}

bool null_holds(const Condition& condition, bool is_there) {
  return std::ranges::any_of(condition.values,
                             [&](const std::string& value) { return (in_lower_case(value) == "true") == !is_there; });
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || text.front() == '-')
    return std::nullopt;
  return value;
}

// "+01:00", "Z" or nothing, as minutes east.
std::optional<int> offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = digits(text.substr(1, 2));
  const auto minutes = digits(text.substr(4, 2));
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const int east = *hours * 60 + *minutes;
  return text[0] == '-' ? -east : east;
}

std::optional<base::Time> time_of_day(std::string_view text, base::Time day) {
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hours = digits(text.substr(0, 2));
  const auto minutes = digits(text.substr(3, 2));
  const auto seconds = digits(text.substr(6, 2));
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
  text.remove_prefix(8);
  if (text.starts_with('.')) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
    if (end == 1) return std::nullopt;
    text.remove_prefix(end);  // nothing here is decided by less than a second
  }
  const auto east = offset(text);
  if (!east) return std::nullopt;
  return day + std::chrono::hours(*hours) + std::chrono::minutes(*minutes - *east) + std::chrono::seconds(*seconds);
}

}  // namespace

void RequestContext::set(std::string_view key, std::string value) {
  set(key, std::vector<std::string>{std::move(value)});
}

void RequestContext::set(std::string_view key, std::vector<std::string> values) {
  if (!values.empty()) values_[in_lower_case(key)] = std::move(values);
}

const std::vector<std::string>* RequestContext::find(const std::string& lower_case_key) const {
  const auto found = values_.find(lower_case_key);
  return found == values_.end() ? nullptr : &found->second;
}

std::optional<std::string> RequestContext::single(std::string_view key) const {
  const auto* values = find(in_lower_case(key));
  if (values == nullptr || values->size() != 1) return std::nullopt;
  return values->front();
}

bool holds(const Condition& condition, const RequestContext& request, bool variables) {
  const std::vector<std::string>* found = request.find(condition.key);
  if (condition.comparison == Comparison::kNull) return null_holds(condition, found != nullptr);
  const bool negated = is_negated(condition.comparison);
  if (found == nullptr) {
    return condition.if_exists || condition.quantifier == Quantifier::kAllValues ||
           (negated && condition.quantifier == Quantifier::kTheOne);
  }

  std::vector<Pattern> wanted;
  for (const std::string& value : condition.values) {
    auto pattern = Pattern::of(
        value, [&](std::string_view key) { return request.single(key); }, variables);
    if (pattern) wanted.push_back(*std::move(pattern));
  }
  const auto meets = [&](const std::string& value) { return is_one_of(condition, value, wanted) != negated; };
  const bool all =
      condition.quantifier == Quantifier::kAllValues || (negated && condition.quantifier == Quantifier::kTheOne);
  return all ? std::ranges::all_of(*found, meets) : std::ranges::any_of(*found, meets);
}

bool resolves(const Condition& condition, const RequestContext& request) {
  return std::ranges::all_of(condition.values, [&](const std::string& value) {
    return Pattern::of(value, [&](std::string_view key) { return request.single(key); }).has_value();
  });
}

std::string value_fault(Comparison comparison, std::string_view value) {
  if (value.find("${") != std::string_view::npos) return {};
  switch (kind_of(comparison)) {
    case Kind::kNumber: return number(value) ? "" : "is no number";
    case Kind::kDate: return parse_policy_date(value) ? "" : "is no date; give one such as 2026-11-25T10:00:00Z";
    case Kind::kBool:
    case Kind::kNull: {
      const std::string lower = in_lower_case(value);
      return lower == "true" || lower == "false" ? "" : "is neither true nor false";
    }
    case Kind::kAddress:
      return block(value) ? "" : "is no IP address and no CIDR block; give one such as 203.0.113.0/24";
    case Kind::kText: return {};
  }
  return {};
}

std::optional<base::Time> parse_policy_date(std::string_view text) {
  if (const auto seconds = number(text); seconds && text.find('-') == std::string_view::npos) {
    constexpr double kLatest = 253'402'300'799;  // the end of 9999
    if (*seconds < 0 || *seconds > kLatest) return std::nullopt;
    return base::Time(std::chrono::duration_cast<base::Millis>(std::chrono::duration<double>(*seconds)));
  }
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const base::Time midnight = std::chrono::sys_days(date);
  if (text.size() == 10) return midnight;
  if (text[10] != 'T' && text[10] != 't') return std::nullopt;
  return time_of_day(text.substr(11), midnight);
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace sallyport::iam
