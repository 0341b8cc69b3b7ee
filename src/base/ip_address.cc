#include "base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace sallyport::base {

namespace {
constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

IpAddress IpAddress::v4(std::uint32_t host_order) {
  const std::array<std::uint8_t, 4> raw = {
      static_cast<std::uint8_t>(host_order >> 24), static_cast<std::uint8_t>(host_order >> 16),
      static_cast<std::uint8_t>(host_order >> 8), static_cast<std::uint8_t>(host_order)};
  return v4(raw);
}

IpAddress IpAddress::v4(std::span<const std::uint8_t, 4> network_order) {
  IpAddress address;
  std::ranges::copy(kMappedPrefix, address.octets_.begin());
  std::ranges::copy(network_order, address.octets_.begin() + 12);
  return address;
}

IpAddress IpAddress::v6(const Octets& network_order) {
  IpAddress address;
  address.octets_ = network_order;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  // inet_pton wants a terminated string; the longest valid text is INET6_ADDRSTRLEN.
  if (text.empty() || text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  std::ranges::copy(text, terminated.begin());
  if (std::ranges::find(text, '\0') != text.end()) return std::nullopt;
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, terminated.data(), four.data()) == 1) return v4(four);
  Octets sixteen{};
  if (inet_pton(AF_INET6, terminated.data(), sixteen.data()) == 1) return v6(sixteen);
  return std::nullopt;
}

Family IpAddress::family() const {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), octets_.begin()) ? Family::kV4 : Family::kV6;
}

bool IpAddress::is_loopback() const {
  if (is_v4()) return octets_[12] == 127;
  Octets one{};
  one[15] = 1;
  return octets_ == one;
}

std::uint32_t IpAddress::v4_value() const {
  return static_cast<std::uint32_t>(octets_[12]) << 24 | static_cast<std::uint32_t>(octets_[13]) << 16 |
         static_cast<std::uint32_t>(octets_[14]) << 8 | octets_[15];
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) {
    inet_ntop(AF_INET, octets_.data() + 12, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, octets_.data(), text.data(), text.size());
  }
  return text.data();
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (bracketed != (host.find(':') != std::string_view::npos)) return std::nullopt;
  const std::optional<IpAddress> address = IpAddress::parse(host);
  std::uint16_t port = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (!address || code != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return SocketAddress{*address, port};
}

std::string SocketAddress::to_string() const {
  const std::string host = address.to_string();
  return (address.is_v4() ? host : "[" + host + "]") + ":" + std::to_string(port);
}

}  // namespace sallyport::base

std::size_t std::hash<sallyport::base::IpAddress>::operator()(
    const sallyport::base::IpAddress& address) const noexcept {
  std::uint64_t state = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const std::uint8_t octet : address.octets())
    state = (state ^ octet) * 0x100000001b3ULL;
  return state;
}
