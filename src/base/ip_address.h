#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::base {

enum class Family : std::uint8_t { kV4, kV6 };

// An IPv4 or IPv6 address. IPv4 is held in its IPv4-mapped form (RFC 4291 section 2.5.5.2), and an
// IPv4-mapped IPv6 address *is* the IPv4 address: a dual-stack socket must not open a side door.
// A value; network byte order inside.
class IpAddress {
 public:
  using Octets = std::array<std::uint8_t, 16>;

  constexpr IpAddress() = default;  // ::
  static IpAddress v4(std::uint32_t host_order);
  static IpAddress v4(std::span<const std::uint8_t, 4> network_order);
  static IpAddress v6(const Octets& network_order);

  // inet_pton(3) forms only: no zone ids, no leading zeros, no shorthand "127.1".
  static std::optional<IpAddress> parse(std::string_view text);

  Family family() const;
  bool is_v4() const { return family() == Family::kV4; }
  bool is_loopback() const;
  const Octets& octets() const { return octets_; }
  // Host byte order; only for IPv4.
  std::uint32_t v4_value() const;

  // Dotted quad for IPv4, RFC 5952 for IPv6.
  std::string to_string() const;

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;
  friend constexpr bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  Octets octets_{};
};

// An address and a TCP or UDP port.
struct SocketAddress {
  IpAddress address;
  std::uint16_t port = 0;

  // "192.0.2.1:443" or "[2001:db8::1]:443"; the port is 0 to 65535 in decimal and required.
  static std::optional<SocketAddress> parse(std::string_view text);
  std::string to_string() const;

  friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;
  friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
};

}  // namespace sallyport::base

template <>
struct std::hash<sallyport::base::IpAddress> {
  std::size_t operator()(const sallyport::base::IpAddress& address) const noexcept;
};
