#pragma once

#include <string_view>

#include "api/audit/audit_log.h"
#include "api/workplace/terminal_gate.h"
#include "base/time.h"
#include "model/ids.h"

namespace sallyport::api::audit {

// A terminal that ended.
struct TerminalEnd {
  base::Time ended_at{};
  const model::AccountId& account;
  const model::Region& region;
  std::string_view event_id;
  const workplace::Closed& closed;
};

// Its record, `CloseWorkplace`: an event of the service, which nobody asked for. What was typed and shown is not in it.
// Pure.
Entry entry_of(const TerminalEnd& end);

}  // namespace sallyport::api::audit
