#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "model/ids.h"
#include "wire/dns_response.h"

namespace sallyport::dns {

// How long a resolver may remember that a name or type does not exist: short, because the next update may
// make it exist.
inline constexpr std::uint32_t kNegativeTtl = 15;
inline constexpr std::uint32_t kApexTtl = 60;

// The names of the zone "eks.<zone>" that are there whatever clusters exist.
struct Zone {
  wire::DnsName apex;
  wire::DnsName server;  // "ns.<apex>": ourselves, at the addresses of the view that is asked
  wire::DnsRecord soa;   // its TTL is the negative one (RFC 2308 section 3)
  wire::DnsRecord ns;
};

// Fails with kInvalidParameter, naming the zone, when "ns.eks.<zone>" is no domain name.
base::Result<Zone> make_zone(std::string_view zone, model::Revision revision);

}  // namespace sallyport::dns
