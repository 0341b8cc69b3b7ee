#include "net/source_network.h"

#include <algorithm>

namespace sallyport::net {

namespace {

constexpr std::size_t kHostPart = 8;

}  // namespace

base::IpAddress network_of(const base::IpAddress& source) {
  if (source.is_v4()) return source;
  base::IpAddress::Octets octets = source.octets();
  std::fill(octets.begin() + kHostPart, octets.end(), std::uint8_t{0});
  return base::IpAddress::v6(octets);
}

}  // namespace sallyport::net
