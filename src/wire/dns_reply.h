#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wire/dns_query.h"
#include "wire/dns_response.h"

namespace sallyport::wire {

// Another server's answer to a query of ours, as far as passing it on needs. Every record was walked.
struct DnsReply {
  DnsRcode rcode = DnsRcode::kNoError;  // with the OPT record's extension
  bool truncated = false;
  std::vector<std::uint8_t> message;  // up to its OPT record: what follows one is additional data, and expendable
  // Options of the OPT record, COOKIE aside, in wire form (an extended error, RFC 8914, say).
  std::vector<std::uint8_t> options;
};

// Reads `message` as the answer to `asked`: nothing unless it is a well-formed response with that id and
// exactly that question, case of the name aside. FORMERR, NOTIMP and the like may come without a question
// (RFC 9619), and match by id alone.
std::optional<DnsReply> parse_dns_reply(std::span<const std::uint8_t> message, const DnsQuery& asked);

// The reply as `query`'s sender must see it: its id, the bytes of its question, RD as it was, RA set, AA
// clear, and `edns`, where there is one, with the reply's options as the OPT record. What exceeds `max_bytes` leaves
// header, question and OPT with TC set.
DnsEncoded pass_on_dns_reply(const DnsReply& reply, const DnsQuery& query, const std::optional<DnsOpt>& edns,
                             std::size_t max_bytes);

}  // namespace sallyport::wire
