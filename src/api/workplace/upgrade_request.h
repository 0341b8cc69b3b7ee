#pragma once

#include <string>

#include <tl/expected.hpp>

#include "api/http.h"

namespace sallyport::api::workplace {

inline constexpr std::string_view kTerminalProtocol = "sallyport-terminal.v1";

// A browser's request for a terminal (RFC 6455 section 4.1), as far as it goes on to the host.
struct UpgradeRequest {
  std::string key;     // Sec-WebSocket-Key
  std::string ticket;  // base64url of 32 bytes
};

// Reads it, or says what to answer. Everything that is passed on is of a known form. Pure.
tl::expected<UpgradeRequest, HttpResponse> read_upgrade(const HttpRequest& request);

// Whether text is shaped as a ticket.
bool is_ticket(std::string_view text);

}  // namespace sallyport::api::workplace
