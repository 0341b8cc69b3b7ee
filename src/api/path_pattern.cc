#include "api/path_pattern.h"

#include <utility>

#include "wire/json_value.h"
#include "wire/uri.h"

namespace sallyport::api {

namespace {

// Takes the next segment off a path; nothing where the path does not go on with '/'.
std::optional<std::string_view> next_segment(std::string_view& path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

}  // namespace

std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path) {
  std::vector<std::string> labels;
  while (!pattern.empty()) {
    const auto wanted = next_segment(pattern);
    const auto given = next_segment(path);
    if (!given || given->empty()) return std::nullopt;
    if (wanted != "*") {
      // As written: whoever else looks at the path must see the same resource in it.
      if (*given != *wanted) return std::nullopt;
      continue;
    }
    auto decoded = wire::percent_decode(*given);
    if (!decoded || !wire::utf8_length(*decoded)) return std::nullopt;
    labels.push_back(std::move(*decoded));
  }
  if (!path.empty()) return std::nullopt;
  return labels;
}

}  // namespace sallyport::api
