#include "api/workplace/terminal_end.h"

#include "wire/json_value.h"

namespace sallyport::api::workplace {

namespace {

constexpr std::uint16_t kGoingAway = 1001;
constexpr std::uint16_t kPolicy = 1008;
constexpr std::uint16_t kFailed = 1011;

// As a server sends them: whole, without a mask (RFC 6455 section 5.2).
constexpr char kWholeText = '\x81';
constexpr char kWholeClose = '\x88';
constexpr std::size_t kShortPayload = 125;
constexpr char kTwoBytesOfLength = 126;

void put_16(std::string& frame, std::size_t value) {
  frame += static_cast<char>(value >> 8U);
  frame += static_cast<char>(value & 0xffU);
}

std::string close_frame(std::uint16_t code) {
  std::string frame{kWholeClose, 2};
  put_16(frame, code);
  return frame;
}

std::string ended(std::string_view reason, std::string_view message, std::uint16_t code) {
  const std::string text = wire::to_text(
      wire::JsonObject{{"type", "ended"}, {"reason", reason}, {"code", wire::Json::number(0)}, {"message", message}});
  std::string frame{kWholeText};
  if (text.size() > kShortPayload) {
    frame += kTwoBytesOfLength;
    put_16(frame, text.size());
  } else {
    frame += static_cast<char>(text.size());
  }
  return frame + text + close_frame(code);
}

}  // namespace

std::string_view to_string(End end) {
  switch (end) {
    case End::kClosed: break;
    case End::kNotOpened: return "not-opened";
    case End::kHostSilent: return "host-silent";
    case End::kBrowserStalled: return "browser-stalled";
    case End::kKeyGone: return "key-invalid";
    case End::kNotAllowed: return "not-allowed";
    case End::kClusterGone: return "cluster-deleted";
    case End::kStopped: return "server-stopped";
  }
  return "closed";
}

End end_of(Standing standing) {
  switch (standing) {
    case Standing::kGood: break;
    case Standing::kKeyGone: return End::kKeyGone;
    case Standing::kNotAllowed: return End::kNotAllowed;
    case Standing::kClusterGone: return End::kClusterGone;
  }
  return End::kClosed;
}

std::string farewell_of(End end) {
  switch (end) {
    case End::kClosed:
    case End::kNotOpened:
    case End::kBrowserStalled: break;
    case End::kHostSilent: return ended("failed", "Its host answers no longer.", kFailed);
    case End::kKeyGone: return ended("revoked", "The credentials it was opened with are good no longer.", kPolicy);
    case End::kNotAllowed: return ended("revoked", "You are allowed sallyport:OpenWorkplace no longer.", kPolicy);
    case End::kClusterGone: return ended("revoked", "Its cluster was deleted.", kPolicy);
    case End::kStopped: return close_frame(kGoingAway);
  }
  return {};
}

}  // namespace sallyport::api::workplace
