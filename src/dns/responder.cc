#include "dns/responder.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "dns/answer.h"

namespace sallyport::dns {

namespace {

constexpr std::size_t kUdpLimit = base::limits::kDnsUdpAnswerBytes;

// What an answer may be long; `udp_size` is the client's, 0 for one without EDNS.
std::size_t max_bytes_for(std::uint16_t udp_size, Transport transport) {
  if (transport == Transport::kTcp) return wire::kDnsMaxMessageBytes;
  return std::clamp<std::size_t>(udp_size, wire::kDnsClassicUdpBytes, kUdpLimit);
}

std::size_t max_bytes_for(const std::optional<wire::DnsEdns>& edns, Transport transport) {
  return max_bytes_for(edns ? edns->udp_size : std::uint16_t{0}, transport);
}

std::variant<wire::DnsResponse, Forward> answer_from(const Served* served, std::size_t listener,
                                                     const wire::DnsQuery& query) {
  if (served == nullptr) return error_answer(query, wire::DnsRcode::kServFail);
  const std::optional<View>& view = served->views[listener];
  if (!view) return error_answer(query, wire::DnsRcode::kRefused);
  return answer(*served->snapshot, served->zone, *view, query);
}

}  // namespace

Bytes Responder::encode(const wire::DnsResponse& response, std::size_t max_bytes) const {
  auto encoded = wire::encode_dns_response(response, max_bytes);
  counters_.answered(response.rcode);
  if (encoded.truncated) Counters::bump(counters_.truncated);
  return std::move(encoded.bytes);
}

std::optional<ReadyAnswer> Responder::ready(QuickAnswers& quick, std::size_t listener, const base::IpAddress& client,
                                            std::span<const std::uint8_t> message, Transport transport,
                                            Tally& tally) const {
  const auto query = wire::view_dns_query(message);
  if (!query) return std::nullopt;
  const auto found = quick.find(listener, *query);
  if (found.form == nullptr) return std::nullopt;
  std::optional<wire::DnsCookieMint::Reply> cookie;
  if (!query->cookie.empty()) cookie = mint_.reply(query->cookie, client, clock_.now());
  const ReadyAnswer answer =
      ready_answer(*found.form, *query, found.apex_at, cookie, max_bytes_for(query->udp_size, transport));
  ++tally.queries;
  ++tally.rcodes[static_cast<std::size_t>(found.form->rcode)];
  if (answer.truncated) ++tally.truncated;
  return answer;
}

Response Responder::respond(const Served* served, std::size_t listener, const base::IpAddress& client,
                            std::span<const std::uint8_t> message, Transport transport) const {
  Counters::bump(transport == Transport::kUdp ? counters_.queries_udp : counters_.queries_tcp);
  const auto parsed = wire::parse_dns_query(message);
  if (const auto* query = std::get_if<wire::DnsQuery>(&parsed)) {
    return respond_to(served, listener, client, *query, transport);
  }
  const auto* fault = std::get_if<wire::DnsFault>(&parsed);
  if (fault == nullptr || fault->rcode == wire::DnsRcode::kFormErr) Counters::bump(counters_.malformed);
  if (fault == nullptr) return NoReply{};
  return encode(wire::dns_response_to(*fault, kUdpLimit), max_bytes_for(fault->edns, transport));
}

Response Responder::respond_to(const Served* served, std::size_t listener, const base::IpAddress& client,
                               const wire::DnsQuery& query, Transport transport) const {
  const std::size_t max_bytes = max_bytes_for(query.edns, transport);
  Bytes cookie;
  if (query.edns && query.edns->cookie) cookie = mint_.reply(*query.edns->cookie, client, clock_.now());

  auto answered = answer_from(served, listener, query);
  if (auto* response = std::get_if<wire::DnsResponse>(&answered)) {
    if (response->edns) response->edns->cookie = std::move(cookie);
    return encode(*response, max_bytes);
  }
  Forwarding forwarding{query, wire::dns_response_to(query, kUdpLimit).edns, max_bytes, transport};
  if (forwarding.edns) forwarding.edns->cookie = std::move(cookie);
  return forwarding;
}

Bytes Responder::finish(const Forwarding& forwarding, const std::optional<wire::DnsReply>& reply) const {
  if (!reply) {
    wire::DnsResponse response = error_answer(forwarding.query, wire::DnsRcode::kServFail);
    response.recursion_available = true;
    response.edns = forwarding.edns;
    return encode(response, forwarding.max_bytes);
  }
  auto encoded = wire::pass_on_dns_reply(*reply, forwarding.query, forwarding.edns, forwarding.max_bytes);
  counters_.answered(reply->rcode);
  if (encoded.truncated) Counters::bump(counters_.truncated);
  return std::move(encoded.bytes);
}

}  // namespace sallyport::dns
