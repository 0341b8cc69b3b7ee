#include "wire/dns_cookie.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/bytes.h"

namespace sallyport::wire {
namespace {

using namespace std::chrono_literals;

const base::IpAddress kClient = base::IpAddress::parse("198.51.100.100").value();
const base::Time kMade{std::chrono::seconds(1559731985)};
// RFC 9018, appendix A.
const DnsCookieMint kMint({0xe5, 0xe9, 0x73, 0xe5, 0xa6, 0xb2, 0xa4, 0x3f, 0x48, 0xe7, 0xdc, 0x84, 0x9e, 0x37, 0xbf,
                           0xcf});
const DnsClientCookie kFirst{{0x24, 0x64, 0xc4, 0xab, 0xcf, 0x10, 0xc9, 0x57}, {}};

DnsClientCookie returned(const std::vector<std::uint8_t>& option) {
  DnsClientCookie cookie;
  std::copy_n(option.begin(), 8, cookie.client.begin());
  cookie.server.assign(option.begin() + 8, option.end());
  return cookie;
}

TEST(SipHash, PublishedVectors) {
  std::array<std::uint8_t, 16> key{};
  std::iota(key.begin(), key.end(), std::uint8_t{0});
  std::vector<std::uint8_t> data(15);
  std::iota(data.begin(), data.end(), std::uint8_t{0});
  EXPECT_EQ(siphash_2_4(key, data), 0xa129ca6149be45e5U);
  EXPECT_EQ(siphash_2_4(key, {}), 0x726fdb47dd0e0e31U);
}

TEST(DnsCookie, FirstCookieOfRfc9018) {
  EXPECT_EQ(base::to_hex(kMint.reply(kFirst, kClient, kMade)), "2464c4abcf10c957010000005cf79f111f8130c3eee29480");
}

TEST(DnsCookie, AGoodOneIsKeptForHalfAnHourAndGoodForAnHour) {
  const auto cookie = returned(kMint.reply(kFirst, kClient, kMade));
  const auto same = kMint.reply(cookie, kClient, kMade + 30min);
  EXPECT_EQ(returned(same), cookie);
  EXPECT_NE(returned(kMint.reply(cookie, kClient, kMade + 30min + 1s)), cookie);
  EXPECT_TRUE(kMint.is_good(cookie, kClient, kMade + 60min));
  EXPECT_FALSE(kMint.is_good(cookie, kClient, kMade + 60min + 1s));
  EXPECT_TRUE(kMint.is_good(cookie, kClient, kMade - 5min));
  EXPECT_FALSE(kMint.is_good(cookie, kClient, kMade - 5min - 1s));
}

TEST(DnsCookie, OtherClientsSecretsAndBytesAreNoGood) {
  const auto cookie = returned(kMint.reply(kFirst, kClient, kMade));
  EXPECT_FALSE(kMint.is_good(cookie, base::IpAddress::parse("198.51.100.101").value(), kMade));
  EXPECT_FALSE(DnsCookieMint({1}).is_good(cookie, kClient, kMade));
  for (std::size_t i = 0; i < cookie.server.size(); ++i) {
    auto forged = cookie;
    forged.server[i] ^= 1;
    EXPECT_FALSE(kMint.is_good(forged, kClient, kMade)) << i;
    EXPECT_EQ(returned(kMint.reply(forged, kClient, kMade)), cookie) << i;
  }
  auto longer = cookie;
  longer.server.push_back(0);
  EXPECT_FALSE(kMint.is_good(longer, kClient, kMade));
}

TEST(DnsCookie, IPv6ClientsCountWithTheirWholeAddress) {
  const auto client = base::IpAddress::parse("2001:db8::1").value();
  const auto cookie = returned(kMint.reply(kFirst, client, kMade));
  EXPECT_TRUE(kMint.is_good(cookie, client, kMade));
  EXPECT_FALSE(kMint.is_good(cookie, base::IpAddress::parse("2001:db8:1::1").value(), kMade));
}

TEST(DnsCookie, AsItCameGivesTheSame) {
  const auto made = kMint.reply(kFirst, kClient, kMade);
  for (const auto age : {0s, 1799s, 1801s, 3601s, -301s}) {
    const auto again = kMint.reply(std::span(made), kClient, kMade + age);
    EXPECT_TRUE(std::ranges::equal(again, kMint.reply(returned(made), kClient, kMade + age))) << age.count();
  }
  EXPECT_TRUE(std::ranges::equal(kMint.reply(std::span(kFirst.client), kClient, kMade), made));
}

}  // namespace
}  // namespace sallyport::wire
