#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "dns/dns_server.h"
#include "wire/dns_types.h"

namespace sallyport::dns {

// What one thread counted since it last told the counters: no other thread looks, so counting is cheap.
struct Tally {
  std::uint64_t queries = 0;
  std::uint64_t truncated = 0;
  std::array<std::uint64_t, 16> rcodes{};  // those of the header
};

// What DnsStats shows, as it is counted: each number for itself, from any thread.
class Counters {
 public:
  using Number = std::atomic<std::uint64_t>;

  Number queries_udp{0};
  Number queries_tcp{0};
  Number malformed{0};
  Number forwarded{0};
  Number forward_failures{0};
  Number truncated{0};
  Number tcp_connections_refused{0};
  Number udp_send_failures{0};

  void answered(wire::DnsRcode rcode);
  // Adds `tally`, its queries to `queries`, and begins it anew.
  void add(Tally& tally, Number& queries);
  DnsStats read() const;

  static void bump(Number& number) { number.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::array<Number, 17> rcodes_{};  // the last is BADVERS
  Number other_rcodes_{0};
};

}  // namespace sallyport::dns
