#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "wire/json_value.h"

namespace sallyport::workplace {

// A member that is a whole number within `Number`; nothing where it is missing or is none. Pure.
template <class Number>
std::optional<Number> number_of(const wire::JsonObject& object, std::string_view name) {
  const auto found = std::ranges::find(object, name, &wire::JsonMember::name);
  const auto* number = found == object.end() ? nullptr : found->value.as_number();
  if (number == nullptr) return std::nullopt;
  Number value = 0;
  const char* end = number->literal.data() + number->literal.size();
  const auto [stop, error] = std::from_chars(number->literal.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace sallyport::workplace
