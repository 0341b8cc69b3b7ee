#include "model/cidr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "model/test_generators.h"

namespace sallyport::model {
namespace {

using base::ErrorKind;
using base::IpAddress;
using testing::HasSubstr;

Cidr block(std::string_view text) { return Cidr::parse(text).value(); }
IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

void expect_refused(std::string_view text, const std::string& why) {
  const auto read = Cidr::parse(text);
  ASSERT_FALSE(read) << text;
  EXPECT_EQ(read.error().kind, ErrorKind::kInvalidParameter);
  EXPECT_THAT(read.error().message, HasSubstr("'" + std::string(text.substr(0, 64)) + "'"));
  EXPECT_THAT(read.error().message, HasSubstr(why));
}

TEST(Cidr, ParsesAndPrints) {
  for (const char* text : {"0.0.0.0/0", "203.0.113.5/32", "10.0.0.0/8", "128.0.0.0/1", "255.255.255.254/31", "::/0",
                           "::1/128", "2001:db8::/32", "8000::/1", "2001:db8::2/127"}) {
    EXPECT_EQ(block(text).to_string(), text);
  }
  EXPECT_EQ(block("2001:DB8:0:0::/32").to_string(), "2001:db8::/32");
  EXPECT_EQ(Cidr(), block("::/0"));
}

TEST(Cidr, HostBitsNameTheCanonicalBlock) {
  expect_refused("203.0.113.5/24", "has host bits set; write the canonical block 203.0.113.0/24");
  expect_refused("203.0.113.5/31", "203.0.113.4/31");
  expect_refused("203.0.113.5/0", "0.0.0.0/0");
  expect_refused("2001:db8::1/127", "2001:db8::/127");
  expect_refused("2001:db8::1/0", "::/0");
}

TEST(Cidr, RefusesPrefixLengths) {
  expect_refused("0.0.0.0/33", "has a prefix length over 32");
  expect_refused("::/129", "has a prefix length over 128");
  expect_refused("0.0.0.0/256", "over 32");
  expect_refused("0.0.0.0/4294967296", "not a decimal number");
  for (const char* digits : {"", "032", "00", "-1", "+8", " 8", "8 ", "0x8", "8.0", "8/8", "a"})
    expect_refused("0.0.0.0/" + std::string(digits), "prefix length that is not a decimal number");
  expect_refused("0.0.0.0", "has no prefix length; write it as address/length");
  expect_refused("", "has no prefix length");
}

TEST(Cidr, RefusesAddresses) {
  for (const char* host :
       {"", "10.0.0", "10.0.0.256", "010.0.0.0", "localhost", " 10.0.0.0", "10.0.0.0 ", ":::", "[::]", "fe80::%lo"}) {
    expect_refused(std::string(host) + "/8", "does not start with an IPv4 or IPv6 address");
  }
}

TEST(Cidr, MappedBlocksNameTheIpv4Block) {
  expect_refused("::ffff:203.0.113.5/128", "IPv4-mapped IPv6 block; write the IPv4 block 203.0.113.5/32");
  expect_refused("::ffff:203.0.113.5/120", "write the IPv4 block 203.0.113.0/24");
  expect_refused("::ffff:0:0/96", "write the IPv4 block 0.0.0.0/0");
  expect_refused("::ffff:0:0/95", "write an IPv4 block");
  expect_refused("::ffff:0:0/129", "write an IPv4 block");
}

TEST(Cidr, ALongValueDoesNotDrownTheMessage) {
  const auto read = Cidr::parse(std::string(100'000, '9') + "/8");
  ASSERT_FALSE(read);
  EXPECT_LT(read.error().message.size(), 200U);
}

TEST(Cidr, FamiliesNeverMeet) {
  EXPECT_TRUE(block("0.0.0.0/0").contains(ip("255.255.255.255")));
  EXPECT_TRUE(block("0.0.0.0/0").contains(ip("::ffff:192.0.2.1"))) << "a mapped address is the IPv4 address";
  EXPECT_FALSE(block("0.0.0.0/0").contains(ip("::")));
  EXPECT_FALSE(block("0.0.0.0/0").contains(ip("::192.0.2.1")));
  EXPECT_FALSE(block("::/0").contains(ip("192.0.2.1")));
  EXPECT_FALSE(block("::/0").contains(ip("::ffff:192.0.2.1")));
  EXPECT_FALSE(block("::fffe:0:0/95").contains(ip("192.0.2.1"))) << "whose bits it covers";
  EXPECT_TRUE(block("::/0").contains(ip("::fffe:192.0.2.1")));
  EXPECT_FALSE(block("::/0").contains(block("0.0.0.0/0")));
  EXPECT_FALSE(block("::/0").overlaps(block("10.0.0.0/8")));
}

TEST(Cidr, ContainsBlocks) {
  EXPECT_TRUE(block("10.0.0.0/8").contains(block("10.1.0.0/16")));
  EXPECT_TRUE(block("10.0.0.0/8").contains(block("10.0.0.0/8")));
  EXPECT_FALSE(block("10.1.0.0/16").contains(block("10.0.0.0/8")));
  EXPECT_FALSE(block("10.0.0.0/8").contains(block("11.0.0.0/16")));
  EXPECT_TRUE(block("10.1.0.0/16").overlaps(block("10.0.0.0/8")));
  EXPECT_FALSE(block("10.0.0.0/9").overlaps(block("10.128.0.0/9")));
}

TEST(Cidr, OfClampsThePrefix) {
  EXPECT_EQ(Cidr::of(ip("192.0.2.1"), 128).to_string(), "192.0.2.1/32");
  EXPECT_EQ(Cidr::of(ip("2001:db8::1"), 1'000).to_string(), "2001:db8::1/128");
  EXPECT_EQ(Cidr::of(ip("192.0.2.1"), 0).to_string(), "0.0.0.0/0");
}

RC_GTEST_PROP(Cidr, TextComesBack, ()) {
  const Cidr value = *any::cidr();
  RC_ASSERT(Cidr::parse(value.to_string()).value() == value);
}

RC_GTEST_PROP(Cidr, ContainsWhatTheBitsSay, ()) {
  const Cidr value = *any::cidr();
  const IpAddress address = *any::address_near({value});
  RC_ASSERT(value.contains(address) == any::holds(value, address));
}

RC_GTEST_PROP(Cidr, ABlockComesBeforeTheBlocksInsideIt, ()) {
  const Cidr outer = *any::cidr();
  const Cidr inner = Cidr::of(*any::address_near({outer}), *rc::gen::inRange<unsigned>(0, 129));
  if (outer.contains(inner)) RC_ASSERT(outer <= inner);
  RC_ASSERT(outer.contains(inner) == (outer.contains(inner.network()) && outer.prefix() <= inner.prefix()));
  RC_ASSERT(outer.overlaps(inner) == inner.overlaps(outer));
}

RC_GTEST_PROP(Cidr, AnyTextIsReadOrRefused, (const std::string& text)) {
  const auto read = Cidr::parse(text);
  if (read) RC_ASSERT(Cidr::parse(read->to_string()).value() == *read);
}

}  // namespace
}  // namespace sallyport::model
