#pragma once

#include <initializer_list>
#include <map>
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
// (Amazon EC2 API Reference, Filter).
class Filters {
 public:
  // `known`: the names this operation takes, "tag:<key>" and "tag-key" aside.
  static Ec2Result<Filters> parse(const Params& params, std::initializer_list<std::string_view> known);

  bool match(const Facts& facts) const;
  bool empty() const { return filters_.empty(); }

 private:
  struct Filter {
    std::string name;
    std::vector<std::string> values;
  };
  std::vector<Filter> filters_;
};

// Whether all of `text` matches; time is at most the product of the lengths.
bool wildcard_match(std::string_view pattern, std::string_view text);

}  // namespace sallyport::api::ec2
