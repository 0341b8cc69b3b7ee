#include "dns/forwarder.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/limits.h"
#include "net/dns_exchange.h"

namespace sallyport::dns {

namespace {

namespace asio = boost::asio;
using Reply = std::optional<wire::DnsReply>;

constexpr std::size_t kLeastTries = 2;
constexpr std::size_t kMostTries = 3;

// A resolver that would not or could not; another may.
bool is_conclusive(const wire::DnsReply& reply) {
  return reply.rcode != wire::DnsRcode::kServFail && reply.rcode != wire::DnsRcode::kRefused;
}

}  // namespace

std::optional<Forwarder::Slot> Forwarder::reserve() {
  if (in_flight_.fetch_add(1, std::memory_order_relaxed) < base::limits::kDnsForwardsInFlight) {
    return Slot(in_flight_);
  }
  in_flight_.fetch_sub(1, std::memory_order_relaxed);
  Counters::bump(counters_.forward_failures);
  return std::nullopt;
}

std::uint16_t Forwarder::fresh_id() {
  std::array<std::uint8_t, 2> bytes{};
  entropy_.fill(bytes);
  return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

void Forwarder::submit(Forwarding forwarding, Done done) {
  auto slot = reserve();
  if (!slot) {
    done(forwarding, std::nullopt);
    return;
  }
  asio::co_spawn(io_, run(std::move(forwarding), std::move(done), std::move(*slot)), asio::detached);
}

asio::awaitable<void> Forwarder::run(Forwarding forwarding, Done done, Slot) {
  const Reply reply = co_await ask_all(forwarding);
  done(forwarding, reply);
}

asio::awaitable<Reply> Forwarder::ask(const Forwarding& forwarding) {
  const auto slot = reserve();
  if (!slot) co_return std::nullopt;
  co_return co_await ask_all(forwarding);
}

asio::awaitable<Reply> Forwarder::ask_all(const Forwarding& forwarding) {
  const std::size_t tries = std::clamp(resolvers_.size(), kLeastTries, kMostTries);
  const auto patience = std::chrono::duration_cast<base::Millis>(base::limits::kDnsForwardTime) / tries;
  Reply last;
  for (std::size_t i = 0; i < tries; ++i) {
    Reply reply;
    try {
      reply = co_await ask_one(resolvers_[i % resolvers_.size()], forwarding, patience);
    } catch (const std::exception&) {
      reply.reset();  // out of memory or descriptors: as good as no reply
    }
    if (!reply) continue;
    last = std::move(reply);
    if (is_conclusive(*last)) break;
  }
  Counters::bump(last ? counters_.forwarded : counters_.forward_failures);
  co_return last;
}

asio::awaitable<Reply> Forwarder::ask_one(base::SocketAddress resolver, const Forwarding& forwarding,
                                          base::Millis patience) {
  wire::DnsQuery query = forwarding.query;
  query.id = fresh_id();
  if (query.edns) {
    query.edns->udp_size = base::limits::kDnsUdpAnswerBytes;
    query.edns->cookie.reset();  // the client's cookie is for us alone
  }
  Reply reply = co_await net::exchange_udp(resolver, query, patience);
  if (!reply || !reply->truncated || forwarding.transport == Transport::kUdp) co_return reply;
  query.id = fresh_id();
  co_return co_await net::exchange_tcp(resolver, query, patience);
}

}  // namespace sallyport::dns
