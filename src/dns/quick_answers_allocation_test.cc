#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "dns/responder.h"
#include "dns/test_world.h"

namespace {
std::atomic<std::size_t> allocations{0};
}

// The whole test program counts, so that nothing an answer calls can hide.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sallyport::dns {
namespace {

TEST(QuickAnswers, DoNotAllocateOnceANameWasAskedFor) {
  DnsConfig config;
  config.public_listeners = {{test::ip("127.0.0.1"), 53}};
  const auto served = std::make_shared<const Served>(
      make_served(config, std::make_shared<const model::Snapshot>(test::world(test::cluster(true, true)))).value());
  const base::SystemClock clock;
  Counters counters;
  const Responder responder(counters, clock, {});
  QuickAnswers quick;
  quick.serve(served);
  Tally tally;
  const auto client = test::ip("198.51.100.7");
  std::array<std::uint8_t, 512> out{};

  std::vector<Bytes> messages;
  for (const std::string_view name :
       {test::kHost, std::string_view("ffffffffffffffffffffffffffffffff.gr1.us-east-1.eks.sallyport.internal"),
        std::string_view("no.such.name.in.eks.sallyport.internal"), std::string_view("a.long.name.of.example.com")}) {
    for (const auto type : {wire::DnsType::kA, wire::DnsType::kAaaa, wire::DnsType::kSoa, wire::DnsType::kAny}) {
      auto query = test::query_for(name, type);
      query.edns = wire::DnsEdns{1232, 0, true, wire::DnsClientCookie{}};
      messages.push_back(wire::encode_dns_query(query));
    }
  }
  const auto answer_all = [&] {
    std::size_t answered = 0;
    for (const Bytes& message : messages) {
      if (const auto ready = responder.ready(quick, 0, client, message, Transport::kUdp, tally)) {
        ready->write(std::span(out).first(ready->size()));
        ++answered;
      }
    }
    counters.add(tally, counters.queries_udp);
    return answered;
  };
  ASSERT_EQ(answer_all(), messages.size());
  const std::size_t before = allocations;
  EXPECT_EQ(answer_all(), messages.size());
  EXPECT_EQ(allocations - before, 0U);

  const std::size_t before_at_length = allocations;
  responder.respond(served.get(), 0, client, messages[0], Transport::kUdp);
  EXPECT_GT(allocations - before_at_length, 0U) << "the counter counts";
}

}  // namespace
}  // namespace sallyport::dns
