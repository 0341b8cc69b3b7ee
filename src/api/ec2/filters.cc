#include "api/ec2/filters.h"

#include <algorithm>
#include <utility>

#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

constexpr std::size_t kFilters = 50;
constexpr std::size_t kValuesPerFilter = 200;

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
      return fault("FilterLimitExceeded", "The filter '" + *name + "' has " + std::to_string(values.size()) +
                                              " values; at most " + std::to_string(kValuesPerFilter) + " are allowed");
    }
    filters.filters_.push_back({*std::move(name), std::move(values)});
  }
  if (filters.filters_.size() > kFilters) {
    return fault("FilterLimitExceeded", "There are " + std::to_string(filters.filters_.size()) + " filters; at most " +
                                            std::to_string(kFilters) + " are allowed");
  }
  return filters;
}

bool Filters::match(const Facts& facts) const {
  return std::ranges::all_of(filters_, [&](const Filter& filter) {
    const auto [first, last] = facts.equal_range(filter.name);
    return std::any_of(first, last, [&](const auto& fact) {
      return std::ranges::any_of(filter.values,
                                 [&](const std::string& value) { return wildcard_match(value, fact.second); });
    });
  });
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
