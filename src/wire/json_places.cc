#include "wire/json_places.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

#include "base/limits.h"

namespace sallyport::wire {

namespace {

namespace bj = boost::json;

// Follows the parser's events with the path of the value that comes next.
class Finder {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the parser asks its handler for these names
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  // NOLINTEND(readability-identifier-naming)

  using Text = bj::string_view;
  using Code = bj::error_code;

  void look_for(std::string_view path) { wanted_ = path; }
  void at_line(std::size_t line) { line_ = line; }
  std::size_t found() const { return found_; }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return open(false); }
  bool on_array_begin(Code&) { return open(true); }
  bool on_object_end(std::size_t, Code&) { return close(); }
  bool on_array_end(std::size_t, Code&) { return close(); }
  bool on_key_part(Text part, std::size_t, Code&) { return collect(part); }
  bool on_key(Text part, std::size_t, Code&) {
    collect(part);
    open_.back().key.swap(key_);
    key_.clear();
    return true;
  }
  bool on_string_part(Text, std::size_t, Code&) { return true; }
  bool on_string(Text, std::size_t, Code&) { return value(); }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t, Text, Code&) { return value(); }
  bool on_uint64(std::uint64_t, Text, Code&) { return value(); }
  bool on_double(double, Text, Code&) { return value(); }
  bool on_bool(bool, Code&) { return value(); }
  bool on_null(Code&) { return value(); }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

 private:
  struct Level {
    bool is_array = false;
    std::size_t index = 0;
    std::string key{};
  };

  bool collect(Text part) {
    key_.append(part.data(), part.size());
    return true;
  }
  void look() {
    std::string path;
    for (const Level& level : open_) {
      if (level.is_array) {
        path += "[" + std::to_string(level.index) + "]";
      } else {
        path += (path.empty() ? "" : ".") + level.key;
      }
    }
    if (path == wanted_) found_ = line_;
  }
  bool open(bool is_array) {
    look();
    open_.push_back({.is_array = is_array});
    return true;
  }
  bool close() {
    open_.pop_back();
    return passed();
  }
  bool value() {
    look();
    return passed();
  }
  bool passed() {
    if (!open_.empty() && open_.back().is_array) ++open_.back().index;
    return true;
  }

  std::string_view wanted_;
  std::size_t line_ = 1;
  std::size_t found_ = 1;
  std::vector<Level> open_;
  std::string key_;
};

}  // namespace

std::size_t json_line(std::string_view text, std::string_view path) {
  bj::parse_options options;
  options.max_depth = base::limits::kJsonDepth;
  bj::basic_parser<Finder> parser(options);
  parser.handler().look_for(path);
  bj::error_code code;
  // A value lies on one line, for no string spans two: so the parser is given one after the other.
  for (std::size_t line = 1; !text.empty() && !code; ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    parser.handler().at_line(line);
    parser.write_some(true, text.data(), end, code);
    text.remove_prefix(end);
  }
  return parser.handler().found();
}

}  // namespace sallyport::wire
