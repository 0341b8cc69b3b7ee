#include "wire/proxy_protocol.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string_view>
#include <vector>

namespace sallyport::wire {
namespace {

using Bytes = std::vector<std::uint8_t>;
using State = ProxyHeader::State;

base::SocketAddress at(std::string_view text) { return base::SocketAddress::parse(text).value(); }

// The fixed part: signature, command, family, length.
Bytes header(std::uint8_t command, std::uint8_t family, std::size_t length) {
  return {0x0d,
          0x0a,
          0x0d,
          0x0a,
          0x00,
          0x0d,
          0x0a,
          0x51,
          0x55,
          0x49,
          0x54,
          0x0a,
          command,
          family,
          static_cast<std::uint8_t>(length >> 8),
          static_cast<std::uint8_t>(length & 0xff)};
}

Bytes with(Bytes bytes, std::size_t zeroes) {
  bytes.resize(bytes.size() + zeroes);
  return bytes;
}

TEST(ProxyProtocol, EncodesTcp4AsTheSpecificationLaysItOut) {
  Bytes expected = header(0x21, 0x11, 12);
  const Bytes block{192, 0, 2, 1, 198, 51, 100, 2, 0x30, 0x39, 0x01, 0xbb};
  expected.insert(expected.end(), block.begin(), block.end());
  EXPECT_EQ(encode_proxy_header({at("192.0.2.1:12345"), at("198.51.100.2:443")}), expected);
}

TEST(ProxyProtocol, EncodesTcp6) {
  const Bytes encoded = encode_proxy_header({at("[2001:db8::1]:1"), at("[2001:db8::2]:443")});
  ASSERT_EQ(encoded.size(), 16U + 36U);
  EXPECT_EQ(encoded[13], 0x21);
  EXPECT_EQ(encoded[15], 36);
  EXPECT_EQ(encoded[16], 0x20);
  EXPECT_EQ(encoded[31], 1);
  EXPECT_EQ(encoded[47], 2);
}

TEST(ProxyProtocol, ReadsWhatItEncodes) {
  for (const ProxyEndpoints& endpoints : {ProxyEndpoints{at("192.0.2.1:12345"), at("198.51.100.2:443")},
                                          ProxyEndpoints{at("[2001:db8::1]:65535"), at("[2001:db8::2]:443")},
                                          ProxyEndpoints{at("192.0.2.1:1"), at("[2001:db8::2]:443")}}) {
    const auto parsed = parse_proxy_header(encode_proxy_header(endpoints));
    ASSERT_EQ(parsed.state, State::kComplete) << parsed.problem;
    EXPECT_EQ(parsed.endpoints, endpoints);
  }
}

TEST(ProxyProtocol, AMappedSourceIsTheIPv4Address) {
  Bytes bytes = with(header(0x21, 0x21, 36), 36);
  bytes[26] = bytes[27] = 0xff;
  bytes[28] = 203;
  bytes[31] = 7;
  EXPECT_EQ(parse_proxy_header(bytes).endpoints.value().source.address.to_string(), "203.0.0.7");
}

TEST(ProxyProtocol, TlvsAndTheStreamBehindAreSkipped) {
  const Bytes bytes = with(header(0x21, 0x11, 12 + 7), 12 + 7 + 30);
  const auto parsed = parse_proxy_header(bytes);
  ASSERT_EQ(parsed.state, State::kComplete);
  EXPECT_EQ(parsed.size, 16U + 12U + 7U);
}

TEST(ProxyProtocol, LocalAndUnspecifiedHaveNoEndpoints) {
  for (const Bytes& bytes : {header(0x20, 0x00, 0), with(header(0x20, 0x11, 12), 12), with(header(0x20, 0x31, 4), 4),
                             with(header(0x21, 0x00, 9), 9)}) {
    const auto parsed = parse_proxy_header(bytes);
    ASSERT_EQ(parsed.state, State::kComplete) << parsed.problem;
    EXPECT_EQ(parsed.size, bytes.size());
    EXPECT_FALSE(parsed.endpoints);
  }
}

TEST(ProxyProtocol, EveryShorterPieceNeedsMore) {
  const Bytes bytes = encode_proxy_header({at("192.0.2.1:1"), at("198.51.100.2:443")});
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(parse_proxy_header(std::span(bytes).first(size)).state, State::kNeedsMore) << size;
}

TEST(ProxyProtocol, BrokenOnesSayWhy) {
  const std::vector<std::pair<std::string_view, Bytes>> cases = {
      {"no PROXY v2 signature", {'P', 'R', 'O', 'X', 'Y'}},
      {"no PROXY v2 signature", {0x0d, 0x0a, 0x0e}},
      {"no PROXY v2 signature", {22, 3, 1}},
      {"unknown version or command", header(0x11, 0x11, 12)},
      {"unknown version or command", header(0x22, 0x11, 12)},
      {"header is over 4,096 bytes", header(0x21, 0x11, 4'081)},
      {"family is not TCP over IPv4 or IPv6", header(0x21, 0x12, 12)},
      {"family is not TCP over IPv4 or IPv6", header(0x21, 0x31, 216)},
      {"address block is cut short", header(0x21, 0x11, 11)},
      {"address block is cut short", header(0x21, 0x21, 35)},
  };
  for (const auto& [problem, bytes] : cases) {
    const auto parsed = parse_proxy_header(bytes);
    EXPECT_EQ(parsed.state, State::kInvalid) << problem;
    EXPECT_EQ(parsed.problem, problem);
    EXPECT_FALSE(parsed.endpoints);
  }
}

TEST(ProxyProtocol, AHeaderOfTheLimitIsRead) {
  EXPECT_EQ(parse_proxy_header(with(header(0x21, 0x11, 4'080), 4'080)).state, State::kComplete);
}

RC_GTEST_PROP(ProxyProtocolProperty, ReadsWhatItEncodes, ()) {
  const auto octets = *rc::gen::container<base::IpAddress::Octets>(rc::gen::arbitrary<std::uint8_t>());
  const auto v4 = *rc::gen::arbitrary<std::uint32_t>();
  const auto port = *rc::gen::arbitrary<std::uint16_t>();
  const base::SocketAddress six{base::IpAddress::v6(octets), port};
  const base::SocketAddress four{base::IpAddress::v4(v4), port};
  const ProxyEndpoints endpoints = *rc::gen::element(ProxyEndpoints{six, six}, ProxyEndpoints{four, four},
                                                     ProxyEndpoints{four, six}, ProxyEndpoints{six, four});
  const Bytes encoded = encode_proxy_header(endpoints);
  const auto parsed = parse_proxy_header(encoded);
  RC_ASSERT(parsed.state == State::kComplete);
  RC_ASSERT(parsed.size == encoded.size());
  RC_ASSERT(parsed.endpoints == std::optional(endpoints));
}

}  // namespace
}  // namespace sallyport::wire
