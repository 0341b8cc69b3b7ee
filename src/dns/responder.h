#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/ip_address.h"
#include "base/time.h"
#include "dns/counters.h"
#include "dns/quick_answers.h"
#include "dns/view.h"
#include "wire/dns_cookie.h"
#include "wire/dns_reply.h"

namespace sallyport::dns {

enum class Transport : std::uint8_t { kUdp, kTcp };

using Bytes = std::vector<std::uint8_t>;

// A query for the configured resolvers, and how its answer must be dressed for the client.
struct Forwarding {
  wire::DnsQuery query;
  std::optional<wire::DnsOpt> edns;
  std::size_t max_bytes = 0;
  Transport transport = Transport::kUdp;
};

struct NoReply {};

using Response = std::variant<Bytes, Forwarding, NoReply>;

// From a client's bytes to the bytes of the answer: parsing, cookies, sizes, counting. Knows no socket.
// Any thread.
class Responder {
 public:
  // Both must outlive the responder.
  Responder(Counters& counters, const base::Clock& clock, const wire::DnsCookieMint::Secret& secret)
      : counters_(counters), clock_(clock), mint_(secret) {}

  // What `respond` would answer, where `quick` has it ready: no counting but in `tally`, and no allocating. Nothing:
  // ask `respond`. What it gives points into `message` and at what `quick` found.
  std::optional<ReadyAnswer> ready(QuickAnswers& quick, std::size_t listener, const base::IpAddress& client,
                                   std::span<const std::uint8_t> message, Transport transport, Tally& tally) const;

  // `served` is null before the first snapshot; `listener` is the index of its view.
  Response respond(const Served* served, std::size_t listener, const base::IpAddress& client,
                   std::span<const std::uint8_t> message, Transport transport) const;

  // The answer to a forwarded query; nothing stands for no usable reply, and gives SERVFAIL.
  Bytes finish(const Forwarding& forwarding, const std::optional<wire::DnsReply>& reply) const;

 private:
  Bytes encode(const wire::DnsResponse& response, std::size_t max_bytes) const;
  Response respond_to(const Served* served, std::size_t listener, const base::IpAddress& client,
                      const wire::DnsQuery& query, Transport transport) const;

  Counters& counters_;
  const base::Clock& clock_;
  wire::DnsCookieMint mint_;
};

}  // namespace sallyport::dns
