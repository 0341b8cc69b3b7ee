#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/result.h"

namespace sallyport::model {

// A CIDR block (RFC 4632, RFC 4291 section 2.3) with no host bit set. IPv4 and IPv6 blocks never
// match addresses of the other family: "::/0" admits no IPv4 address, mapped or not.
class Cidr {
 public:
  Cidr() = default;  // ::/0

  // Refuses with kInvalidParameter, naming the block: a missing or out-of-range prefix length, an
  // address that does not parse, host bits (naming the canonical block), IPv4-mapped IPv6 blocks
  // (naming the IPv4 block to write instead).
  static base::Result<Cidr> parse(std::string_view text);
  // The block of `prefix` bits that holds `address`; `prefix` is clamped to the family's width.
  static Cidr of(const base::IpAddress& address, unsigned prefix);

  const base::IpAddress& network() const { return network_; }
  // 0 to 32 for IPv4, 0 to 128 for IPv6.
  unsigned prefix() const { return prefix_; }
  base::Family family() const { return network_.family(); }

  bool contains(const base::IpAddress& address) const;
  bool contains(const Cidr& inner) const;
  bool overlaps(const Cidr& other) const { return contains(other) || other.contains(*this); }

  std::string to_string() const;

  // By network, then by prefix length: a block comes before the blocks inside it.
  friend auto operator<=>(const Cidr&, const Cidr&) = default;
  friend bool operator==(const Cidr&, const Cidr&) = default;

 private:
  base::IpAddress network_;
  std::uint8_t prefix_ = 0;
};

}  // namespace sallyport::model

template <>
struct std::hash<sallyport::model::Cidr> {
  std::size_t operator()(const sallyport::model::Cidr& block) const noexcept;
};
