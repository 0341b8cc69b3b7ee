#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "wire/dns_name.h"
#include "wire/dns_types.h"

namespace sallyport::wire {

// Of the query; a record's class is always IN.
struct DnsQuestion {
  DnsName name;
  DnsType type = DnsType::kA;
  DnsClass klass = DnsClass::kIn;

  friend bool operator==(const DnsQuestion&, const DnsQuestion&) = default;
};

// COOKIE option as a client sends it (RFC 7873 section 4): its own eight bytes, then, where it has one,
// the server's cookie of 8 to 32 bytes.
struct DnsClientCookie {
  std::array<std::uint8_t, 8> client{};
  std::vector<std::uint8_t> server;

  friend bool operator==(const DnsClientCookie&, const DnsClientCookie&) = default;
};

// What an OPT record says (RFC 6891); options other than COOKIE are ignored.
struct DnsEdns {
  std::uint16_t udp_size = 0;
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::optional<DnsClientCookie> cookie;

  friend bool operator==(const DnsEdns&, const DnsEdns&) = default;
};

// A well-formed query: opcode QUERY, one question, EDNS version 0 if any.
struct DnsQuery {
  std::uint16_t id = 0;
  bool recursion_desired = false;
  bool checking_disabled = false;
  DnsQuestion question;
  std::optional<DnsEdns> edns;

  friend bool operator==(const DnsQuery&, const DnsQuery&) = default;
};

// A query that deserves nothing but an error code, and as much of it as was understood.
struct DnsFault {
  std::uint16_t id = 0;
  std::uint8_t opcode = 0;
  bool recursion_desired = false;
  DnsRcode rcode = DnsRcode::kFormErr;  // FORMERR, NOTIMP or BADVERS
  std::optional<DnsQuestion> question;
  std::optional<DnsEdns> edns;
};

// Bytes that get no answer: less than a header, or a response (answering those makes loops).
struct DnsDrop {};

using DnsParsedQuery = std::variant<DnsQuery, DnsFault, DnsDrop>;

// Any bytes at all. Work and memory are linear in their number. FORMERR: not exactly one question (RFC
// 9619), records that do not parse, more than one OPT or one that is not the root's or not in the
// additional section, a COOKIE of a length RFC 7873 forbids, bytes after the last record.
DnsParsedQuery parse_dns_query(std::span<const std::uint8_t> message);

// The inverse, for asking another server; always EDNS version 0.
std::vector<std::uint8_t> encode_dns_query(const DnsQuery& query);

}  // namespace sallyport::wire
