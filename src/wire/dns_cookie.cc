#include "wire/dns_cookie.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "base/bytes.h"

namespace sallyport::wire {

namespace {

constexpr std::size_t kClientPart = 8;
constexpr std::size_t kServerPart = 16;
constexpr std::int32_t kOldest = 3600;
constexpr std::int32_t kRenewAfter = 1800;
constexpr std::int32_t kFurthestAhead = 300;

std::uint64_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    value = value << 8 | bytes[i];
  return value;
}

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  void absorb(std::uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

std::uint32_t seconds_of(base::Time now) {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<base::Seconds>(now.time_since_epoch()).count());
}

// Seconds since the cookie was made, in serial-number arithmetic (RFC 9018 section 4.3).
std::int32_t age_of(std::span<const std::uint8_t> cookie, base::Time now) {
  const auto made_at = cookie.subspan(kClientPart + 4, 4);
  std::uint32_t made = 0;
  for (const std::uint8_t byte : made_at)
    made = made << 8 | byte;
  return static_cast<std::int32_t>(seconds_of(now) - made);
}

std::vector<std::uint8_t> whole(const DnsClientCookie& cookie) {
  std::vector<std::uint8_t> bytes(cookie.client.begin(), cookie.client.end());
  bytes.insert(bytes.end(), cookie.server.begin(), cookie.server.end());
  return bytes;
}

}  // namespace

std::uint64_t siphash_2_4(std::span<const std::uint8_t, 16> key, std::span<const std::uint8_t> data) {
  const std::uint64_t k0 = little_endian(key.first<8>());
  const std::uint64_t k1 = little_endian(key.last<8>());
  SipState state{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};
  const std::uint64_t length_byte = std::uint64_t{data.size() & 0xff} << 56;
  for (; data.size() >= 8; data = data.subspan(8))
    state.absorb(little_endian(data.first(8)));
  state.absorb(length_byte | little_endian(data));
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i)
    state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

DnsCookieMint::Reply DnsCookieMint::mint(std::span<const std::uint8_t, 8> client_part, const base::IpAddress& client,
                                         std::uint32_t timestamp) const {
  Reply out{};
  std::ranges::copy(client_part, out.begin());
  out[kClientPart] = 1;  // the version; three reserved bytes follow
  for (std::size_t i = 0; i < 4; ++i)
    out[kClientPart + 4 + i] = static_cast<std::uint8_t>(timestamp >> (24 - 8 * i));

  constexpr std::size_t kMade = kClientPart + 8;
  std::array<std::uint8_t, kMade + sizeof(base::IpAddress::Octets)> hashed{};
  std::copy_n(out.begin(), kMade, hashed.begin());
  const std::span<const std::uint8_t> octets = client.octets();
  const auto address = client.is_v4() ? octets.last(4) : octets;
  std::ranges::copy(address, hashed.begin() + kMade);
  std::uint64_t hash = siphash_2_4(secret_, std::span(hashed).first(kMade + address.size()));
  for (std::size_t i = kMade; i < out.size(); ++i, hash >>= 8)
    out[i] = static_cast<std::uint8_t>(hash);
  return out;
}

bool DnsCookieMint::is_good(std::span<const std::uint8_t> cookie, const base::IpAddress& client, base::Time now) const {
  if (cookie.size() != kClientPart + kServerPart) return false;
  const std::int32_t age = age_of(cookie, now);
  if (age > kOldest || age < -kFurthestAhead) return false;
  const Reply expected = mint(cookie.first<kClientPart>(), client, seconds_of(now) - static_cast<std::uint32_t>(age));
  return base::constant_time_equal(std::span(expected).last(kServerPart), cookie.last(kServerPart));
}

bool DnsCookieMint::is_good(const DnsClientCookie& cookie, const base::IpAddress& client, base::Time now) const {
  return is_good(whole(cookie), client, now);
}

DnsCookieMint::Reply DnsCookieMint::reply(std::span<const std::uint8_t> cookie, const base::IpAddress& client,
                                          base::Time now) const {
  if (!is_good(cookie, client, now) || age_of(cookie, now) > kRenewAfter) {
    return mint(cookie.first<kClientPart>(), client, seconds_of(now));
  }
  Reply out{};
  std::ranges::copy(cookie, out.begin());
  return out;
}

std::vector<std::uint8_t> DnsCookieMint::reply(const DnsClientCookie& cookie, const base::IpAddress& client,
                                               base::Time now) const {
  const Reply made = reply(whole(cookie), client, now);
  return {made.begin(), made.end()};
}

}  // namespace sallyport::wire
