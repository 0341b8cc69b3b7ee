#pragma once

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/ec2/params.h"
#include "model/tags.h"

namespace sallyport::api::ec2 {

// What a filter can ask of one resource: its names and their values.
using Facts = std::multimap<std::string, std::string, std::less<>>;

// Adds "tag:<key>" and "tag-key".
void add_tags(Facts& facts, const model::Tags& tags);
std::string truth(bool value);  // "true" or "false"

// The Filter.N of a Describe operation. Filters are joined by "and", the values of one by "or"; '*' and '?' match
// any characters and any one, '\' takes the next literally; upper and lower case differ
// (Amazon EC2 API Reference, Filter). At most 50 filters of 200 values each, as in EC2, and at most 200 values with
// wildcards in all: each of those is tried on every resource, while plain ones are looked up.
class Filters {
 public:
  // `known`: the names this operation takes, "tag:<key>" and "tag-key" aside.
  static Ec2Result<Filters> parse(const Params& params, std::initializer_list<std::string_view> known);

  bool match(const Facts& facts) const;
  // Whether every filter called `name` takes the value: tells early that a resource cannot match.
  bool admits(std::string_view name, std::string_view value) const;
  bool empty() const { return filters_.empty(); }

 private:
  struct Filter {
    std::string name;
    std::set<std::string, std::less<>> plain;
    std::vector<std::string> patterns;

    bool takes(std::string_view value) const;
  };
  std::vector<Filter> filters_;
};

// Whether all of `text` matches; time is at most the product of the lengths.
bool wildcard_match(std::string_view pattern, std::string_view text);

}  // namespace sallyport::api::ec2
