#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dns/view.h"
#include "policy/resolve.h"
#include "wire/dns_cookie.h"
#include "wire/dns_query_view.h"

namespace sallyport::dns {

// All of an answer but what differs from query to query: id, question, RD, CD and the OPT record. Good for every
// question of one type whose name has the same policy::Answer: the records never hold the name itself, only
// pointers to the question and to the zone's apex at its end.
struct AnswerForm {
  std::uint16_t flags = 0;
  std::uint16_t answers = 0;
  std::uint16_t authorities = 0;
  wire::DnsRcode rcode = wire::DnsRcode::kNoError;
  std::vector<std::uint8_t> records;
  std::vector<std::uint16_t> apex_pointers;  // where in `records` two bytes point at the apex
};

// Made by presenting `found` to sample questions, so that it says what `answer` says. Nothing where a resolver must be
// asked, and where the records are too many for a message. Not for the names of Zone, nor for what lies below
// its "ns" and "hostmaster": their SOA is compressed otherwise. Pure.
std::optional<AnswerForm> form_of(const Zone& zone, const View& view, const policy::Answer& found, wire::DnsType type);

// An answer of which only the bytes are missing.
struct ReadyAnswer {
  const AnswerForm* form = nullptr;
  wire::DnsQueryView query;
  std::optional<wire::DnsCookieMint::Reply> cookie;
  std::size_t apex_at = 0;  // of the message, where `form` points there
  bool truncated = false;   // header, question and OPT, with TC set

  std::size_t size() const;
  // `out` has just that size.
  void write(std::span<std::uint8_t> out) const;
};

// `truncated` is set by `max_bytes`, at least wire::kDnsClassicUdpBytes.
ReadyAnswer ready_answer(const AnswerForm& form, const wire::DnsQueryView& query, std::size_t apex_at,
                         const std::optional<wire::DnsCookieMint::Reply>& cookie, std::size_t max_bytes);

}  // namespace sallyport::dns
