#include "wire/proxy_protocol.h"

#include <algorithm>
#include <array>

namespace sallyport::wire {

namespace {

constexpr std::array<std::uint8_t, 12> kSignature = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                                     0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
constexpr std::size_t kFixedBytes = 16;
constexpr std::uint8_t kLocal = 0x20;
constexpr std::uint8_t kProxy = 0x21;
constexpr std::uint8_t kUnspecified = 0x00;
constexpr std::uint8_t kTcp4 = 0x11;
constexpr std::uint8_t kTcp6 = 0x21;
constexpr std::size_t kTcp4Bytes = 12;
constexpr std::size_t kTcp6Bytes = 36;

ProxyHeader invalid(std::string_view problem) {
  return {.state = ProxyHeader::State::kInvalid, .size = 0, .endpoints = {}, .problem = problem};
}

std::uint16_t port_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

base::IpAddress v6_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  base::IpAddress::Octets octets{};
  std::ranges::copy(bytes.subspan(at, octets.size()), octets.begin());
  return base::IpAddress::v6(octets);
}

ProxyEndpoints read_tcp4(std::span<const std::uint8_t> block) {
  return {.source = {base::IpAddress::v4(block.subspan<0, 4>()), port_at(block, 8)},
          .destination = {base::IpAddress::v4(block.subspan<4, 4>()), port_at(block, 10)}};
}

ProxyEndpoints read_tcp6(std::span<const std::uint8_t> block) {
  return {.source = {v6_at(block, 0), port_at(block, 32)}, .destination = {v6_at(block, 16), port_at(block, 34)}};
}

void put_port(std::vector<std::uint8_t>& out, std::uint16_t port) {
  out.push_back(static_cast<std::uint8_t>(port >> 8));
  out.push_back(static_cast<std::uint8_t>(port & 0xff));
}

}  // namespace

ProxyHeader parse_proxy_header(std::span<const std::uint8_t> bytes) {
  const std::size_t compared = std::min(bytes.size(), kSignature.size());
  if (!std::ranges::equal(bytes.first(compared), std::span(kSignature).first(compared))) {
    return invalid("no PROXY v2 signature");
  }
  if (bytes.size() < kFixedBytes) return {};
  const std::uint8_t command = bytes[12];
  if (command != kLocal && command != kProxy) return invalid("unknown version or command");
  const std::size_t length = port_at(bytes, 14);
  const std::size_t size = kFixedBytes + length;
  if (size > kProxyHeaderBytes) return invalid("header is over 4,096 bytes");
  const std::uint8_t family = bytes[13];
  const bool addressed = command == kProxy && family != kUnspecified;
  if (addressed && family != kTcp4 && family != kTcp6) return invalid("family is not TCP over IPv4 or IPv6");
  if (addressed && length < (family == kTcp4 ? kTcp4Bytes : kTcp6Bytes)) return invalid("address block is cut short");
  if (bytes.size() < size) return {};

  ProxyHeader header{.state = ProxyHeader::State::kComplete, .size = size, .endpoints = {}, .problem = {}};
  const auto block = bytes.subspan(kFixedBytes, length);
  if (addressed) header.endpoints = family == kTcp4 ? read_tcp4(block) : read_tcp6(block);
  return header;
}

std::vector<std::uint8_t> encode_proxy_header(const ProxyEndpoints& endpoints) {
  const auto& [source, destination] = endpoints;
  const bool v4 = source.address.is_v4() && destination.address.is_v4();
  std::vector<std::uint8_t> out(kSignature.begin(), kSignature.end());
  out.push_back(kProxy);
  out.push_back(v4 ? kTcp4 : kTcp6);
  put_port(out, static_cast<std::uint16_t>(v4 ? kTcp4Bytes : kTcp6Bytes));
  const std::ptrdiff_t skipped = v4 ? 12 : 0;  // the mapped prefix
  for (const base::IpAddress* address : {&source.address, &destination.address})
    out.insert(out.end(), address->octets().begin() + skipped, address->octets().end());
  put_port(out, source.port);
  put_port(out, destination.port);
  return out;
}

}  // namespace sallyport::wire
