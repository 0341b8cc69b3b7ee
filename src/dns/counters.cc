#include "dns/counters.h"

#include <cstddef>
#include <string>

namespace sallyport::dns {

void Counters::answered(wire::DnsRcode rcode) {
  const auto code = static_cast<std::size_t>(rcode);
  bump(code < rcodes_.size() ? rcodes_[code] : other_rcodes_);
}

void Counters::add(Tally& tally, Number& queries) {
  if (tally.queries == 0) return;
  const auto add_to = [](Number& number, std::uint64_t count) {
    if (count != 0) number.fetch_add(count, std::memory_order_relaxed);
  };
  add_to(queries, tally.queries);
  add_to(truncated, tally.truncated);
  for (std::size_t code = 0; code < tally.rcodes.size(); ++code)
    add_to(rcodes_[code], tally.rcodes[code]);
  tally = {};
}

DnsStats Counters::read() const {
  const auto value = [](const Number& number) { return number.load(std::memory_order_relaxed); };
  DnsStats stats;
  stats.queries_udp = value(queries_udp);
  stats.queries_tcp = value(queries_tcp);
  stats.malformed = value(malformed);
  stats.forwarded = value(forwarded);
  stats.forward_failures = value(forward_failures);
  stats.truncated = value(truncated);
  stats.tcp_connections_refused = value(tcp_connections_refused);
  stats.udp_send_failures = value(udp_send_failures);
  const auto add = [&](std::string_view name, std::uint64_t count) {
    if (count != 0) stats.rcodes[std::string(name)] += count;
  };
  for (std::size_t code = 0; code < rcodes_.size(); ++code) {
    add(wire::to_string(static_cast<wire::DnsRcode>(code)), value(rcodes_[code]));
  }
  add("OTHER", value(other_rcodes_));
  return stats;
}

}  // namespace sallyport::dns
