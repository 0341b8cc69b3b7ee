#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// JSON texts (RFC 8259) as values.
namespace sallyport::wire {

class Json;
struct JsonMember;
using JsonArray = std::vector<Json>;
using JsonObject = std::vector<JsonMember>;  // in order of appearance

// A number as it was, or will be, written; kept as text so that no digit is lost.
struct JsonNumber {
  std::string literal;
  friend bool operator==(const JsonNumber&, const JsonNumber&) = default;
};

class Json {
 public:
  using Value = std::variant<std::nullptr_t, bool, JsonNumber, std::string, JsonArray, JsonObject>;

  // Implicit, so that documents can be written as nested braces. Defined below, where a member is complete.
  Json();
  Json(bool value);              // NOLINT(google-explicit-constructor)
  Json(JsonNumber value);        // NOLINT(google-explicit-constructor)
  Json(std::string value);       // NOLINT(google-explicit-constructor)
  Json(std::string_view value);  // NOLINT(google-explicit-constructor)
  Json(const char* value);       // NOLINT(google-explicit-constructor)
  Json(JsonArray value);         // NOLINT(google-explicit-constructor)
  Json(JsonObject value);        // NOLINT(google-explicit-constructor)
  static Json number(std::uint64_t value);

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  const bool* as_bool() const { return std::get_if<bool>(&value_); }
  const JsonNumber* as_number() const { return std::get_if<JsonNumber>(&value_); }
  const std::string* as_string() const { return std::get_if<std::string>(&value_); }
  const JsonArray* as_array() const { return std::get_if<JsonArray>(&value_); }
  const JsonObject* as_object() const { return std::get_if<JsonObject>(&value_); }
  const Value& value() const { return value_; }

  friend bool operator==(const Json&, const Json&) = default;

 private:
  Value value_;
};

struct JsonMember {
  std::string name;
  Json value;
  friend bool operator==(const JsonMember&, const JsonMember&) = default;
};

inline Json::Json() : value_(nullptr) {}
inline Json::Json(bool value) : value_(value) {}
inline Json::Json(JsonNumber value) : value_(std::move(value)) {}
inline Json::Json(std::string value) : value_(std::move(value)) {}
inline Json::Json(std::string_view value) : value_(std::string(value)) {}
inline Json::Json(const char* value) : value_(std::string(value)) {}
inline Json::Json(JsonArray value) : value_(std::move(value)) {}
inline Json::Json(JsonObject value) : value_(std::move(value)) {}
inline Json Json::number(std::uint64_t value) { return JsonNumber{std::to_string(value)}; }

// Compact, members in their order. Strings are made valid UTF-8 on the way (see valid_utf8).
std::string to_text(const Json& json);
// Compact, members sorted by name, members that are null left out: equal for requests that mean the
// same to a service that takes null for "not given".
std::string to_canonical_text(const Json& json);

// Number of code points, or nothing where the bytes are not UTF-8 (RFC 3629).
std::optional<std::size_t> utf8_length(std::string_view text);
// Bytes of the longest start of `text` that is UTF-8.
std::size_t utf8_prefix(std::string_view text);
// Each byte that belongs to no code point becomes U+FFFD.
std::string valid_utf8(std::string_view text);
// The first bytes of a text, at most `bytes`, with "…" where something was left out; never half a code
// point. For echoing a value in a message.
std::string shortened(std::string_view text, std::size_t bytes = 64);

}  // namespace sallyport::wire
