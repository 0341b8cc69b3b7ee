#pragma once

#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/ip_address.h"
#include "model/cidr.h"

// Arbitrary addresses and blocks, and what they mean, bit by bit: the oracle of the tests.
namespace sallyport::model::any {

inline bool bit(const base::IpAddress& address, unsigned index) {
  return (address.octets()[index / 8] >> (7 - index % 8) & 1) != 0;
}

inline bool holds(const Cidr& block, const base::IpAddress& address) {
  if (block.family() != address.family()) return false;
  const unsigned skipped = block.family() == base::Family::kV4 ? 96 : 0;
  for (unsigned i = skipped; i < skipped + block.prefix(); ++i) {
    if (bit(block.network(), i) != bit(address, i)) return false;
  }
  return true;
}

// Both families; IPv6 now and then just beside the IPv4-mapped range, where a mistake would show.
inline rc::Gen<base::IpAddress> address() {
  return rc::gen::exec([] {
    const auto low = *rc::gen::arbitrary<std::uint32_t>();
    const int kind = *rc::gen::inRange(0, 4);
    if (kind < 2) return base::IpAddress::v4(low);
    base::IpAddress::Octets octets{};
    if (kind == 2) {
      octets = base::IpAddress::v4(low).octets();
      octets[*rc::gen::inRange<std::size_t>(0, 12)] ^= static_cast<std::uint8_t>(1U << *rc::gen::inRange(0, 8));
    } else {
      for (std::uint8_t& octet : octets)
        octet = *rc::gen::arbitrary<std::uint8_t>();
    }
    return base::IpAddress::v6(octets);
  });
}

inline rc::Gen<Cidr> cidr() { return rc::gen::apply(Cidr::of, address(), rc::gen::inRange<unsigned>(0, 129)); }

// An address inside one of the blocks, just outside, or anywhere.
inline rc::Gen<base::IpAddress> address_near(std::vector<Cidr> blocks) {
  return rc::gen::exec([blocks = std::move(blocks)] {
    if (blocks.empty() || *rc::gen::inRange(0, 8) == 0) return *address();
    const Cidr block = blocks[*rc::gen::inRange<std::size_t>(0, blocks.size())];
    auto octets = block.network().octets();
    const unsigned skipped = block.family() == base::Family::kV4 ? 96 : 0;
    const auto flip = [&](unsigned index) {
      octets[index / 8] = static_cast<std::uint8_t>(octets[index / 8] ^ 0x80U >> (index % 8));
    };
    for (unsigned i = skipped + block.prefix(); i < 128; ++i) {
      if (*rc::gen::arbitrary<bool>()) flip(i);
    }
    if (block.prefix() > 0 && *rc::gen::inRange(0, 3) == 0)
      flip(skipped + *rc::gen::inRange(0U, unsigned{block.prefix()}));
    return base::IpAddress::v6(octets);
  });
}

}  // namespace sallyport::model::any
