#include "dns/dns_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/test_machine.h"
#include "dns/test_client.h"
#include "dns/test_world.h"

namespace sallyport::dns {
namespace {

using test::Bytes;
using test::cluster;
using test::kHost;
using test::query_for;
using test::Seen;
using wire::DnsType;
using Lines = std::vector<std::string>;

std::string line(std::string_view type, std::string_view data, std::string_view owner = kHost) {
  return std::string(owner) + ". 60 IN " + std::string(type) + " " + std::string(data);
}

Bytes encoded(std::string_view name, DnsType type = DnsType::kA) {
  return wire::encode_dns_query(query_for(name, type));
}

Bytes with_edns(std::string_view name, std::uint16_t size, std::optional<wire::DnsClientCookie> cookie = {}) {
  auto query = query_for(name);
  query.edns = wire::DnsEdns{size, 0, false, std::move(cookie)};
  return wire::encode_dns_query(query);
}

model::Snapshot with_public_listeners(model::Snapshot snapshot, std::size_t count) {
  snapshot.listeners.clear();
  for (std::size_t i = 0; i < count; ++i) {
    snapshot.listeners.push_back(test::listener("203.0.113.10"));
    snapshot.listeners.back().advertise.address = base::IpAddress::v4(0xcb007100U + static_cast<unsigned>(i));
  }
  return snapshot;
}

class DnsServerTest : public testing::Test {
 protected:
  void start(std::vector<base::SocketAddress> forward = {}) {
    config_.public_listeners = {{test::ip("127.0.0.1"), 0}, {test::ip("127.0.0.9"), 0}, {test::ip("::1"), 0}};
    config_.resolvers = {{{test::ip(test::kHomeResolver), 0}, {}},
                         {{test::ip(test::kOtherResolver), 0}, {}},
                         {{test::ip("127.9.0.2"), 0}, {}}};
    config_.forward = std::move(forward);
    server_ = test::start_somewhere(config_);
    ASSERT_TRUE(server_);
  }

  void serve(model::Snapshot snapshot) { EXPECT_FALSE(test::apply(*server_, std::move(snapshot)).error); }

  const base::SocketAddress& open() const { return config_.public_listeners[0]; }
  const base::SocketAddress& home() const { return config_.resolvers[0].bind; }
  const base::SocketAddress& other() const { return config_.resolvers[1].bind; }
  const base::SocketAddress& stray() const { return config_.resolvers[2].bind; }

  Seen udp(const base::SocketAddress& server, const Bytes& query) const {
    return test::UdpClient(server).ask(query).value_or(Seen{});
  }
  Seen tcp(const base::SocketAddress& server, const Bytes& query) const {
    return test::TcpClient(server).ask(query).value_or(Seen{});
  }

  DnsConfig config_;
  std::unique_ptr<DnsServer> server_;
};

TEST_F(DnsServerTest, ServfailBeforeTheFirstSnapshot) {
  start();
  EXPECT_EQ(udp(open(), encoded(kHost)).rcode, "SERVFAIL");
  EXPECT_EQ(tcp(home(), encoded("example.com")).rcode, "SERVFAIL");
  EXPECT_EQ(server_->stats().rcodes.at("SERVFAIL"), 2U);
}

TEST_F(DnsServerTest, EachAddressShowsItsView) {
  start();
  serve(test::world(cluster(true, true)));
  for (const bool stream : {false, true}) {
    const auto ask = [&](const base::SocketAddress& server, const Bytes& query) {
      return stream ? tcp(server, query) : udp(server, query);
    };
    EXPECT_EQ(ask(open(), encoded(kHost)).answers, Lines{line("A", test::kPublic4)});
    EXPECT_EQ(ask(config_.public_listeners[1], encoded(kHost)).answers, Lines{line("A", test::kPublic4)});
    EXPECT_EQ(ask(config_.public_listeners[2], encoded(kHost, DnsType::kAaaa)).answers,
              Lines{line("AAAA", test::kPublic6)});
    EXPECT_EQ(ask(home(), encoded(kHost)).answers, Lines{line("A", test::kPrivate4)});
    EXPECT_EQ(ask(other(), encoded(kHost)).answers, Lines{line("A", test::kPublic4)});
    EXPECT_EQ(ask(stray(), encoded(kHost)).rcode, "REFUSED");
    EXPECT_EQ(ask(home(), encoded("example.com")).rcode, "REFUSED");
    const Seen missing = ask(open(), encoded("x.eks.sallyport.internal"));
    EXPECT_EQ(missing.rcode, "NXDOMAIN");
    EXPECT_EQ(missing.authorities,
              Lines{"eks.sallyport.internal. 15 IN SOA ns.eks.sallyport.internal. hostmaster.eks.sallyport.internal. 7 "
                    "300 60 86400 15"});
  }
}

TEST_F(DnsServerTest, CaseComesBackAsItWent) {
  start();
  serve(test::world(cluster(true, false)));
  std::string mixed(kHost);
  for (std::size_t i = 0; i < mixed.size(); i += 2) {
    mixed[i] = static_cast<char>(std::isupper(mixed[i]) != 0 ? std::tolower(mixed[i]) : std::toupper(mixed[i]));
  }
  const Seen seen = udp(open(), encoded(mixed));
  EXPECT_EQ(seen.question, mixed + ".");
  EXPECT_EQ(seen.answers, Lines{line("A", test::kPublic4, mixed)});
}

TEST_F(DnsServerTest, SizesTruncationAndTcpRetry) {
  start();
  serve(with_public_listeners(test::world(cluster(true, false)), 60));  // 12 + 75 + 60 * 16 bytes and more
  const Seen plain = udp(open(), encoded(kHost));
  EXPECT_TRUE(plain.tc);
  EXPECT_TRUE(plain.answers.empty());
  EXPECT_LE(plain.bytes, 512U);
  EXPECT_TRUE(udp(open(), with_edns(kHost, 0)).tc);
  EXPECT_TRUE(udp(open(), with_edns(kHost, 1000)).tc);
  const Seen wide = udp(open(), with_edns(kHost, 4096));
  EXPECT_FALSE(wide.tc);
  EXPECT_EQ(wide.answers.size(), 60U);
  EXPECT_EQ(wide.udp_size, 1232U);

  serve(with_public_listeners(test::world(cluster(true, false)), 300));
  const Seen past_ours = udp(open(), with_edns(kHost, 65535));
  EXPECT_TRUE(past_ours.tc);
  EXPECT_TRUE(past_ours.edns);
  const Seen whole = tcp(open(), encoded(kHost));
  EXPECT_FALSE(whole.tc);
  EXPECT_EQ(whole.answers.size(), 300U);
  EXPECT_EQ(server_->stats().truncated, 4U);
}

TEST_F(DnsServerTest, TcpAnswersWhatIsPipelinedInOrder) {
  start();
  serve(test::world(cluster(true, false)));
  test::TcpClient client(open());
  Bytes stream;
  constexpr std::uint16_t kQueries = 2'000;
  for (std::uint16_t id = 0; id < kQueries; ++id) {
    auto query = query_for(kHost);
    query.id = id;
    const Bytes message = wire::encode_dns_query(query);
    stream.insert(stream.end(), {0, static_cast<std::uint8_t>(message.size())});
    stream.insert(stream.end(), message.begin(), message.end());
  }
  auto sending = std::async(std::launch::async, [&] { return client.send_raw(stream); });
  for (std::uint16_t id = 0; id < kQueries; ++id) {
    const auto reply = client.receive();
    ASSERT_TRUE(reply) << id;
    const auto seen = test::read_answer(*reply);
    ASSERT_TRUE(seen) << id;
    ASSERT_EQ(seen->id, id);
    ASSERT_EQ(seen->answers.size(), 1U);
  }
  EXPECT_TRUE(sending.get());
  EXPECT_EQ(server_->stats().queries_tcp, kQueries);
}

TEST_F(DnsServerTest, TcpQueriesMayComeByteByByte) {
  start();
  serve(test::world(cluster(true, false)));
  const test::TcpClient client(open());
  const Bytes message = encoded(kHost);
  const std::array<std::uint8_t, 2> length = {0, static_cast<std::uint8_t>(message.size())};
  for (const std::uint8_t byte : length)
    ASSERT_TRUE(client.send_raw({&byte, 1}));
  for (const std::uint8_t byte : message)
    ASSERT_TRUE(client.send_raw({&byte, 1}));
  EXPECT_EQ(test::read_answer(client.receive().value())->rcode, "NOERROR");
}

TEST_F(DnsServerTest, TcpThatSendsNoQueryIsClosed) {
  start();
  serve(test::world(cluster(true, false)));
  const test::TcpClient client(open());
  ASSERT_TRUE(client.send(Bytes{1, 2, 3}));
  EXPECT_FALSE(client.receive());
  EXPECT_EQ(server_->stats().malformed, 1U);
}

TEST_F(DnsServerTest, TcpConnectionsPastTheLimitTakeThePlaceOfIdleOnes) {
  start();
  serve(test::world(cluster(true, false)));
  std::vector<std::unique_ptr<test::TcpClient>> clients;
  for (std::size_t i = 0; i < base::limits::kDnsTcpConnections; ++i) {
    clients.push_back(std::make_unique<test::TcpClient>(open()));
    ASSERT_EQ(clients.back()->ask(encoded(kHost))->rcode, "NOERROR") << i;
  }
  EXPECT_EQ(tcp(open(), encoded(kHost)).rcode, "NOERROR");
  EXPECT_FALSE(clients.front()->ask(encoded(kHost)));
  EXPECT_EQ(clients.back()->ask(encoded(kHost))->rcode, "NOERROR");
  EXPECT_EQ(server_->stats().tcp_connections_refused, 0U);
}

TEST_F(DnsServerTest, TcpConnectionsPastTheLimitAreRefusedWhileNoneIsIdle) {
  start();
  serve(test::world(cluster(true, false)));
  std::vector<std::unique_ptr<test::TcpClient>> clients;
  const Bytes message = encoded(kHost);
  const Bytes prefix = {0, static_cast<std::uint8_t>(message.size()), message[0]};
  for (std::size_t i = 0; i < base::limits::kDnsTcpConnections; ++i) {
    clients.push_back(std::make_unique<test::TcpClient>(open()));
    ASSERT_EQ(clients.back()->ask(message)->rcode, "NOERROR") << i;
    ASSERT_TRUE(clients.back()->send_raw(prefix));
  }
  // The connections with half a query wait for the rest: none is idle once the server read what they sent,
  // which it has when the first of a new connection is refused.
  std::vector<std::unique_ptr<test::TcpClient>> late;
  for (std::size_t i = 0; i < base::limits::kDnsTcpConnections && server_->stats().tcp_connections_refused == 0; ++i) {
    late.push_back(std::make_unique<test::TcpClient>(open()));
    late.back()->ask(message);
    late.back()->send_raw(prefix);
  }
  EXPECT_GE(server_->stats().tcp_connections_refused, 1U);
}

TEST_F(DnsServerTest, GarbageFloodsLeaveTheServerAnswering) {
  start();
  serve(test::world(cluster(true, true)));
  std::mt19937 random(20'261'124);
  const test::UdpClient flooder(home());
  Bytes good = with_edns(kHost, 4096);
  for (int i = 0; i < 2'000; ++i) {
    Bytes packet = i % 2 == 0 ? Bytes(random() % 600) : good;
    if (i % 2 == 0) {
      std::ranges::generate(packet, [&] { return static_cast<std::uint8_t>(random()); });
    } else {
      for (int flips = 0; flips < 3; ++flips)
        packet[random() % packet.size()] = static_cast<std::uint8_t>(random());
    }
    flooder.send(packet);
  }
  flooder.send(Bytes(9'000, 0));
  std::optional<Seen> seen;
  for (int tries = 0; tries < 20 && !seen; ++tries)
    seen = test::UdpClient(home()).ask(encoded(kHost));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->answers, Lines{line("A", test::kPrivate4)});
  // Another thread's flood: it need not have got to it when this one answers.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (server_->stats().malformed == 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_GT(server_->stats().malformed, 0U);
}

TEST_F(DnsServerTest, ProtocolErrors) {
  start();
  serve(test::world(cluster(true, false)));
  Bytes notify = encoded(kHost);
  notify[2] = 4 << 3;
  EXPECT_EQ(udp(open(), notify).rcode, "NOTIMPL");
  Bytes two_questions = encoded(kHost);
  two_questions[5] = 2;
  EXPECT_EQ(udp(open(), two_questions).rcode, "FORMERR");
  Bytes later_edns = with_edns(kHost, 1232);
  later_edns[later_edns.size() - 5] = 1;  // version
  EXPECT_EQ(udp(open(), later_edns).extended_rcode, 1U);
  EXPECT_EQ(udp(open(), encoded(kHost, DnsType::kAxfr)).rcode, "REFUSED");
  const auto rcodes = server_->stats().rcodes;
  EXPECT_EQ(rcodes.at("NOTIMP"), 1U);
  EXPECT_EQ(rcodes.at("FORMERR"), 1U);
  EXPECT_EQ(rcodes.at("BADVERS"), 1U);
  EXPECT_EQ(rcodes.at("REFUSED"), 1U);
}

TEST_F(DnsServerTest, ResponsesGetNoAnswer) {
  start();
  serve(test::world(cluster(true, false)));
  const test::UdpClient client(open());
  Bytes response = encoded(kHost);
  response[2] |= 0x80;
  response[1] = 1;
  client.send(response);
  const Seen seen = client.ask(encoded(kHost)).value();  // same socket, same worker: answered in order
  EXPECT_EQ(seen.id, 0x4242);
}

TEST_F(DnsServerTest, CookiesComeBackAndForgedOnesAreReplaced) {
  start();
  serve(test::world(cluster(true, false)));
  const auto cookie_of = [](const Bytes& reply) { return Bytes(reply.end() - 24, reply.end()); };
  const test::UdpClient client(open());
  const wire::DnsClientCookie first{{1, 2, 3, 4, 5, 6, 7, 8}, {}};
  client.send(with_edns(kHost, 1232, first));
  const Bytes made = cookie_of(client.receive().value());
  EXPECT_TRUE(std::equal(first.client.begin(), first.client.end(), made.begin()));

  wire::DnsClientCookie returned = first;
  returned.server.assign(made.begin() + 8, made.end());
  client.send(with_edns(kHost, 1232, returned));
  EXPECT_EQ(cookie_of(client.receive().value()), made);
  returned.server.assign(16, 0xee);
  client.send(with_edns(kHost, 1232, returned));
  const Bytes replaced = cookie_of(client.receive().value());
  EXPECT_NE(Bytes(replaced.begin() + 8, replaced.end()), returned.server);
}

TEST_F(DnsServerTest, AfterTheAcknowledgementNobodyAnswersFromTheOld) {
  start();
  for (unsigned round = 0; round < 20; ++round) {
    auto snapshot = test::world(cluster(true, false));
    snapshot.revision = model::Revision(round + 1);
    snapshot.listeners[0].advertise.address = base::IpAddress::v4(0xcb007100U + round);
    const Lines expected = {line("A", snapshot.listeners[0].advertise.address.to_string())};
    const auto ack = test::apply(*server_, std::move(snapshot));
    EXPECT_EQ(ack.revision, model::Revision(round + 1));
    // Fresh source ports: the kernel spreads them over all workers.
    for (int i = 0; i < 16; ++i)
      ASSERT_EQ(udp(open(), encoded(kHost)).answers, expected) << round;
    ASSERT_EQ(tcp(open(), encoded(kHost)).answers, expected) << round;
  }
}

TEST_F(DnsServerTest, SnapshotsInQuickSuccessionAreEachAcknowledged) {
  start();
  std::vector<std::future<model::Acknowledgement>> acks;
  for (unsigned i = 1; i <= 200; ++i) {
    auto snapshot = test::world(cluster(true, false));
    snapshot.revision = model::Revision(i);
    auto promise = std::make_shared<std::promise<model::Acknowledgement>>();
    acks.push_back(promise->get_future());
    server_->apply(std::make_shared<const model::Snapshot>(std::move(snapshot)),
                   [promise](model::Acknowledgement ack) { promise->set_value(std::move(ack)); });
  }
  server_.reset();  // those it did not get to are told so
  for (unsigned i = 0; i < acks.size(); ++i)
    EXPECT_EQ(acks[i].get().revision, model::Revision(i + 1));
}

TEST_F(DnsServerTest, AZoneThatIsNoNameIsReportedAndTheOldAnswersStay) {
  start();
  serve(test::world(cluster(true, false)));
  auto broken = test::world(cluster(true, false));
  broken.zone = "a..b";
  const auto ack = test::apply(*server_, std::move(broken));
  ASSERT_TRUE(ack.error);
  EXPECT_EQ(ack.error->field, "zone");
  EXPECT_EQ(udp(open(), encoded(kHost)).answers, Lines{line("A", test::kPublic4)});
}

TEST_F(DnsServerTest, AnAddressThatIsTakenOrForeignIsNamed) {
  start();
  const auto second = DnsServer::start(config_);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find(open().to_string()), std::string::npos);
  const auto foreign = DnsServer::start({{{test::ip("192.0.2.1"), 5353}}, {}, {}});
  ASSERT_FALSE(foreign);
  EXPECT_NE(foreign.error().message.find("192.0.2.1:5353"), std::string::npos);
}

TEST_F(DnsServerTest, WildcardRepliesComeFromTheAddressAsked) {
  config_.public_listeners = {{base::IpAddress::v4(0), 0}};
  server_ = test::start_somewhere(config_);
  ASSERT_TRUE(server_);
  serve(test::world(cluster(true, false)));
  for (const char* address : {"127.0.0.1", "127.0.0.77"}) {
    const test::UdpClient client({test::ip(address), open().port});  // connected: takes replies from there alone
    EXPECT_EQ(client.ask(encoded(kHost))->rcode, "NOERROR") << address;
  }
}

TEST_F(DnsServerTest, DigUnderstandsUs) {
  start();
  serve(test::world(cluster(true, true)));
  const auto dig = [](const base::SocketAddress& server, const std::string& rest) {
    const std::string command = "dig +time=5 +tries=1 @" + server.address.to_string() + " -p " +
                                std::to_string(server.port) + " " + rest + " 2>&1";
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    std::array<char, 4096> part{};
    while (std::fgets(part.data(), part.size(), pipe) != nullptr)
      out += part.data();
    return std::pair(::pclose(pipe), out);
  };
  const bool missing = dig(open(), "-v").first != 0;
  if (missing && base::test_machine_is_complete()) FAIL() << "no dig here";
  if (missing) GTEST_SKIP() << "no dig here";
  EXPECT_EQ(dig(open(), "+short " + std::string(kHost)).second, std::string(test::kPublic4) + "\n");
  EXPECT_EQ(dig(home(), "+tcp +short " + std::string(kHost)).second, std::string(test::kPrivate4) + "\n");
  const std::string full = dig(open(), std::string(kHost) + " AAAA").second;
  EXPECT_NE(full.find("(good)"), std::string::npos) << full;  // the cookie
  EXPECT_EQ(full.find("WARNING: Message"), std::string::npos) << full;
  EXPECT_NE(dig(open(), "nobody.eks.sallyport.internal").second.find("NXDOMAIN"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::dns
