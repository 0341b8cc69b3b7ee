#include "base/ip_address.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <unordered_set>

namespace sallyport::base {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

TEST(IpAddress, ParsesAndPrints) {
  for (const char* text : {"0.0.0.0", "127.0.0.1", "255.255.255.255", "203.0.113.5", "::", "::1", "2001:db8::1",
                           "2001:db8:1:2:3:4:5:6", "fe80::1", "64:ff9b::102:304", "2001:0:0:1::1"}) {
    EXPECT_EQ(ip(text).to_string(), text);
  }
}

TEST(IpAddress, PrintsTheShortestForm) {
  EXPECT_EQ(ip("2001:DB8:0:0:0:0:0:1").to_string(), "2001:db8::1");
  EXPECT_EQ(ip("2001:0db8:0000:0001:0001:0001:0001:0001").to_string(), "2001:db8:0:1:1:1:1:1") << "one zero stays";
  EXPECT_EQ(ip("2001:0:0:1:0:0:0:1").to_string(), "2001:0:0:1::1") << "the longest run";
  EXPECT_EQ(ip("2001:db8:0:0:1:0:0:1").to_string(), "2001:db8::1:0:0:1") << "the first of equals";
}

TEST(IpAddress, RefusesEverythingElse) {
  for (const char* text :
       {"",           " ",         "1",           "127.1",           "1.2.3",         "1.2.3.4.5",
        "1.2.3.256",  "01.2.3.4",  "1.2.3.04",    "0x7f.0.0.1",      "2130706433",    "1.2.3.4 ",
        " 1.2.3.4",   "1.2.3.4\n", "1.2.3.-4",    "+1.2.3.4",        "1..3.4",        "1.2.3.",
        "localhost",  ":",         ":::",         "1::2::3",         "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "12345::",    "g::",       "::1%lo",      "fe80::1%eth0",    "[::1]",         "::1/128",
        "1.2.3.4/32", "::1.2.3",   "::1.2.3.256", "::ffff:01.2.3.4", "1.2.3.4::"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0", 8)));
  EXPECT_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0.5", 10)));
  EXPECT_FALSE(IpAddress::parse(std::string(100'000, '1')));
}

TEST(IpAddress, AMappedAddressIsTheIpv4Address) {
  for (const char* mapped : {"::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"}) {
    EXPECT_EQ(ip(mapped), ip("192.0.2.1")) << mapped;
    EXPECT_TRUE(ip(mapped).is_v4());
    EXPECT_EQ(ip(mapped).to_string(), "192.0.2.1");
  }
  EXPECT_EQ(IpAddress::v6(ip("192.0.2.1").octets()), ip("192.0.2.1"));
  // Its neighbours are not.
  for (const char* other : {"::192.0.2.1", "::fffe:192.0.2.1", "::1:ffff:192.0.2.1", "64:ff9b::192.0.2.1"})
    EXPECT_FALSE(ip(other).is_v4()) << other;
}

TEST(IpAddress, LoopbackIsBothFamilies) {
  for (const char* text : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.9"})
    EXPECT_TRUE(ip(text).is_loopback()) << text;
  for (const char* text : {"126.255.255.255", "128.0.0.0", "::", "::2", "::127.0.0.1", "7f00::1"})
    EXPECT_FALSE(ip(text).is_loopback()) << text;
}

RC_GTEST_PROP(IpAddress, Ipv4ComesBack, (std::uint32_t value)) {
  const IpAddress address = IpAddress::v4(value);
  RC_ASSERT(address.is_v4());
  RC_ASSERT(address.v4_value() == value);
  RC_ASSERT(IpAddress::parse(address.to_string()) == address);
  RC_ASSERT(IpAddress::parse("::ffff:" + address.to_string()) == address);
}

RC_GTEST_PROP(IpAddress, Ipv6ComesBack, ()) {
  IpAddress::Octets octets{};
  for (std::uint8_t& octet : octets)
    octet = *rc::gen::weightedOneOf<std::uint8_t>(
        {{3, rc::gen::just<std::uint8_t>(0)}, {1, rc::gen::arbitrary<std::uint8_t>()}});
  const IpAddress address = IpAddress::v6(octets);
  RC_ASSERT(address.octets() == octets);
  RC_ASSERT(IpAddress::parse(address.to_string()) == address);
}

RC_GTEST_PROP(IpAddress, OrderAndHashFollowTheValue, (std::uint32_t a, std::uint32_t b)) {
  RC_ASSERT((IpAddress::v4(a) < IpAddress::v4(b)) == (a < b));
  const std::unordered_set<IpAddress> both = {IpAddress::v4(a), IpAddress::v4(b), IpAddress::v4(a)};
  RC_ASSERT(both.size() == (a == b ? 1U : 2U));
}

TEST(SocketAddress, ParsesAndPrints) {
  for (const char* text : {"192.0.2.1:443", "[2001:db8::1]:443", "0.0.0.0:0", "[::]:65535"})
    EXPECT_EQ(SocketAddress::parse(text).value().to_string(), text);
  EXPECT_EQ(SocketAddress::parse("[::ffff:192.0.2.1]:443"), SocketAddress::parse("192.0.2.1:443"));
  EXPECT_EQ(SocketAddress::parse("192.0.2.1:443")->port, 443);
}

TEST(SocketAddress, RefusesEverythingElse) {
  for (const char* text : {"",
                           ":",
                           ":443",
                           "192.0.2.1",
                           "192.0.2.1:",
                           "192.0.2.1:65536",
                           "192.0.2.1:-1",
                           "192.0.2.1:+1",
                           "192.0.2.1: 443",
                           "192.0.2.1:443 ",
                           "192.0.2.1:0x1bb",
                           "192.0.2.1:https",
                           "192.0.2.1:99999999999999999999",
                           "::1:443",
                           "[::1]",
                           "[::1]443",
                           "[::1]:",
                           "[::1:443",
                           "::1]:443",
                           "[192.0.2.1]:443",
                           "[[::1]]:443",
                           "[]:443",
                           "localhost:443",
                           "[fe80::1%lo]:443"}) {
    EXPECT_FALSE(SocketAddress::parse(text)) << text;
  }
}

RC_GTEST_PROP(SocketAddress, AnyTextIsReadOrRefused, (const std::string& text)) {
  const auto address = SocketAddress::parse(text);
  if (address) RC_ASSERT(SocketAddress::parse(address->to_string()) == address);
}

}  // namespace
}  // namespace sallyport::base
