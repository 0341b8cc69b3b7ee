#include "api/ec2/filters.h"

#include <algorithm>
#include <utility>

#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

constexpr std::size_t kFilters = 50;
constexpr std::size_t kValuesPerFilter = 200;
constexpr std::size_t kPatterns = 200;

bool has_wildcard(std::string_view value) { return value.find_first_of(R"(*?\)") != std::string_view::npos; }

bool is_known(std::string_view name, std::initializer_list<std::string_view> known) {
  return name.starts_with("tag:") || name == "tag-key" || std::ranges::find(known, name) != known.end();
}

}  // namespace

void add_tags(Facts& facts, const model::Tags& tags) {
  for (const auto& [key, value] : tags) {
    facts.emplace("tag:" + key, value);
    facts.emplace("tag-key", key);
  }
}

std::string truth(bool value) { return value ? "true" : "false"; }

Ec2Result<Filters> Filters::parse(const Params& params, std::initializer_list<std::string_view> known) {
  Filters filters;
  std::size_t patterns = 0;
  for (const Params& each : params.structs("Filter")) {
    auto name = each.required("Name");
    if (!name) return fault(name.error());
    if (!is_known(*name, known)) {
      return fault("InvalidParameterValue", "The filter '" + wire::shortened(*name) + "' is invalid");
    }
    std::vector<std::string> values = each.list("Value");
    if (values.empty()) {
      return fault("InvalidParameterValue", "The filter '" + wire::shortened(*name) + "' has no value; give one");
    }
    if (values.size() > kValuesPerFilter) {
      return fault("FilterLimitExceeded", "The filter '" + wire::shortened(*name) + "' has " +
                                              std::to_string(values.size()) + " values; at most " +
                                              std::to_string(kValuesPerFilter) + " are allowed");
    }
    Filter filter{.name = *std::move(name), .plain = {}, .patterns = {}};
    for (std::string& value : values) {
      if (has_wildcard(value)) {
        filter.patterns.push_back(std::move(value));
      } else {
        filter.plain.insert(std::move(value));
      }
    }
    patterns += filter.patterns.size();
    filters.filters_.push_back(std::move(filter));
  }
  if (filters.filters_.size() > kFilters) {
    return fault("FilterLimitExceeded", "There are " + std::to_string(filters.filters_.size()) + " filters; at most " +
                                            std::to_string(kFilters) + " are allowed");
  }
  if (patterns > kPatterns) {
    return fault("FilterLimitExceeded", "The filters have " + std::to_string(patterns) +
                                            " values with '*', '?' or '\\'" + "; at most " + std::to_string(kPatterns) +
                                            " are allowed in a request: give the values in full, or ask again");
  }
  return filters;
}

bool Filters::match(const Facts& facts) const {
  return std::ranges::all_of(filters_, [&](const Filter& filter) {
    const auto [first, last] = facts.equal_range(filter.name);
    return std::any_of(first, last, [&](const auto& fact) { return filter.takes(fact.second); });
  });
}

bool Filters::admits(std::string_view name, std::string_view value) const {
  return std::ranges::all_of(filters_,
                             [&](const Filter& filter) { return filter.name != name || filter.takes(value); });
}

bool Filters::Filter::takes(std::string_view value) const {
  return plain.contains(value) ||
         std::ranges::any_of(patterns, [&](const std::string& pattern) { return wildcard_match(pattern, value); });
}

bool wildcard_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() &&
               (escaped ? pattern[p + 1] == text[t] : pattern[p] == '?' || pattern[p] == text[t])) {
      p += escaped ? 2 : 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

}  // namespace sallyport::api::ec2
