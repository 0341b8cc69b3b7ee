// A query from anyone, then the same bytes as another server's reply. What parses must survive being answered,
// encoded and parsed again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/bytes.h"
#include "wire/dns_query.h"
#include "wire/dns_query_view.h"
#include "wire/dns_reply.h"
#include "wire/dns_response.h"

namespace wire = sallyport::wire;

namespace {

void require(bool held) {
  if (!held) std::abort();
}

void answer(const wire::DnsQuery& query) {
  wire::DnsResponse response = wire::dns_response_to(query, 1232);
  const wire::DnsName& name = query.question.name;
  response.answers.push_back({name, 60, sallyport::base::IpAddress::v4(0x0a000001)});
  response.authorities.push_back({name, 15, wire::DnsSoa{name, name, 1, 2, 3, 4, 5}});
  const auto encoded = wire::encode_dns_response(response, wire::kDnsClassicUdpBytes);
  require(encoded.bytes.size() <= wire::kDnsClassicUdpBytes);
  const auto reply = wire::parse_dns_reply(encoded.bytes, query);
  require(reply.has_value() && reply->truncated == encoded.truncated);
}

// What the short reader understands, it understands as the whole parser does.
void view(std::span<const std::uint8_t> message, const wire::DnsParsedQuery& parsed) {
  const auto seen = wire::view_dns_query(message);
  if (!seen) return;
  require(std::holds_alternative<wire::DnsQuery>(parsed));
  const auto& query = std::get<wire::DnsQuery>(parsed);
  require(seen->id == query.id && seen->recursion_desired == query.recursion_desired &&
          seen->checking_disabled == query.checking_disabled);
  require(seen->type == query.question.type && seen->klass == query.question.klass);
  require(sallyport::base::as_text(seen->name()) == query.question.name.wire());
  require(seen->edns == query.edns.has_value());
  if (query.edns) {
    require(seen->udp_size == query.edns->udp_size && seen->dnssec_ok == query.edns->dnssec_ok);
    require(seen->cookie.empty() != query.edns->cookie.has_value());
    if (query.edns->cookie) require(seen->cookie.size() == 8 + query.edns->cookie->server.size());
  }
  wire::DnsLowerName lower(seen->name());
  const auto text = lower.into_text();
  if (text) require(*text == sallyport::base::ascii_lower(query.question.name.to_text()));
}

void pass_on(std::span<const std::uint8_t> message) {
  // The question the bytes themselves hold, so that the reply matches and the rest of it is read.
  if (message.size() <= wire::kDnsHeaderBytes) return;
  wire::DnsQuery asked;
  asked.id = static_cast<std::uint16_t>(message[0] << 8 | message[1]);
  std::size_t offset = wire::kDnsHeaderBytes;
  const auto name = wire::DnsName::read(message, offset);
  if (!name || message.size() - offset < 4) return;
  asked.question.name = *name;
  asked.question.type = static_cast<wire::DnsType>(message[offset] << 8 | message[offset + 1]);
  asked.question.klass = static_cast<wire::DnsClass>(message[offset + 2] << 8 | message[offset + 3]);
  const auto reply = wire::parse_dns_reply(message, asked);
  if (!reply) return;
  const auto passed = wire::pass_on_dns_reply(*reply, asked, std::nullopt, wire::kDnsClassicUdpBytes);
  require(passed.bytes.size() <= wire::kDnsClassicUdpBytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> message(data, size);
  const auto parsed = wire::parse_dns_query(message);
  view(message, parsed);
  if (const auto* query = std::get_if<wire::DnsQuery>(&parsed)) {
    const auto again = wire::parse_dns_query(wire::encode_dns_query(*query));
    require(std::holds_alternative<wire::DnsQuery>(again) && std::get<wire::DnsQuery>(again) == *query);
    answer(*query);
  } else if (const auto* fault = std::get_if<wire::DnsFault>(&parsed)) {
    wire::encode_dns_response(wire::dns_response_to(*fault, 1232), wire::kDnsClassicUdpBytes);
  }
  pass_on(message);
  return 0;
}
