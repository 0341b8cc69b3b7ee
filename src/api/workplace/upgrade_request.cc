#include "api/workplace/upgrade_request.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "api/http_message.h"
#include "base/bytes.h"

namespace sallyport::api::workplace {

namespace {

constexpr std::string_view kTicketProtocol = "sallyport-ticket.";
constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kTicketBytes = 32;

tl::unexpected<HttpResponse> refuse(int status, std::string_view message) {
  return tl::unexpected(server_answer(status, message));
}

// The elements of a header that is a list, given once or several times.
std::vector<std::string_view> elements_of(const HttpRequest& request, std::string_view name) {
  std::vector<std::string_view> elements;
  for (const auto& [key, value] : request.headers) {
    if (!base::ascii_iequals(key, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      std::string_view element = rest.substr(0, comma);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      element.remove_prefix(std::min(element.find_first_not_of(" \t"), element.size()));
      element = element.substr(0, element.find_last_not_of(" \t") + 1);
      if (!element.empty()) elements.push_back(element);
    }
  }
  return elements;
}

bool has(const std::vector<std::string_view>& elements, std::string_view wanted) {
  return std::ranges::any_of(elements, [&](std::string_view found) { return base::ascii_iequals(found, wanted); });
}

std::optional<std::string> ticket_of(const std::vector<std::string_view>& protocols) {
  if (protocols.size() != 2 || std::ranges::find(protocols, kTerminalProtocol) == protocols.end()) return std::nullopt;
  for (const std::string_view protocol : protocols) {
    if (!protocol.starts_with(kTicketProtocol)) continue;
    const std::string_view ticket = protocol.substr(kTicketProtocol.size());
    if (is_ticket(ticket)) return std::string(ticket);
  }
  return std::nullopt;
}

}  // namespace

bool is_ticket(std::string_view text) {
  const auto bytes = base::from_base64url(text);
  return bytes && bytes->size() == kTicketBytes;
}

tl::expected<UpgradeRequest, HttpResponse> read_upgrade(const HttpRequest& request) {
  if (request.method != "GET") return refuse(405, "A terminal is opened by GET, as a WebSocket.");
  const auto upgrade = elements_of(request, "Upgrade");
  if (upgrade.size() != 1 || !has(upgrade, "websocket") || !has(elements_of(request, "Connection"), "upgrade")) {
    auto refused = refuse(426, "A terminal is a WebSocket: Upgrade must be 'websocket', Connection 'Upgrade'.");
    refused.value().headers.emplace_back("Upgrade", "websocket");
    return refused;
  }
  const auto version = elements_of(request, "Sec-WebSocket-Version");
  if (version.size() != 1 || version.front() != "13") {
    auto refused = refuse(426, "Sec-WebSocket-Version must be 13.");
    refused.value().headers.emplace_back("Sec-WebSocket-Version", "13");
    return refused;
  }
  const auto key = elements_of(request, "Sec-WebSocket-Key");
  const auto bytes = key.size() == 1 ? base::from_base64(key.front()) : std::nullopt;
  if (!bytes || bytes->size() != kKeyBytes) return refuse(400, "Sec-WebSocket-Key must be 16 bytes in base64, once.");
  auto ticket = ticket_of(elements_of(request, "Sec-WebSocket-Protocol"));
  if (!ticket) {
    return refuse(400, "Sec-WebSocket-Protocol must be 'sallyport-terminal.v1, sallyport-ticket.' and the ticket.");
  }
  return UpgradeRequest{.key = std::string(key.front()), .ticket = *std::move(ticket)};
}

}  // namespace sallyport::api::workplace
