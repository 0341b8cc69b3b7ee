#include "wire/json_parse.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

#include "base/limits.h"

namespace sallyport::wire {

namespace {

namespace bj = boost::json;

// Builds the value bottom up from the parser's events. Containers under construction wait on a stack no deeper
// than the parser's own limit.
class Builder {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the parser asks its handler for these names
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  // NOLINTEND(readability-identifier-naming)

  using Text = bj::string_view;
  using Code = bj::error_code;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return open(JsonObject{}); }
  bool on_array_begin(Code&) { return open(JsonArray{}); }

  bool on_object_end(std::size_t, Code& code) {
    JsonObject members = std::move(std::get<JsonObject>(open_.back().container));
    open_.pop_back();
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const JsonMember& member : members)
      names.push_back(member.name);
    std::ranges::sort(names);
    if (const auto twice = std::ranges::adjacent_find(names); twice != names.end()) {
      duplicate_ = std::string(*twice);
      code = bj::make_error_code(bj::error::syntax);
      return false;
    }
    return add(Json(std::move(members)));
  }
  bool on_array_end(std::size_t, Code&) {
    JsonArray elements = std::move(std::get<JsonArray>(open_.back().container));
    open_.pop_back();
    return add(Json(std::move(elements)));
  }

  bool on_key_part(Text part, std::size_t, Code&) { return collect(part); }
  bool on_key(Text part, std::size_t, Code&) {
    collect(part);
    open_.back().key = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(Text part, std::size_t, Code&) { return collect(part); }
  bool on_string(Text part, std::size_t, Code&) {
    collect(part);
    return add(Json(std::exchange(text_, {})));
  }
  bool on_number_part(Text part, Code&) { return collect(part); }
  bool on_int64(std::int64_t, Text part, Code&) { return number(part); }
  bool on_uint64(std::uint64_t, Text part, Code&) { return number(part); }
  bool on_double(double, Text part, Code&) { return number(part); }
  bool on_bool(bool value, Code&) { return add(Json(value)); }
  bool on_null(Code&) { return add(Json()); }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

  const std::optional<std::string>& duplicate() const { return duplicate_; }
  Json take() { return std::move(root_); }

 private:
  struct Open {
    std::variant<JsonArray, JsonObject> container;
    std::string key;  // of the member whose value comes next
  };

  bool collect(Text part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool number(Text part) {
    collect(part);
    return add(Json(JsonNumber{std::exchange(text_, {})}));
  }
  bool open(std::variant<JsonArray, JsonObject> container) {
    open_.push_back({std::move(container), {}});
    return true;
  }
  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (auto* array = std::get_if<JsonArray>(&open_.back().container)) {
      array->push_back(std::move(value));
    } else {
      std::get<JsonObject>(open_.back().container).push_back({std::exchange(open_.back().key, {}), std::move(value)});
    }
    return true;
  }

  std::vector<Open> open_;
  std::string text_;
  std::optional<std::string> duplicate_;
  Json root_;
};

std::string position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? offset + 1 : offset - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

base::Result<Json> parse_json(std::string_view text) {
  if (const std::size_t valid = utf8_prefix(text); valid < text.size()) {
    return base::fail(base::ErrorKind::kCorrupt, "not UTF-8 at " + position(text, valid));
  }
  bj::parse_options options;
  options.max_depth = base::limits::kJsonDepth;
  bj::basic_parser<Builder> parser(options);
  bj::error_code code;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), code);
  if (parser.handler().duplicate()) {
    return base::fail(base::ErrorKind::kCorrupt, "the member '" + shortened(*parser.handler().duplicate()) +
                                                     "' is given twice in the object that ends at " +
                                                     position(text, std::min(consumed, text.size())));
  }
  if (!code && consumed < text.size()) code = bj::make_error_code(bj::error::extra_data);
  if (code) {
    const std::string what = code == bj::error::too_deep
                                 ? "nested deeper than " + std::to_string(base::limits::kJsonDepth) + " levels"
                                 : code.message();
    return base::fail(base::ErrorKind::kCorrupt, what + " at " + position(text, std::min(consumed, text.size())));
  }
  return parser.handler().take();
}

}  // namespace sallyport::wire
