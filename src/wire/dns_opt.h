#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "wire/dns_types.h"
#include "wire/dns_writer.h"

namespace sallyport::wire {

// The OPT record we send (RFC 6891 section 6.1.2).
struct DnsOpt {
  std::uint16_t udp_size = 0;
  bool dnssec_ok = false;
  std::vector<std::uint8_t> cookie;         // data of the COOKIE option; empty for none
  std::vector<std::uint8_t> other_options;  // in wire form

  std::size_t wire_size() const;
};

// `rcode` gives the upper eight bits of the extended code.
void write_dns_opt(DnsWriter& out, const DnsOpt& opt, DnsRcode rcode);

}  // namespace sallyport::wire
