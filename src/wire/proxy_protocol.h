#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/ip_address.h"

// The binary header of the PROXY protocol, version 2
// (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, section 2.2).
namespace sallyport::wire {

// A longer header, its TLVs included, is refused.
inline constexpr std::size_t kProxyHeaderBytes = 4'096;

struct ProxyEndpoints {
  base::SocketAddress source;
  base::SocketAddress destination;

  friend bool operator==(const ProxyEndpoints&, const ProxyEndpoints&) = default;
};

struct ProxyHeader {
  enum class State { kNeedsMore, kComplete, kInvalid };
  State state = State::kNeedsMore;
  std::size_t size = 0;  // bytes to skip, TLVs included; of a complete header
  // Nothing for LOCAL and for an unspecified family: the connection's own addresses count then.
  std::optional<ProxyEndpoints> endpoints;
  std::string_view problem;  // why it is invalid
};

// Looks at the start of a stream. TLVs are skipped unread; families other than TCP over IPv4 or IPv6 and
// unspecified are invalid. Pure; any input.
ProxyHeader parse_proxy_header(std::span<const std::uint8_t> bytes);

// A PROXY command without TLVs. Where the families differ both go out as IPv6, IPv4 in its mapped form.
std::vector<std::uint8_t> encode_proxy_header(const ProxyEndpoints& endpoints);

}  // namespace sallyport::wire
