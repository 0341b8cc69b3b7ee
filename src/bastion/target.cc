#include "bastion/target.h"

#include <algorithm>

#include "base/bytes.h"

namespace sallyport::bastion {

namespace {

constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kGroupEnd = kIdDigits + 5;  // ".gr1."

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool is_endpoint(std::string_view name, const Realm& realm) {
  if (name.size() < kGroupEnd || !std::ranges::all_of(name.substr(0, kIdDigits), is_hex)) return false;
  const std::string_view group = name.substr(kIdDigits, kGroupEnd - kIdDigits);
  if (group != ".gr1." && group != ".sk1." && group != ".yl4.") return false;
  return name.substr(kGroupEnd) == realm.region + ".eks." + realm.zone;
}

// Also what inet_aton(3) and some resolvers take for an address: "127.1", "0x7f000001", "2130706433".
bool is_address(std::string_view host) {
  if (base::IpAddress::parse(host) || host.find(':') != std::string_view::npos) return true;
  const std::string_view last = host.substr(host.rfind('.') + 1);
  return !last.empty() && last.front() >= '0' && last.front() <= '9';
}

}  // namespace

tl::expected<std::string, Refusal> authorise(std::string_view host, std::uint16_t port, const Realm& realm) {
  std::string name = base::ascii_lower(host);
  if (is_endpoint(name, realm)) {
    if (port != realm.port) return tl::unexpected(Refusal::kWrongPort);
    return name;
  }
  return tl::unexpected(is_address(name) ? Refusal::kIpLiteral : Refusal::kNotAnEndpoint);
}

bool may_be_endpoint(const base::IpAddress& address) {
  if (address.is_v4()) {
    const std::uint32_t value = address.v4_value();
    const std::uint32_t first = value >> 24U;
    const bool unspecified = first == 0;
    const bool multicast = first >> 4U == 0xE;
    const bool link_local = value >> 16U == 0xA9FE;  // 169.254/16
    return !unspecified && !multicast && !link_local && value != UINT32_MAX;
  }
  const auto& octets = address.octets();
  const bool unspecified = address == base::IpAddress();
  const bool multicast = octets[0] == 0xFF;
  const bool link_local = octets[0] == 0xFE && (octets[1] & 0xC0U) == 0x80;  // fe80::/10
  return !unspecified && !multicast && !link_local;
}

}  // namespace sallyport::bastion
