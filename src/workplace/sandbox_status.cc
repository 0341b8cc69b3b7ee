#include "workplace/sandbox_status.h"

#include <algorithm>
#include <charconv>

#include "wire/json_parse.h"
#include "wire/json_value.h"

namespace sallyport::workplace {

namespace {

constexpr std::size_t kLongestLine = 4'096;

std::optional<int> number_of(const wire::JsonObject& object, std::string_view name) {
  const auto found = std::ranges::find(object, name, &wire::JsonMember::name);
  const auto* number = found == object.end() ? nullptr : found->value.as_number();
  if (number == nullptr) return std::nullopt;
  int value = 0;
  const char* end = number->literal.data() + number->literal.size();
  const auto [stop, error] = std::from_chars(number->literal.data(), end, value);
  if (error != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

void SandboxStatus::hear(std::string_view piece) {
  for (const char c : piece) {
    if (c != '\n') {
      if (line_.size() <= kLongestLine) line_ += c;
      continue;
    }
    if (line_.size() <= kLongestLine) read(line_);
    line_.clear();
  }
}

void SandboxStatus::read(std::string_view line) {
  const auto json = wire::parse_json(line);
  const auto* object = json ? json->as_object() : nullptr;
  if (object == nullptr) return;
  if (const auto pid = number_of(*object, "child-pid"); pid && *pid > 1 && !first_) first_ = *pid;
  if (const auto code = number_of(*object, "exit-code"); code && !exit_code_) exit_code_ = *code;
}

}  // namespace sallyport::workplace
