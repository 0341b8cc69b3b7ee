#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/workplace/standing.h"
#include "api/workplace/tickets.h"
#include "base/ip_address.h"
#include "base/time.h"

namespace sallyport::api::workplace {

// Why a terminal is over, as far as this server knows. Of a shell that ended, and of a browser that left, it knows no
// more than that a connection was closed.
enum class End { kClosed, kNotOpened, kHostSilent, kBrowserStalled, kKeyGone, kNotAllowed, kClusterGone, kStopped };

// As the audit log has it: "closed", "not-opened", "host-silent", "browser-stalled", "key-invalid", "not-allowed",
// "cluster-deleted", "server-stopped".
std::string_view to_string(End end);

// What follows from a look.
End end_of(Standing standing);

// A terminal that ended, or that its ticket was used up for.
struct Closed {
  const Pass& pass;
  base::IpAddress source;
  std::string user_agent;
  End end = End::kClosed;
  base::Millis duration{};
  std::uint64_t bytes_from_browser = 0;
  std::uint64_t bytes_to_browser = 0;
};

// The WebSocket frames that a browser is told an end with: `ended`, as the host says it (docs/workplace.md), where
// there is something to say, and Close. Empty where nothing can be told. Pure.
std::string farewell_of(End end);

}  // namespace sallyport::api::workplace
