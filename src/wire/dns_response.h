#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ip_address.h"
#include "wire/dns_opt.h"
#include "wire/dns_query.h"

namespace sallyport::wire {

// RFC 1035 section 3.3.13.
struct DnsSoa {
  DnsName primary;
  DnsName mailbox;
  std::uint32_t serial = 0;
  std::uint32_t refresh = 0;
  std::uint32_t retry = 0;
  std::uint32_t expire = 0;
  std::uint32_t minimum = 0;
};

struct DnsNs {
  DnsName server;
};

// RFC 1035 section 3.3.2; texts of at most 255 bytes.
struct DnsHinfo {
  std::string cpu;
  std::string os;
};

// A record of class IN; its type follows from its data (an address is A or AAAA by family).
struct DnsRecord {
  DnsName owner;
  std::uint32_t ttl = 0;
  std::variant<base::IpAddress, DnsSoa, DnsNs, DnsHinfo> data;
};

struct DnsResponse {
  std::uint16_t id = 0;
  std::uint8_t opcode = 0;
  bool authoritative = false;
  bool recursion_desired = false;
  bool recursion_available = false;
  bool checking_disabled = false;
  DnsRcode rcode = DnsRcode::kNoError;
  std::optional<DnsQuestion> question;
  std::vector<DnsRecord> answers;
  std::vector<DnsRecord> authorities;
  std::optional<DnsOpt> edns;
};

struct DnsEncoded {
  std::vector<std::uint8_t> bytes;
  bool truncated = false;
};

// The message in at most `max_bytes` (kDnsClassicUdpBytes to kDnsMaxMessageBytes). What does not fit
// leaves header, question and OPT with TC set: a partial set would be taken for the whole by some. The
// question's bytes are repeated as they came, case included.
DnsEncoded encode_dns_response(const DnsResponse& response, std::size_t max_bytes);

// What every answer to these takes over: id, opcode, flags, question. `our_udp_size` is announced where
// the client spoke EDNS; the cookie is left empty.
DnsResponse dns_response_to(const DnsQuery& query, std::uint16_t our_udp_size);
DnsResponse dns_response_to(const DnsFault& fault, std::uint16_t our_udp_size);

}  // namespace sallyport::wire
