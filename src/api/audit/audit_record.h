#pragma once

#include <string>
#include <string_view>

#include "api/audit/audit_log.h"
#include "api/http.h"
#include "api/protocol.h"
#include "base/time.h"
#include "iam/credentials.h"
#include "model/ids.h"

namespace sallyport::api::audit {

// Whether an operation only tells, as CloudTrail's `readOnly` has it; AssumeRole is one of those.
bool is_read_only(std::string_view operation);

// A call that was answered. Views and references must outlive the making of the record.
struct Called {
  base::Time answered_at{};
  const model::AccountId& account;
  const model::Region& region;
  std::string_view request_id;
  std::string_view event_id;
  const HttpRequest& request;
  const HttpResponse& response;
  Protocol protocol = Protocol::kRestJson;
  std::string_view service;                   // of the credential scope; empty or anything where nobody vouches for it
  const iam::Principal* principal = nullptr;  // null: who called could not be established
  std::string_view access_key_id;             // claimed, where there is no principal
};

// Its record in CloudTrail's shape (User Guide, "CloudTrail record contents"), one line of JSON. Holds no secret, and
// of a call that nobody vouches for nothing but bounded names. Fields longer than limits::kAuditFieldBytes are left out
// and say so. Pure; any thread.
Entry entry_of(const Called& called);

}  // namespace sallyport::api::audit
