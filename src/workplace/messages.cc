#include "workplace/messages.h"

#include <algorithm>

#include "base/limits.h"
#include "wire/json_parse.h"
#include "wire/json_value.h"
#include "workplace/json_number.h"

namespace sallyport::workplace {

namespace {

using base::ErrorKind;
using base::fail;
using wire::Json;
using wire::JsonObject;

Json seconds(base::Seconds value) {
  return Json::number(static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0)));
}

Json epoch(base::Time time) { return seconds(std::chrono::floor<base::Seconds>(time.time_since_epoch())); }

std::optional<std::uint16_t> cells(const JsonObject& object, std::string_view name) {
  const auto value = number_of<std::uint16_t>(object, name);
  if (!value || *value < 1 || *value > base::limits::kWorkplaceCells) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string shown(std::string_view text) {
  std::string plain(text);
  std::ranges::replace_if(
      plain, [](char c) { return c < ' ' || c > '~'; }, '?');
  return plain;
}

}  // namespace

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::kExit: return "exit";
    case Reason::kIdle: return "idle";
    case Reason::kExpired: return "expired";
    case Reason::kDraining: return "draining";
    case Reason::kFailed: return "failed";
    case Reason::kGone: break;
  }
  return "gone";
}

std::uint16_t close_code(Reason reason) {
  switch (reason) {
    case Reason::kExit: return 1000;
    case Reason::kDraining:
    case Reason::kGone: return 1001;
    case Reason::kIdle:
    case Reason::kExpired: return 1008;
    case Reason::kFailed: break;
  }
  return 1011;
}

base::Result<std::variant<Size, Seen>> parse_said(std::string_view text) {
  const auto json = wire::parse_json(text);
  if (!json) return fail(json.error());
  const auto* object = json->as_object();
  if (object == nullptr) return fail(ErrorKind::kInvalidParameter, "a message must be an object");
  const auto type = std::ranges::find(*object, "type", &wire::JsonMember::name);
  const auto* name = type == object->end() ? nullptr : type->value.as_string();
  if (name != nullptr && *name == "seen") {
    const auto bytes = number_of<std::uint64_t>(*object, "bytes");
    if (bytes) return Seen{*bytes};
    return fail(ErrorKind::kInvalidParameter, "bytes must be a whole number", "bytes");
  }
  if (name == nullptr || *name != "resize") {
    return fail(ErrorKind::kInvalidParameter, "a message's type must be \"resize\" or \"seen\"", "type");
  }
  const auto columns = cells(*object, "columns");
  const auto rows = cells(*object, "rows");
  if (!columns || !rows) {
    return fail(ErrorKind::kInvalidParameter,
                "columns and rows must be whole numbers from 1 to " + std::to_string(base::limits::kWorkplaceCells),
                columns ? "rows" : "columns");
  }
  return Size{*columns, *rows};
}

std::string opened_message(std::string_view session, std::string_view cluster, base::Seconds idle, base::Time ends_at) {
  return to_text(JsonObject{{"type", "opened"},
                            {"session", session},
                            {"cluster", cluster},
                            {"idleSeconds", seconds(idle)},
                            {"endsAt", epoch(ends_at)}});
}

std::string ending_message(Reason reason, base::Seconds left) {
  return to_text(JsonObject{{"type", "ending"}, {"reason", to_string(reason)}, {"seconds", seconds(left)}});
}

std::string ended_message(Reason reason, int code, std::string_view message) {
  return to_text(JsonObject{{"type", "ended"},
                            {"reason", to_string(reason)},
                            {"code", wire::JsonNumber{std::to_string(code)}},
                            {"message", message}});
}

std::string granted_body(std::string_view ticket, std::string_view session, base::Seconds idle, base::Time ends_at) {
  return to_text(
      JsonObject{{"ticket", ticket}, {"session", session}, {"idleSeconds", seconds(idle)}, {"endsAt", epoch(ends_at)}});
}

std::string refusal_body(std::string_view message) { return to_text(JsonObject{{"message", message}}); }

std::optional<std::string_view> offered_ticket(std::string_view protocols) {
  constexpr std::string_view kTicket = "sallyport-ticket.";
  bool terminal = false;
  std::optional<std::string_view> ticket;
  while (!protocols.empty()) {
    const std::size_t comma = std::min(protocols.find(','), protocols.size());
    const std::string_view one = trimmed(protocols.substr(0, comma));
    protocols.remove_prefix(std::min(comma + 1, protocols.size()));
    if (one == kTerminalProtocol) terminal = true;
    if (!one.starts_with(kTicket)) continue;
    if (ticket) return std::nullopt;
    ticket = one.substr(kTicket.size());
  }
  return terminal ? ticket : std::nullopt;
}

std::string banner(std::string_view cluster, std::string_view principal, base::Time ends_at) {
  std::string end = base::format_rfc3339(ends_at);
  end = end.substr(0, 10) + " " + end.substr(11, 5) + " UTC";
  return "\x1b[1mCluster " + shown(cluster) + "\x1b[0m as " + shown(principal) + ", until " + end +
         ".\r\nkubectl is set up for it. What is kept here goes when the session ends.\r\n\r\n";
}

}  // namespace sallyport::workplace
