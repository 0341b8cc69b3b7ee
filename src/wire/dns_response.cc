#include "wire/dns_response.h"

#include "base/bytes.h"
#include "wire/dns_reader.h"
#include "wire/dns_writer.h"

namespace sallyport::wire {

namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
// Clang 16 deduces no aggregates.
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

DnsType type_of(const DnsRecord& record) {
  return std::visit(
      Overloaded{[](const base::IpAddress& address) { return address.is_v4() ? DnsType::kA : DnsType::kAaaa; },
                 [](const DnsSoa&) { return DnsType::kSoa; }, [](const DnsNs&) { return DnsType::kNs; },
                 [](const DnsHinfo&) { return DnsType::kHinfo; }},
      record.data);
}

void write_text(DnsWriter& out, const std::string& text) {
  out.u8(static_cast<std::uint8_t>(text.size()));
  out.bytes(base::as_bytes(text));
}

void write_data(DnsWriter& out, const DnsRecord& record, const DnsName& question) {
  std::visit(
      Overloaded{[&](const base::IpAddress& address) {
                   const std::span<const std::uint8_t> octets = address.octets();
                   out.bytes(address.is_v4() ? octets.last(4) : octets);
                 },
                 [&](const DnsSoa& soa) {
                   out.name_after(soa.primary, question);
                   out.name_after(soa.mailbox, question);
                   for (const std::uint32_t field : {soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum}) {
                     out.u32(field);
                   }
                 },
                 [&](const DnsNs& ns) { out.name_after(ns.server, question); },
                 [&](const DnsHinfo& hinfo) {
                   write_text(out, hinfo.cpu);
                   write_text(out, hinfo.os);
                 }},
      record.data);
}

void write_record(DnsWriter& out, const DnsRecord& record, const DnsName& question) {
  out.name_after(record.owner, question);
  out.u16(static_cast<std::uint16_t>(type_of(record)));
  out.u16(static_cast<std::uint16_t>(DnsClass::kIn));
  out.u32(record.ttl);
  const std::size_t length_at = out.size();
  out.u16(0);
  write_data(out, record, question);
  out.set_u16(length_at, static_cast<std::uint16_t>(out.size() - length_at - 2));
}

std::uint16_t flags_of(const DnsResponse& response) {
  const auto flag = [](bool on, std::uint16_t bit) { return on ? unsigned{bit} : 0U; };
  return static_cast<std::uint16_t>(dns_flags::kResponse |
                                    static_cast<unsigned>(response.opcode) << dns_flags::kOpcodeShift |
                                    flag(response.authoritative, dns_flags::kAuthoritative) |
                                    flag(response.recursion_desired, dns_flags::kRecursionDesired) |
                                    flag(response.recursion_available, dns_flags::kRecursionAvailable) |
                                    flag(response.checking_disabled, dns_flags::kCheckingDisabled) |
                                    (static_cast<unsigned>(response.rcode) & dns_flags::kRcodeMask));
}

// Appends the records while they fit in `limit`.
bool write_section(DnsWriter& out, const std::vector<DnsRecord>& records, const DnsName& question, std::size_t limit) {
  for (const DnsRecord& record : records) {
    write_record(out, record, question);
    if (out.size() > limit) return false;
  }
  return true;
}

}  // namespace

DnsEncoded encode_dns_response(const DnsResponse& response, std::size_t max_bytes) {
  static const DnsName root;
  DnsWriter out;
  const std::uint16_t flags = flags_of(response);
  out.u16(response.id);
  out.u16(flags);
  out.u16(response.question ? 1 : 0);
  out.u16(static_cast<std::uint16_t>(response.answers.size()));
  out.u16(static_cast<std::uint16_t>(response.authorities.size()));
  out.u16(response.edns ? 1 : 0);
  const DnsName& question = response.question ? response.question->name : root;
  if (response.question) {
    out.name(question);
    out.u16(static_cast<std::uint16_t>(response.question->type));
    out.u16(static_cast<std::uint16_t>(response.question->klass));
  }
  const std::size_t bare = out.size();
  const std::size_t limit = max_bytes - (response.edns ? response.edns->wire_size() : 0);
  const bool fits = write_section(out, response.answers, question, limit) &&
                    write_section(out, response.authorities, question, limit);
  if (!fits) {
    out.shrink(bare);
    out.set_u16(2, flags | dns_flags::kTruncated);
    out.set_u16(6, 0);
    out.set_u16(8, 0);
  }
  if (response.edns) write_dns_opt(out, *response.edns, response.rcode);
  return {std::move(out).take(), !fits};
}

DnsResponse dns_response_to(const DnsQuery& query, std::uint16_t our_udp_size) {
  DnsResponse response;
  response.id = query.id;
  response.recursion_desired = query.recursion_desired;
  response.checking_disabled = query.checking_disabled;
  response.question = query.question;
  if (query.edns) response.edns = DnsOpt{our_udp_size, query.edns->dnssec_ok, {}, {}};
  return response;
}

DnsResponse dns_response_to(const DnsFault& fault, std::uint16_t our_udp_size) {
  DnsResponse response;
  response.id = fault.id;
  response.opcode = fault.opcode;
  response.recursion_desired = fault.recursion_desired;
  response.rcode = fault.rcode;
  response.question = fault.question;
  if (fault.edns) response.edns = DnsOpt{our_udp_size, fault.edns->dnssec_ok, {}, {}};
  return response;
}

}  // namespace sallyport::wire
