#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::api {

// An operation of a REST protocol: the `http` trait of the AWS service model.
struct PathPattern {
  std::string_view method;
  std::string_view path;  // "*" stands for a label
  std::string_view operation;
};

// What a path has in place of the pattern's "*", percent-decoded; nothing where it does not match. `path` as sent,
// without query. Segments are told apart before they are decoded, so that an encoded slash stays inside its label. A
// path that does not decode, or not to UTF-8, matches nothing; neither does one with an empty segment.
std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path);

}  // namespace sallyport::api
