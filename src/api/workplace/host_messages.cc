#include "api/workplace/host_messages.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "api/workplace/upgrade_request.h"
#include "base/bytes.h"
#include "wire/json_parse.h"
#include "wire/json_reader.h"
#include "wire/json_value.h"

namespace sallyport::api::workplace {

namespace {

using base::ErrorKind;

constexpr int kCreated = 201;
constexpr int kUnauthorized = 401;
constexpr int kTooMany = 429;
constexpr std::string_view kSessionPrefix = "ws-";
constexpr std::size_t kSessionDigits = 16;
constexpr std::size_t kQuotedBytes = 256;

std::optional<std::uint64_t> number_in(const wire::JsonObject& object, std::string_view name) {
  const auto found = std::ranges::find(object, name, &wire::JsonMember::name);
  const auto* number = found == object.end() ? nullptr : found->value.as_number();
  if (number == nullptr) return std::nullopt;
  std::uint64_t value = 0;
  const std::string& text = number->literal;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_session(std::string_view text) {
  if (!text.starts_with(kSessionPrefix) || text.size() != kSessionPrefix.size() + kSessionDigits) return false;
  return std::ranges::all_of(text.substr(kSessionPrefix.size()),
                             [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<Granted> granted_in(const wire::JsonObject& object) {
  wire::JsonFault fault;
  wire::JsonReader reader(object, "", fault);
  auto ticket = reader.text("ticket");
  auto session = reader.text("session");
  const auto idle = number_in(object, "idleSeconds");
  const auto ends = number_in(object, "endsAt");
  if (fault || !ticket || !is_ticket(*ticket) || !session || !is_session(*session) || !idle || !ends) {
    return std::nullopt;
  }
  return Granted{*std::move(ticket), *std::move(session), *idle, *ends};
}

std::string message_in(const wire::JsonObject& object) {
  wire::JsonFault fault;
  wire::JsonReader reader(object, "", fault);
  return wire::shortened(reader.text("message").value_or(""), kQuotedBytes);
}

}  // namespace

std::string body_of(const HostRequest& request) {
  const auto seconds = std::chrono::floor<base::Seconds>(request.credentials.expires_at.time_since_epoch()).count();
  return wire::to_text(wire::JsonObject{
      {"principalArn", request.principal_arn},
      {"holder", request.holder},
      {"region", request.region},
      {"requestId", request.request_id},
      {"cluster",
       wire::JsonObject{{"name", request.cluster},
                        {"endpoint", request.endpoint},
                        {"certificateAuthority", base::to_base64(base::as_bytes(request.certificate_authority_pem))}}},
      {"credentials", wire::JsonObject{{"accessKeyId", request.credentials.access_key_id},
                                       {"secretAccessKey", request.credentials.secret},
                                       {"sessionToken", request.session_token},
                                       {"expiration", wire::Json::number(static_cast<std::uint64_t>(seconds))}}}});
}

base::Result<Granted> read_answer(int status, std::string_view body, const std::string& host) {
  const auto json = wire::parse_json(body);
  const wire::JsonObject none;
  const wire::JsonObject& object = json && json->as_object() != nullptr ? *json->as_object() : none;
  const auto unavailable = [&](const std::string& why) {
    return base::fail(ErrorKind::kUnavailable, "the workplace host at " + host + " " + why);
  };
  if (status == kCreated) {
    if (auto granted = granted_in(object)) return *std::move(granted);
    return unavailable("answered what is no session; it must be of a version that fits this server's");
  }
  if (status == kUnauthorized) {
    return unavailable("does not know this server's secret; both secret_file must hold the same");
  }
  const std::string said = message_in(object);
  if (status == kTooMany && !said.empty()) return base::fail(ErrorKind::kLimitExceeded, said);
  return unavailable("answered with status " + std::to_string(status) + (said.empty() ? "" : ": " + said));
}

}  // namespace sallyport::api::workplace
