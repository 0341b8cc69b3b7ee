#include "dns/answer.h"

#include <utility>
#include <vector>

#include "base/limits.h"

namespace sallyport::dns {

namespace {

using wire::DnsRcode;
using wire::DnsRecord;
using wire::DnsType;

constexpr std::uint16_t kOurUdpSize = base::limits::kDnsUdpAnswerBytes;

std::vector<DnsRecord> address_records(const wire::DnsName& owner, const std::vector<base::IpAddress>& addresses,
                                       DnsType type, std::uint32_t ttl) {
  std::vector<DnsRecord> records;
  for (const base::IpAddress& address : addresses) {
    if (address.is_v4() == (type == DnsType::kA)) records.push_back({owner, ttl, address});
  }
  return records;
}

// The records of `type` at a name that exists and whose addresses are these.
std::vector<DnsRecord> records_of(const Zone& zone, const wire::DnsQuestion& question,
                                  const std::vector<base::IpAddress>& addresses, std::uint32_t ttl) {
  switch (question.type) {
    case DnsType::kA:
    case DnsType::kAaaa: return address_records(question.name, addresses, question.type, ttl);
    case DnsType::kAny: return {{question.name, ttl, wire::DnsHinfo{"RFC8482", ""}}};
    case DnsType::kSoa:
      if (question.name.same_as(zone.apex)) return {zone.soa};
      return {};
    case DnsType::kNs:
      if (question.name.same_as(zone.apex)) return {zone.ns};
      return {};
    default: return {};
  }
}

}  // namespace

wire::DnsResponse error_answer(const wire::DnsQuery& query, DnsRcode rcode) {
  wire::DnsResponse response = wire::dns_response_to(query, kOurUdpSize);
  response.rcode = rcode;
  return response;
}

bool is_refused(DnsType type, wire::DnsClass klass) {
  return klass != wire::DnsClass::kIn || type == DnsType::kAxfr || type == DnsType::kIxfr;
}

std::variant<wire::DnsResponse, Forward> answer(const model::Snapshot& snapshot, const Zone& zone, const View& view,
                                                const wire::DnsQuery& query) {
  const wire::DnsQuestion& question = query.question;
  if (is_refused(question.type, question.klass)) return error_answer(query, DnsRcode::kRefused);
  return present(zone, view, query, policy::resolve(snapshot, question.name.to_text(), view.vantage));
}

std::variant<wire::DnsResponse, Forward> present(const Zone& zone, const View& view, const wire::DnsQuery& query,
                                                 policy::Answer found) {
  const wire::DnsQuestion& question = query.question;
  if (found.status == policy::ResolveStatus::kRefused) return error_answer(query, DnsRcode::kRefused);
  if (found.status == policy::ResolveStatus::kNotOurs) {
    if (view.forwards) return Forward{};
    return error_answer(query, DnsRcode::kRefused);
  }
  if (question.name.same_as(zone.server)) {
    found.status = policy::ResolveStatus::kAnswer;
    found.addresses = view.own_addresses;
    found.ttl = kApexTtl;
  }

  wire::DnsResponse response = wire::dns_response_to(query, kOurUdpSize);
  response.authoritative = true;
  response.recursion_available = view.forwards;
  if (found.status == policy::ResolveStatus::kNameError) {
    response.rcode = DnsRcode::kNxDomain;
  } else {
    response.answers = records_of(zone, question, found.addresses, found.ttl);
  }
  if (response.answers.empty()) response.authorities.push_back(zone.soa);
  return response;
}

}  // namespace sallyport::dns
