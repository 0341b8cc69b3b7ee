#include "traffic/message.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace sallyport::bench {
namespace {

constexpr std::string_view kEnd = "\r\n\r\n";
constexpr std::string_view kLength = "\r\nContent-Length: ";
constexpr std::string_view kAnswerStart = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
// A length takes this many digits, so that it does not change the size it tells of.
constexpr std::size_t kDigits = 8;

std::string digits(std::size_t number) {
  std::string text = std::to_string(number);
  return std::string(kDigits - std::min(kDigits, text.size()), '0') + text;
}

bool read_number(std::string_view text, std::size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end != text.data();
}

}  // namespace

std::string make_request(std::string_view host, std::size_t bytes, std::size_t answer_bytes) {
  const bool has_body = bytes > kMaxHeadBytes;
  std::string text = has_body ? "POST /" : "GET /";
  text += std::to_string(answer_bytes);
  text += " HTTP/1.1\r\nHost: ";
  text += host;
  if (has_body) {
    text += kLength;
    text += digits(bytes - text.size() - kDigits - kEnd.size());
    text += kEnd;
    text.resize(bytes, 'x');
    return text;
  }
  text += "\r\nAccept: ";
  if (text.size() + kEnd.size() < bytes) text.append(bytes - text.size() - kEnd.size(), 'a');
  text += kEnd;
  return text;
}

std::string make_answer(std::size_t bytes) {
  std::string text(kAnswerStart);
  text += digits(bytes - text.size() - kDigits - kEnd.size());
  text += kEnd;
  text.resize(bytes, 'y');
  return text;
}

HeadState read_request_head(std::string_view text, RequestHead& head) {
  const std::size_t end = text.find(kEnd);
  if (end == std::string_view::npos) return text.size() < kMaxHeadBytes ? HeadState::kIncomplete : HeadState::kBroken;
  const std::string_view lines = text.substr(0, end);
  const std::size_t path = lines.find('/');
  if (path == std::string_view::npos || !read_number(lines.substr(path + 1), head.answer_bytes))
    return HeadState::kBroken;
  head.head_bytes = end + kEnd.size();
  head.body_bytes = 0;
  if (lines.starts_with("POST")) {
    const std::size_t length = lines.find(kLength);
    if (length == std::string_view::npos || !read_number(lines.substr(length + kLength.size()), head.body_bytes))
      return HeadState::kBroken;
  }
  const bool fits = head.answer_bytes >= kMinMessageBytes && head.answer_bytes <= kMaxMessageBytes &&
                    head.body_bytes <= kMaxMessageBytes;
  return fits ? HeadState::kComplete : HeadState::kBroken;
}

bool starts_as_answer(std::string_view text) {
  return text.substr(0, kAnswerStart.size()) == kAnswerStart.substr(0, text.size());
}

}  // namespace sallyport::bench
