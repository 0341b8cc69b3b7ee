#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "base/entropy.h"
#include "base/ip_address.h"
#include "base/time.h"
#include "dns/counters.h"
#include "dns/responder.h"

namespace sallyport::dns {

// Asks the configured resolvers, in their order, for what is not ours: over UDP from a fresh source port
// with a fresh id, over TCP when the reply is truncated and the client can take the whole. Silence and
// SERVFAIL or REFUSED move on to the next resolver (a lone one is asked twice); all of it within
// limits::kDnsForwardTime, and as much again for TCP. At most limits::kDnsForwardsInFlight at once.
class Forwarder {
 public:
  using Done = std::function<void(const Forwarding&, const std::optional<wire::DnsReply>&)>;

  // All must outlive the forwarder. Coroutines run on `io`, one thread.
  Forwarder(boost::asio::io_context& io, std::vector<base::SocketAddress> resolvers, Counters& counters)
      : io_(io), resolvers_(std::move(resolvers)), counters_(counters) {}

  // Any thread; never blocks. `done` is called once, on the thread of `io` or, past the limit, at once on
  // the caller's; not at all when `io` stops first. Nothing for a reply: none was usable.
  void submit(Forwarding forwarding, Done done);

  // The same for a coroutine of `io`. The forwarding must live until it returns.
  boost::asio::awaitable<std::optional<wire::DnsReply>> ask(const Forwarding& forwarding);

 private:
  class Slot;

  boost::asio::awaitable<void> run(Forwarding forwarding, Done done, Slot slot);
  boost::asio::awaitable<std::optional<wire::DnsReply>> ask_all(const Forwarding& forwarding);
  boost::asio::awaitable<std::optional<wire::DnsReply>> ask_one(base::SocketAddress resolver,
                                                                const Forwarding& forwarding, base::Millis patience);
  std::optional<Slot> reserve();
  std::uint16_t fresh_id();

  boost::asio::io_context& io_;
  const std::vector<base::SocketAddress> resolvers_;
  Counters& counters_;
  base::SystemEntropy entropy_;
  std::atomic<std::size_t> in_flight_{0};
};

// One of the places for queries in flight; free again when destroyed.
class Forwarder::Slot {
 public:
  explicit Slot(std::atomic<std::size_t>& in_flight) : in_flight_(&in_flight) {}
  Slot(Slot&& other) noexcept : in_flight_(std::exchange(other.in_flight_, nullptr)) {}
  Slot& operator=(Slot&&) = delete;
  ~Slot() {
    if (in_flight_ != nullptr) in_flight_->fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  std::atomic<std::size_t>* in_flight_;
};

}  // namespace sallyport::dns
