#include "app/shapes.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/bytes.h"
#include "base/ip_address.h"

namespace sallyport::app {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0;;) {
    const std::size_t to = text.find(separator, from);
    parts.push_back(text.substr(from, to - from));
    if (to == std::string_view::npos) return parts;
    from = to + 1;
  }
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

}  // namespace

bool is_account_id(std::string_view text) { return text.size() == 12 && std::ranges::all_of(text, is_digit); }

bool is_region(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, '-');
  if (parts.size() < 3 || text.size() > 32) return false;
  const auto word = [](std::string_view part) { return !part.empty() && std::ranges::all_of(part, is_lower); };
  return std::all_of(parts.begin(), parts.end() - 1, word) && !parts.back().empty() &&
         std::ranges::all_of(parts.back(), is_digit);
}

bool is_resource_id(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return (text.size() == 8 || text.size() == 17) &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_dns_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  return std::ranges::all_of(split(text, '.'), [](std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(base::ascii_lower(label), [](char c) { return is_digit(c) || is_lower(c) || c == '-'; });
  });
}

std::optional<std::string> why_not_address(std::string_view text) {
  if (const auto parsed = base::SocketAddress::parse(text)) {
    if (parsed->port != 0) return std::nullopt;
    return "port 0 would be a different one at every start; name a port from 1 to 65535";
  }
  if (const auto bare = base::IpAddress::parse(text)) {
    const std::string example = base::SocketAddress{*bare, 443}.to_string();
    return "has no port; write it like \"" + example + "\"";
  }
  const std::size_t colon = text.rfind(':');
  const std::string_view host = text.substr(0, colon);
  if (colon != std::string_view::npos && base::IpAddress::parse(host)) {
    return "the port is not a number from 1 to 65535";
  }
  if (colon != std::string_view::npos && is_dns_name(host)) {
    return "is a name; only addresses can be bound or dialled, so write the address it stands for";
  }
  return "is not an address with a port; write it like \"203.0.113.10:443\" or \"[2001:db8::10]:443\"";
}

std::optional<std::string> closest(std::string_view text, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(text, candidate);
    if (distance > std::max<std::size_t>(1, candidate.size() / 3)) continue;
    if (best && distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

}  // namespace sallyport::app
