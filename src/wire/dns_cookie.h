#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/ip_address.h"
#include "base/time.h"
#include "wire/dns_query.h"

namespace sallyport::wire {

// SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF"), 64-bit output.
std::uint64_t siphash_2_4(std::span<const std::uint8_t, 16> key, std::span<const std::uint8_t> data);

// Makes server cookies as RFC 9018 section 4 lays them out, from a secret that stays in this object.
// A cookie proves that its bearer received an answer of ours at its address within the last hour.
// A value; safe to use from any thread.
class DnsCookieMint {
 public:
  using Secret = std::array<std::uint8_t, 16>;
  using Reply = std::array<std::uint8_t, 24>;  // a whole COOKIE option's data: the client's part, then ours
  explicit DnsCookieMint(const Secret& secret) : secret_(secret) {}

  // The whole COOKIE option to answer `cookie` with: the client's part, then its own server part while that
  // is good and younger than half an hour, else a fresh one.
  std::vector<std::uint8_t> reply(const DnsClientCookie& cookie, const base::IpAddress& client, base::Time now) const;
  // The same for `cookie` as it came: 8 bytes or more, of which the first 8 are the client's part.
  Reply reply(std::span<const std::uint8_t> cookie, const base::IpAddress& client, base::Time now) const;

  // Whether the server part is ours, for this client, not older than an hour nor over five minutes ahead.
  bool is_good(const DnsClientCookie& cookie, const base::IpAddress& client, base::Time now) const;

 private:
  bool is_good(std::span<const std::uint8_t> cookie, const base::IpAddress& client, base::Time now) const;
  Reply mint(std::span<const std::uint8_t, 8> client_part, const base::IpAddress& client,
             std::uint32_t timestamp) const;

  Secret secret_;
};

}  // namespace sallyport::wire
