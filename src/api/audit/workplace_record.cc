#include "api/audit/workplace_record.h"

#include <chrono>
#include <cstdint>

#include "api/audit/identity_view.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::audit {

Entry entry_of(const TerminalEnd& end) {
  const workplace::Closed& closed = end.closed;
  const workplace::Pass& pass = closed.pass;
  const auto seconds = std::chrono::round<base::Seconds>(closed.duration).count();
  const wire::JsonObject record{
      {"eventVersion", "1.11"},
      {"userIdentity", identity_of(pass.principal, pass.access_key_id)},
      {"eventTime", base::format_rfc3339_seconds(end.ended_at)},
      {"eventSource", "sallyport.amazonaws.com"},
      {"eventName", "CloseWorkplace"},
      {"awsRegion", end.region.str()},
      {"sourceIPAddress", closed.source.to_string()},
      {"userAgent", wire::shortened(closed.user_agent, base::limits::kAuditTextBytes)},
      {"requestParameters", wire::Json()},
      {"responseElements", wire::Json()},
      {"serviceEventDetails",
       wire::JsonObject{{"session", pass.session},
                        {"clusterName", pass.cluster.str()},
                        {"accessKeyId", pass.minted_key_id},
                        {"reason", workplace::to_string(closed.end)},
                        {"durationSeconds", wire::Json::number(static_cast<std::uint64_t>(seconds))},
                        {"bytesFromBrowser", wire::Json::number(closed.bytes_from_browser)},
                        {"bytesToBrowser", wire::Json::number(closed.bytes_to_browser)}}},
      {"eventID", end.event_id},
      {"readOnly", false},
      {"eventType", "AwsServiceEvent"},
      {"managementEvent", true},
      {"recipientAccountId", end.account.str()},
      {"eventCategory", "Management"}};
  return {.line = wire::to_text(record) + "\n", .result = Result::kAllowed, .change = false};
}

}  // namespace sallyport::api::audit
