#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Percent-encoding (RFC 3986 section 2.1) and the query strings built on it.
namespace sallyport::wire {

// A target in origin form (RFC 9112 section 3.2.1) cut at its first '?'. Views into the argument.
struct Target {
  std::string_view path;
  std::string_view query;  // without the '?'
};
Target split_target(std::string_view target);

// All but RFC 3986's unreserved characters as %XX, upper case; '/' stays when `keep_slash`.
std::string percent_encode(std::string_view text, bool keep_slash = false);
// Nothing when a '%' is not followed by two hexadecimal digits. '+' is itself.
std::optional<std::string> percent_decode(std::string_view text);

enum class Plus { kIsPlus, kIsSpace };
using Pairs = std::vector<std::pair<std::string, std::string>>;

// "a=1&b" as decoded pairs, in order, a missing '=' meaning an empty value and empty pieces skipped.
// In AWS query strings '+' is itself; in application/x-www-form-urlencoded bodies it is a space.
// Nothing on a bad percent-encoding, or past 4,096 pairs.
std::optional<Pairs> parse_pairs(std::string_view text, Plus plus = Plus::kIsPlus);

// The value of the only pair with this name (exact case); nothing when there is none or more than one.
std::optional<std::string_view> only_value(const Pairs& pairs, std::string_view name);

}  // namespace sallyport::wire
