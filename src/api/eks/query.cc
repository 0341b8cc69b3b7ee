#include "api/eks/query.h"

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

namespace {

using base::ErrorKind;
using base::fail;

bool is_passed_over(std::string_view name) {
  return name == "x-id" || base::ascii_iequals(name.substr(0, 6), "x-amz-");
}

}  // namespace

base::Result<Query> Query::parse(std::string_view text, std::initializer_list<std::string_view> known) {
  auto pairs = wire::parse_pairs(text);
  if (!pairs) return fail(ErrorKind::kInvalidParameter, "the query string is not valid percent-encoding");
  Query query;
  for (auto& [name, value] : *pairs) {
    if (is_passed_over(name)) continue;
    if (std::ranges::find(known, name) == known.end()) {
      std::string names;
      for (const std::string_view each : known)
        names += (names.empty() ? "" : ", ") + std::string(each);
      const std::string what = names.empty() ? "this operation takes none" : "the parameters here are: " + names;
      return fail(ErrorKind::kInvalidParameter, "query parameter '" + wire::shortened(name) + "' is not known; " + what,
                  wire::shortened(name));
    }
    if (!wire::utf8_length(value)) {
      return fail(ErrorKind::kInvalidParameter, name + " is not UTF-8; percent-encode its UTF-8 bytes", name);
    }
    query.pairs_.emplace_back(std::move(name), std::move(value));
  }
  return query;
}

base::Result<std::optional<std::string>> Query::one(std::string_view name) const {
  const std::vector<std::string> values = all(name);
  if (values.size() > 1) {
    return fail(ErrorKind::kInvalidParameter, std::string(name) + " is given more than once; give it once",
                std::string(name));
  }
  if (values.empty() || values.front().empty()) return std::nullopt;
  return values.front();
}

std::vector<std::string> Query::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : pairs_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

base::Result<std::size_t> Query::max_results() const {
  const auto text = one("maxResults");
  if (!text) return fail(text.error());
  if (!*text) return base::limits::kPageEntries;
  const std::string& digits = **text;
  std::size_t value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc{} || end != digits.data() + digits.size() || value < 1 || value > base::limits::kPageEntries) {
    return fail(ErrorKind::kInvalidParameter,
                "maxResults must be a whole number from 1 to " + std::to_string(base::limits::kPageEntries) + ", is '" +
                    wire::shortened(digits) + "'",
                "maxResults");
  }
  return value;
}

}  // namespace sallyport::api::eks
