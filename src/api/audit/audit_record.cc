#include "api/audit/audit_record.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "api/audit/answer.h"
#include "api/audit/identity_view.h"
#include "api/audit/parameters.h"
#include "api/audit/redaction.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::audit {

namespace {

using base::limits::kAuditFieldBytes;
using base::limits::kAuditTextBytes;

constexpr std::string_view kEventVersion = "1.11";
constexpr std::array<std::string_view, 8> kTelling = {"Describe", "Explain", "Get",    "List",
                                                      "Lookup",   "Preview", "Search", "Simulate"};
constexpr std::size_t kLongestService = 32;
constexpr std::size_t kLongestKeyId = 32;

template <class Fn>
bool made_of(std::string_view text, std::size_t longest, Fn allowed) {
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, allowed);
}

std::string source_of(std::string_view service) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return std::string(made_of(service, kLongestService, allowed) ? service : "unknown") + ".amazonaws.com";
}

wire::Json bounded(wire::Json json) {
  const std::size_t size = wire::to_text(json).size();
  if (size <= kAuditFieldBytes) return json;
  return wire::JsonObject{
      {"omitted", true}, {"originalSize", wire::Json::number(size)}, {"reason", "longer than the record may be"}};
}

Result result_of(const Called& called) {
  if (called.principal == nullptr) return Result::kUnauthenticated;
  if (called.response.status == 403) return Result::kDenied;
  return called.response.status < 400 ? Result::kAllowed : Result::kFailed;
}

// AKIA…, ASIA…: what is shaped otherwise may be anything, a secret put in the wrong place too.
bool is_key_id(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'); };
  return made_of(text, kLongestKeyId, allowed) && (text.starts_with("AKIA") || text.starts_with("ASIA"));
}

}  // namespace

bool is_read_only(std::string_view operation) {
  return operation == "AssumeRole" ||
         std::ranges::any_of(kTelling, [&](std::string_view word) { return operation.starts_with(word); });
}

Entry entry_of(const Called& called) {
  const bool known = called.principal != nullptr;
  std::string_view service = called.service;
  if (!known && known_service(service) != service) service = service_spoken(called.request);
  const std::string operation = operation_named(service, called.request);
  const bool get = called.request.method == "GET" || called.request.method == "HEAD";
  const bool read_only = operation == "Unknown" ? get : is_read_only(operation);

  Redaction redaction;
  for (const auto& [name, value] : signature_of(called.request))
    redaction.hide(name, value);
  wire::Json asked = known ? redaction.hide({}, parameters_of(service, called.request)) : wire::Json();
  wire::Json told;
  if (known && (!read_only || operation == "AssumeRole" || operation == "GetSessionToken")) {
    told = redaction.scrub_all(redaction.hide({}, elements_of(called.protocol, called.response)));
  }

  wire::JsonObject record{
      {"eventVersion", kEventVersion},
      {"userIdentity", known ? identity_of(*called.principal, called.access_key_id)
                             : wire::Json(wire::JsonObject{{"type", "Unknown"}})},
      {"eventTime", base::format_rfc3339_seconds(called.answered_at)},
      {"eventSource", source_of(service)},
      {"eventName", operation},
      {"awsRegion", called.region.str()},
      {"sourceIPAddress", called.request.source.to_string()},
      {"userAgent", wire::shortened(redaction.scrub(called.request.header("User-Agent")), kAuditTextBytes)}};
  if (const auto failure = failure_of(called.protocol, called.response)) {
    record.push_back({"errorCode", wire::shortened(failure->code, kAuditTextBytes)});
    // The messages of refused signatures quote the request.
    const std::string message = known ? redaction.scrub(failure->message) : std::string();
    if (!message.empty()) record.push_back({"errorMessage", wire::shortened(message, kAuditTextBytes)});
  }
  record.push_back({"requestParameters", bounded(redaction.scrub_all(asked))});
  record.push_back({"responseElements", bounded(std::move(told))});
  if (!known && is_key_id(called.access_key_id)) {
    record.push_back({"additionalEventData", wire::JsonObject{{"claimedAccessKeyId", called.access_key_id}}});
  }
  record.push_back({"requestID", called.request_id});
  record.push_back({"eventID", called.event_id});
  record.push_back({"readOnly", read_only});
  record.push_back({"eventType", "AwsApiCall"});
  record.push_back({"managementEvent", true});
  record.push_back({"recipientAccountId", called.account.str()});
  record.push_back({"eventCategory", "Management"});
  return {.line = wire::to_text(record) + "\n",
          .result = result_of(called),
          .change = !read_only && called.response.status < 400};
}

}  // namespace sallyport::api::audit
