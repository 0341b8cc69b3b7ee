#include "workplace/sandbox_status.h"

#include "wire/json_parse.h"
#include "wire/json_value.h"
#include "workplace/json_number.h"

namespace sallyport::workplace {

namespace {

constexpr std::size_t kLongestLine = 4'096;

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
  if (const auto pid = number_of<int>(*object, "child-pid"); pid && *pid > 1 && !first_) first_ = *pid;
  if (const auto code = number_of<int>(*object, "exit-code"); code && *code >= 0 && !exit_code_) exit_code_ = *code;
}

}  // namespace sallyport::workplace
