#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/time.h"

// The text messages of a terminal's WebSocket; its binary ones are the terminal's bytes. Pure.
namespace sallyport::workplace {

struct Size {
  std::uint16_t columns = 80;
  std::uint16_t rows = 24;
  friend bool operator==(const Size&, const Size&) = default;
};

enum class Reason { kExit, kIdle, kExpired, kDraining, kFailed, kGone };
std::string_view to_string(Reason reason);  // kGone, of which a browser never hears: "gone"

// The close code that a session's end is told with (RFC 6455 section 7.4.1).
std::uint16_t close_code(Reason reason);

// How many bytes of the terminal's a browser has shown since its opening: the host is no further ahead than
// kWorkplaceUnseenBytes.
struct Seen {
  std::uint64_t bytes = 0;
  friend bool operator==(const Seen&, const Seen&) = default;
};

// Reads what a browser says: {"type":"resize","columns":120,"rows":40}, each 1 to kWorkplaceCells, or
// {"type":"seen","bytes":4096}.
base::Result<std::variant<Size, Seen>> parse_said(std::string_view text);

std::string opened_message(std::string_view session, std::string_view cluster, base::Seconds idle, base::Time ends_at);
std::string ending_message(Reason reason, base::Seconds left);
std::string ended_message(Reason reason, int code, std::string_view message);

// The answer to a grant.
std::string granted_body(std::string_view ticket, std::string_view session, base::Seconds idle, base::Time ends_at);
std::string refusal_body(std::string_view message);

// The ticket of a Sec-WebSocket-Protocol header, which offers "sallyport-terminal.v1" and "sallyport-ticket.<ticket>";
// nothing when either is missing or there is more than one ticket. A view into the argument.
std::optional<std::string_view> offered_ticket(std::string_view protocols);
inline constexpr std::string_view kTerminalProtocol = "sallyport-terminal.v1";

// What stands above the first prompt: cluster, who, when it ends.
std::string banner(std::string_view cluster, std::string_view principal, base::Time ends_at);

}  // namespace sallyport::workplace
