#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/test_allocations.h"
#include "dns/responder.h"
#include "dns/test_world.h"

namespace sallyport::dns {
namespace {

using base::test::allocations;

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
