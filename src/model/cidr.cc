#include "model/cidr.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace sallyport::model {

namespace {

using base::ErrorKind;
using base::fail;
using base::Family;
using base::IpAddress;

constexpr unsigned kMappedBits = 96;

unsigned width(Family family) { return family == Family::kV4 ? 32 : 128; }

// Where the block's prefix ends in the 16-octet form.
unsigned significant_bits(Family family, unsigned prefix) {
  return family == Family::kV4 ? kMappedBits + prefix : prefix;
}

bool same_leading_bits(const IpAddress::Octets& a, const IpAddress::Octets& b, unsigned bits) {
  const unsigned whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

IpAddress masked(const IpAddress& address, unsigned bits) {
  IpAddress::Octets octets = address.octets();
  if (bits % 8 != 0) octets[bits / 8] = static_cast<std::uint8_t>(octets[bits / 8] & ~(0xffU >> (bits % 8)));
  std::fill(octets.begin() + (bits + 7) / 8, octets.end(), std::uint8_t{0});
  return IpAddress::v6(octets);
}

}  // namespace

base::Result<Cidr> Cidr::parse(std::string_view text) {
  const auto bad = [&](const std::string& why) {
    // An over-long value would drown the message.
    return fail(ErrorKind::kInvalidParameter, "CIDR block '" + std::string(text.substr(0, 64)) + "' " + why);
  };
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos)
    return bad("has no prefix length; write it as address/length, such as 203.0.113.5/32");
  const std::string_view host = text.substr(0, slash);
  const std::string_view digits = text.substr(slash + 1);
  const auto address = IpAddress::parse(host);
  if (!address) return bad("does not start with an IPv4 or IPv6 address");

  unsigned prefix = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  const bool leading_zero = digits.size() > 1 && digits.front() == '0';
  if (code != std::errc{} || end != digits.data() + digits.size() || leading_zero) {
    return bad("has a prefix length that is not a decimal number");
  }
  const bool written_as_v6 = host.find(':') != std::string_view::npos;
  if (written_as_v6 && address->is_v4()) {
    if (prefix >= kMappedBits && prefix <= 128) {
      return bad("is an IPv4-mapped IPv6 block; write the IPv4 block " +
                 of(*address, prefix - kMappedBits).to_string());
    }
    return bad("is an IPv4-mapped IPv6 block; write an IPv4 block");
  }
  if (prefix > width(address->family())) {
    return bad("has a prefix length over " + std::to_string(width(address->family())));
  }
  const Cidr block = of(*address, prefix);
  if (block.network_ != *address) return bad("has host bits set; write the canonical block " + block.to_string());
  return block;
}

Cidr Cidr::of(const IpAddress& address, unsigned prefix) {
  Cidr block;
  block.prefix_ = static_cast<std::uint8_t>(std::min(prefix, width(address.family())));
  block.network_ = masked(address, significant_bits(address.family(), block.prefix_));
  return block;
}

bool Cidr::contains(const IpAddress& address) const {
  return address.family() == family() &&
         same_leading_bits(address.octets(), network_.octets(), significant_bits(family(), prefix_));
}

bool Cidr::contains(const Cidr& inner) const { return inner.prefix_ >= prefix_ && contains(inner.network_); }

std::string Cidr::to_string() const { return network_.to_string() + "/" + std::to_string(prefix_); }

}  // namespace sallyport::model

std::size_t std::hash<sallyport::model::Cidr>::operator()(const sallyport::model::Cidr& block) const noexcept {
  const auto& octets = block.network().octets();
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, octets.data(), sizeof(high));
  std::memcpy(&low, octets.data() + sizeof(high), sizeof(low));
  // The mixing steps of MurmurHash3: every bit of the block reaches every bit of the sum.
  std::uint64_t state = high * 0xff51afd7ed558ccdULL ^ low;
  state = (state ^ state >> 33) * 0xff51afd7ed558ccdULL + block.prefix();
  state = (state ^ state >> 33) * 0xc4ceb9fe1a85ec53ULL;
  return state ^ state >> 33;
}
