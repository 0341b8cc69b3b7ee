#include "wire/dns_query.h"

#include <algorithm>
#include <utility>

#include "wire/dns_opt.h"
#include "wire/dns_reader.h"
#include "wire/dns_writer.h"

namespace sallyport::wire {

namespace {

constexpr std::size_t kClientCookie = 8;
constexpr std::size_t kMaxCookie = 40;

// The COOKIE among the options of an OPT record; false where the options make no sense.
bool read_options(std::span<const std::uint8_t> data, DnsEdns& edns) {
  DnsReader reader(data);
  while (!reader.at_end()) {
    const auto code = reader.u16();
    const auto length = code ? reader.u16() : std::nullopt;
    const auto value = length ? reader.bytes(*length) : std::nullopt;
    if (!value) return false;
    if (*code != kDnsCookieOption || edns.cookie) continue;
    const std::size_t size = value->size();
    if (size != kClientCookie && (size < 2 * kClientCookie || size > kMaxCookie)) return false;
    DnsClientCookie& cookie = edns.cookie.emplace();
    std::ranges::copy(value->first(kClientCookie), cookie.client.begin());
    cookie.server.assign(value->begin() + kClientCookie, value->end());
  }
  return true;
}

std::optional<DnsQuestion> read_question(DnsReader& reader) {
  auto name = reader.name();
  const auto type = name ? reader.u16() : std::nullopt;
  const auto klass = type ? reader.u16() : std::nullopt;
  if (!klass) return std::nullopt;
  return DnsQuestion{std::move(*name), static_cast<DnsType>(*type), static_cast<DnsClass>(*klass)};
}

bool is_opt(const DnsRecordView& record) { return static_cast<DnsType>(record.type) == DnsType::kOpt; }

// Walks every record, keeping what the one OPT says; false where the message makes no sense.
bool read_records(DnsReader& reader, const DnsHeader& header, std::optional<DnsEdns>& edns) {
  for (std::size_t left = std::size_t{header.answers} + header.authorities; left > 0; --left) {
    const auto record = reader.record();
    if (!record || is_opt(*record)) return false;
  }
  std::optional<DnsEdns> found;
  for (std::size_t left = header.additionals; left > 0; --left) {
    const auto record = reader.record();
    if (!record) return false;
    if (!is_opt(*record)) continue;
    if (found || !record->owner.is_root()) return false;
    DnsEdns& opt = found.emplace();
    opt.udp_size = record->klass;
    opt.version = static_cast<std::uint8_t>(record->ttl >> 16);
    opt.dnssec_ok = (record->ttl & dns_flags::kEdnsDnssecOk) != 0;
    // A later version may give options another shape: only its number counts (RFC 6891 section 6.1.3).
    if (opt.version == 0 && !read_options(record->data, opt)) return false;
  }
  if (!reader.at_end()) return false;
  edns = std::move(found);
  return true;
}

}  // namespace

DnsParsedQuery parse_dns_query(std::span<const std::uint8_t> message) {
  DnsReader reader(message);
  const auto header = reader.header();
  if (!header || (header->flags & dns_flags::kResponse) != 0) return DnsDrop{};

  DnsFault fault;
  fault.id = header->id;
  fault.opcode = (header->flags >> dns_flags::kOpcodeShift) & 0xf;
  fault.recursion_desired = (header->flags & dns_flags::kRecursionDesired) != 0;
  if (fault.opcode != kDnsOpcodeQuery) {
    fault.rcode = DnsRcode::kNotImp;
    return fault;
  }
  if (header->questions != 1) return fault;
  fault.question = read_question(reader);
  if (!fault.question || !read_records(reader, *header, fault.edns)) return fault;
  if (fault.edns && fault.edns->version != 0) {
    fault.rcode = DnsRcode::kBadVers;
    return fault;
  }
  DnsQuery query;
  query.id = fault.id;
  query.recursion_desired = fault.recursion_desired;
  query.checking_disabled = (header->flags & dns_flags::kCheckingDisabled) != 0;
  query.question = std::move(*fault.question);
  query.edns = std::move(fault.edns);
  return query;
}

std::vector<std::uint8_t> encode_dns_query(const DnsQuery& query) {
  DnsWriter out;
  out.u16(query.id);
  out.u16(static_cast<std::uint16_t>((query.recursion_desired ? dns_flags::kRecursionDesired : 0) |
                                     (query.checking_disabled ? dns_flags::kCheckingDisabled : 0)));
  out.u16(1);
  out.u16(0);
  out.u16(0);
  out.u16(query.edns ? 1 : 0);
  out.name(query.question.name);
  out.u16(static_cast<std::uint16_t>(query.question.type));
  out.u16(static_cast<std::uint16_t>(query.question.klass));
  if (query.edns) {
    const DnsEdns& edns = *query.edns;
    DnsOpt opt{edns.udp_size, edns.dnssec_ok, {}, {}};
    if (edns.cookie) {
      opt.cookie.assign(edns.cookie->client.begin(), edns.cookie->client.end());
      opt.cookie.insert(opt.cookie.end(), edns.cookie->server.begin(), edns.cookie->server.end());
    }
    write_dns_opt(out, opt, DnsRcode::kNoError);
  }
  return std::move(out).take();
}

}  // namespace sallyport::wire
