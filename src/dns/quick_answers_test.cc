#include "dns/quick_answers.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "dns/responder.h"
#include "dns/test_world.h"

namespace sallyport::dns {
namespace {

using test::cluster;
using test::kHost;
using wire::DnsType;

class FixedClock final : public base::Clock {
 public:
  base::Time now() const override { return base::Time{base::Seconds(1'700'000'000)}; }
};

// Listeners: public, home resolver, other resolver, a resolver of no VPC; `forwards` for the resolvers.
std::shared_ptr<const Served> served_of(model::Snapshot snapshot, bool forwards) {
  DnsConfig config;
  config.public_listeners = {{test::ip("127.0.0.1"), 53}};
  config.resolvers = {{{test::ip(test::kHomeResolver), 53}, {}},
                      {{test::ip(test::kOtherResolver), 53}, {}},
                      {{test::ip("127.9.0.2"), 53}, {}}};
  if (forwards) config.forward = {{test::ip("127.0.0.99"), 53}};
  auto shared = std::make_shared<const model::Snapshot>(std::move(snapshot));
  return std::make_shared<const Served>(make_served(config, std::move(shared)).value());
}

constexpr std::size_t kListeners = 4;

// Worlds that differ in what a name has: each access, an unfit VPC, a legacy cluster, one being deleted, more addresses
// than fit, none.
std::vector<std::shared_ptr<const Served>> worlds() {
  std::vector<std::shared_ptr<const Served>> all;
  for (const bool forwards : {false, true}) {
    for (const auto& [open, closed] : {std::pair{true, false}, {true, true}, {false, true}})
      all.push_back(served_of(test::world(cluster(open, closed)), forwards));
    auto legacy = cluster(false, true);
    legacy.public_resolves_private = false;
    all.push_back(served_of(test::world(legacy), forwards));
    auto leaving = cluster(true, true);
    leaving.status = model::ClusterStatus::kDeleting;
    all.push_back(served_of(test::world(leaving), forwards));
    auto unfit = test::world(cluster(true, true));
    auto vpc = test::vpc(test::kHome, "127.1.0.0/16");
    vpc.enable_dns_support = false;
    test::put(unfit, vpc);
    all.push_back(served_of(std::move(unfit), forwards));
    auto crowded = test::world(cluster(true, false));
    for (std::uint32_t i = 0; i < 70; ++i) {
      crowded.listeners.push_back(test::listener(test::kPublic4));
      crowded.listeners.back().advertise.address = base::IpAddress::v4(0xcb007164U + i);
    }
    all.push_back(served_of(std::move(crowded), forwards));
    auto bare = test::world(cluster(true, true));
    bare.listeners.clear();
    all.push_back(served_of(std::move(bare), forwards));
    auto odd_region = test::world(cluster(true, true));
    odd_region.region = model::Region("ns");
    odd_region.put_cluster(cluster(true, true));
    all.push_back(served_of(std::move(odd_region), forwards));
  }
  return all;
}

std::string some_name() {
  const std::string digits =
      *rc::gen::container<std::string>(32, rc::gen::elementOf(std::string("0123456789abcdefABCDEFxg")));
  std::string name = *rc::gen::weightedOneOf<std::string>(
      {{6, rc::gen::just(std::string(kHost))},
       {3, rc::gen::element<std::string>(digits + ".gr1.us-east-1.eks.sallyport.internal",
                                         std::string(test::kId) + ".gr1.ns.eks.sallyport.internal",
                                         std::string(test::kId) + ".gr1.us-east-2.eks.sallyport.internal",
                                         "a." + std::string(kHost), digits + ".eks.sallyport.internal")},
       {4, rc::gen::element<std::string>(
               "eks.sallyport.internal",
               "ns.eks.sallyport.internal", "hostmaster.eks.sallyport.internal", "a.ns.eks.sallyport.internal",
               "a.hostmaster.eks.sallyport.internal", "ns.a.eks.sallyport.internal",
               "gr1.us-east-1.eks.sallyport.internal", "us-east-1.eks.sallyport.internal", "sallyport.internal",
               "xeks.sallyport.internal", "a\\.eks.sallyport.internal", "a\\000b.eks.sallyport.internal", "example.com",
               "x", ".", "x\\003eks\\009sallyport\\008internal", std::string(63, 'a') + ".eks.sallyport.internal")}});
  for (char& c : name) {
    if (*rc::gen::weightedElement<bool>({{2, false}, {1, true}})) c = base::ascii_upper(std::string(1, c))[0];
  }
  return name;
}

wire::DnsQuery some_query() {
  auto query = test::query_for(some_name());
  query.id = *rc::gen::arbitrary<std::uint16_t>();
  query.recursion_desired = *rc::gen::arbitrary<bool>();
  query.checking_disabled = *rc::gen::arbitrary<bool>();
  query.question.type = static_cast<DnsType>(
      *rc::gen::weightedOneOf<std::uint16_t>({{8, rc::gen::element<std::uint16_t>(1, 28)},
                                              {6, rc::gen::element<std::uint16_t>(2, 6, 13, 16, 41, 65, 251, 252, 255)},
                                              {1, rc::gen::arbitrary<std::uint16_t>()}}));
  query.question.klass = static_cast<wire::DnsClass>(*rc::gen::weightedElement<std::uint16_t>({{12, 1}, {1, 3}}));
  if (*rc::gen::arbitrary<bool>()) {
    wire::DnsEdns& edns = query.edns.emplace();
    edns.udp_size = *rc::gen::element<std::uint16_t>(0, 512, 600, 1000, 1232, 4096, 65535);
    edns.dnssec_ok = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) {
      edns.cookie = wire::DnsClientCookie{{1, 2, 3, 4, 5, 6, 7, 8},
                                          Bytes(*rc::gen::element<std::size_t>(0, 8, 16, 32), std::uint8_t{1})};
    }
  }
  return query;
}

// One responder that answers at length, one that answers from what is ready where it can.
struct Both {
  FixedClock clock;
  Counters long_counters, quick_counters;
  Responder long_responder{long_counters, clock, {1, 2, 3}};
  Responder quick_responder{quick_counters, clock, {1, 2, 3}};
  QuickAnswers quick;
  Tally tally;

  // Whether an answer was ready; then it is the long one's, byte for byte.
  bool same(const std::shared_ptr<const Served>& served, std::size_t listener, const Bytes& message,
            Transport transport) {
    const auto client = test::ip("198.51.100.7");
    const auto ready = quick_responder.ready(quick, listener, client, message, transport, tally);
    if (!ready) return false;
    quick_counters.add(tally, transport == Transport::kUdp ? quick_counters.queries_udp : quick_counters.queries_tcp);
    Bytes bytes(ready->size());
    ready->write(bytes);
    const Response at_length = long_responder.respond(served.get(), listener, client, message, transport);
    EXPECT_TRUE(std::holds_alternative<Bytes>(at_length));
    if (const auto* expected = std::get_if<Bytes>(&at_length)) {
      EXPECT_EQ(bytes, *expected);
    }
    return true;
  }
};

RC_GTEST_PROP(QuickAnswers, AreTheLongOnesByteForByte, ()) {
  static const auto all = worlds();
  const auto served = *rc::gen::elementOf(all);
  const auto listener = *rc::gen::inRange<std::size_t>(0, kListeners);
  const auto transport = *rc::gen::element(Transport::kUdp, Transport::kTcp);
  Both both;
  both.quick.serve(served);
  std::size_t ready = 0;
  for (int i = 0; i < 20; ++i)
    ready += both.same(served, listener, wire::encode_dns_query(some_query()), transport) ? 1 : 0;
  const DnsStats expected = both.long_counters.read();
  const DnsStats counted = both.quick_counters.read();
  RC_ASSERT(counted.rcodes == expected.rcodes);
  RC_ASSERT(counted.truncated == expected.truncated);
  RC_ASSERT(counted.queries_udp + counted.queries_tcp == ready);
  RC_CLASSIFY(ready > 10);
}

TEST(QuickAnswers, UsualQueriesAreReady) {
  Both both;
  const auto served = served_of(test::world(cluster(true, true)), false);
  both.quick.serve(served);
  const auto ready = [&](std::string_view name, DnsType type, std::size_t listener = 0) {
    return both.same(served, listener, wire::encode_dns_query(test::query_for(name, type)), Transport::kUdp);
  };
  for (const auto type : {DnsType::kA, DnsType::kAaaa, DnsType::kAny, DnsType::kSoa, static_cast<DnsType>(65)}) {
    for (const std::string_view name : {kHost, std::string_view("no.eks.sallyport.internal")}) {
      for (int turn = 0; turn < 3; ++turn)
        EXPECT_TRUE(ready(name, type, static_cast<std::size_t>(turn))) << name;
    }
  }
  EXPECT_TRUE(ready("example.com", DnsType::kA));
  EXPECT_FALSE(ready("eks.sallyport.internal", DnsType::kSoa)) << "the zone's own names are answered at length";
  EXPECT_FALSE(ready("ns.eks.sallyport.internal", DnsType::kA));
  EXPECT_FALSE(ready(kHost, DnsType::kAxfr));
  EXPECT_FALSE(ready(kHost, DnsType::kA, 3)) << "a resolver of no VPC";
}

TEST(QuickAnswers, FollowTheSnapshot) {
  Both both;
  const Bytes query = wire::encode_dns_query(test::query_for(kHost));
  EXPECT_FALSE(both.same(nullptr, 0, query, Transport::kUdp)) << "before the first snapshot";
  for (const bool open : {true, false, true}) {
    for (const bool there : {true, false}) {
      auto world = test::world(cluster(open, true));
      if (!there) world.erase_cluster(model::ClusterName("my-cluster"));
      const auto served = served_of(std::move(world), false);
      both.quick.serve(served);
      for (int turn = 0; turn < 2; ++turn) {
        for (std::size_t listener = 0; listener < 3; ++listener)
          EXPECT_TRUE(both.same(served, listener, query, Transport::kUdp));
      }
    }
  }
  both.quick.serve(nullptr);
  EXPECT_FALSE(both.same(nullptr, 0, query, Transport::kUdp));
}

TEST(QuickAnswers, MoreSetsOfAddressesThanAreKeptAreAnsweredAtLength) {
  auto world = test::world(cluster(false, true));
  world.listeners.clear();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < base::limits::kDnsAnswerForms + 10; ++i) {
    const model::VpcId vpc("vpc-" + std::to_string(i));
    auto door = test::listener(test::kPrivate4);
    door.side = model::Listener::Side::kPrivate;
    door.advertise.address = base::IpAddress::v4(0x7f010100U + static_cast<std::uint32_t>(i));
    door.vpc = vpc;
    world.listeners.push_back(door);
    auto one = cluster(false, true);
    one.name = model::ClusterName("cluster-" + std::to_string(i));
    std::string id = std::to_string(i);
    id.insert(0, 32 - id.size(), '0');
    one.endpoint_id = model::EndpointId(id);
    one.vpc_config.vpc = vpc;
    world.put_cluster(one);
    names.push_back(id + ".gr1.us-east-1.eks.sallyport.internal");
  }
  const auto served = served_of(std::move(world), false);
  Both both;
  both.quick.serve(served);
  std::size_t ready = 0;
  for (const auto& name : names)
    ready += both.same(served, 0, wire::encode_dns_query(test::query_for(name)), Transport::kUdp) ? 1 : 0;
  EXPECT_EQ(ready, base::limits::kDnsAnswerForms);
  EXPECT_TRUE(both.same(served, 0, wire::encode_dns_query(test::query_for(names[0])), Transport::kUdp));
}

}  // namespace
}  // namespace sallyport::dns
