#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "dns/test_client.h"
#include "dns/test_world.h"
#include "wire/dns_response.h"

namespace sallyport::dns {
namespace {

using test::Bytes;
using test::query_for;
using test::Seen;

// What the fake resolvers of these tests do with a query they parsed.
wire::DnsResponse honest(const wire::DnsQuery& query, std::size_t addresses = 1) {
  wire::DnsResponse response = wire::dns_response_to(query, 4096);
  response.authoritative = true;
  for (std::size_t i = 0; i < addresses; ++i) {
    response.answers.push_back({query.question.name, 30, base::IpAddress::v4(0xc0000201U + static_cast<unsigned>(i))});
  }
  return response;
}

wire::DnsQuery parsed(std::span<const std::uint8_t> message) {
  return std::get<wire::DnsQuery>(wire::parse_dns_query(message));
}

Bytes one_address(std::span<const std::uint8_t> message, bool) {
  return wire::encode_dns_response(honest(parsed(message)), 512).bytes;
}

Bytes many_addresses(std::span<const std::uint8_t> message, bool tcp) {
  return wire::encode_dns_response(honest(parsed(message), 100), tcp ? 65'535 : 512).bytes;
}

Bytes servfail(std::span<const std::uint8_t> message, bool) {
  auto response = honest(parsed(message), 0);
  response.rcode = wire::DnsRcode::kServFail;
  return wire::encode_dns_response(response, 512).bytes;
}

Bytes silence(std::span<const std::uint8_t>, bool) { return {}; }

Bytes wrong_id(std::span<const std::uint8_t> message, bool tcp) {
  Bytes reply = one_address(message, tcp);
  reply[0] ^= 0xff;
  return reply;
}

Bytes lower_case_and_cookie(std::span<const std::uint8_t> message, bool) {
  const auto query = parsed(message);
  auto response = honest(query);
  EXPECT_FALSE(query.edns && query.edns->cookie) << "the client's cookie went on";
  response.question->name = wire::DnsName::parse("www.example.com").value();
  if (response.edns) response.edns->cookie = Bytes(24, 1);
  return wire::encode_dns_response(response, 512).bytes;
}

class ForwardTest : public testing::Test {
 protected:
  void start(std::vector<base::SocketAddress> resolvers) {
    config_.public_listeners = {{test::ip("127.0.0.1"), 0}};
    config_.resolvers = {{{test::ip(test::kHomeResolver), 0}, {}}};
    config_.forward = std::move(resolvers);
    server_ = test::start_somewhere(config_);
    ASSERT_TRUE(server_);
    ASSERT_FALSE(test::apply(*server_, test::world(test::cluster(true, true))).error);
  }

  const base::SocketAddress& home() const { return config_.resolvers[0].bind; }
  Seen udp(const wire::DnsQuery& query) const {
    return test::UdpClient(home()).ask(wire::encode_dns_query(query)).value_or(Seen{});
  }
  Seen tcp(const wire::DnsQuery& query) const {
    return test::TcpClient(home()).ask(wire::encode_dns_query(query)).value_or(Seen{});
  }

  DnsConfig config_;
  std::unique_ptr<DnsServer> server_;
};

TEST_F(ForwardTest, OtherNamesAreAskedElsewhereOursNever) {
  const test::FakeResolver resolver(one_address);
  start({resolver.address()});
  for (const Seen& seen : {udp(query_for("www.example.com")), tcp(query_for("www.example.com"))}) {
    EXPECT_EQ(seen.id, 0x4242);
    EXPECT_EQ(seen.answers, std::vector<std::string>{"www.example.com. 30 IN A 192.0.2.1"});
    EXPECT_TRUE(seen.ra);
    EXPECT_FALSE(seen.aa);
    EXPECT_FALSE(seen.edns);
  }
  EXPECT_EQ(server_->stats().forwarded, 2U);
  const Seen ours = udp(query_for(test::kHost));
  EXPECT_TRUE(ours.aa);
  EXPECT_TRUE(ours.ra);
  EXPECT_EQ(server_->stats().forwarded, 2U);
  const auto refused =
      test::UdpClient(config_.public_listeners[0]).ask(wire::encode_dns_query(query_for("example.com")));
  EXPECT_EQ(refused->rcode, "REFUSED");
}

TEST_F(ForwardTest, CaseAndCookieAreTheClients) {
  const test::FakeResolver resolver(lower_case_and_cookie);
  start({resolver.address()});
  auto query = query_for("wWw.ExAmple.com");
  query.edns = wire::DnsEdns{1232, 0, false, wire::DnsClientCookie{{9, 8, 7, 6, 5, 4, 3, 2}, {}}};
  const test::UdpClient client(home());
  client.send(wire::encode_dns_query(query));
  const Bytes reply = client.receive().value();
  const auto seen = test::read_answer(reply);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->question, "wWw.ExAmple.com.");
  EXPECT_EQ(seen->udp_size, 1232U);
  EXPECT_TRUE(std::equal(reply.end() - 24, reply.end() - 16, query.edns->cookie->client.begin()));
}

TEST_F(ForwardTest, TruncatedOverUdpWholeOverTcp) {
  const test::FakeResolver resolver(many_addresses);
  start({resolver.address()});
  const Seen cut = udp(query_for("www.example.com"));
  EXPECT_TRUE(cut.tc);
  EXPECT_TRUE(cut.answers.empty());
  const Seen whole = tcp(query_for("www.example.com"));
  EXPECT_FALSE(whole.tc);
  EXPECT_EQ(whole.answers.size(), 100U);
}

TEST_F(ForwardTest, TheNextResolverIsAskedWhereOneFails) {
  const test::FakeResolver quiet(silence);
  const test::FakeResolver broken(servfail);
  const test::FakeResolver good(one_address);
  start({quiet.address(), broken.address(), good.address()});
  EXPECT_EQ(udp(query_for("www.example.com")).answers.size(), 1U);
}

TEST_F(ForwardTest, ForgedRepliesAndSilenceEndInServfail) {
  const test::FakeResolver forger(wrong_id);
  start({forger.address()});
  const Seen seen = udp(query_for("www.example.com"));
  EXPECT_EQ(seen.rcode, "SERVFAIL");
  EXPECT_TRUE(seen.answers.empty());
  EXPECT_EQ(server_->stats().forward_failures, 1U);
  EXPECT_EQ(server_->stats().forwarded, 0U);
}

TEST_F(ForwardTest, NobodyListeningIsServfail) {
  start({{test::ip("127.3.0.9"), 9}});
  EXPECT_EQ(udp(query_for("www.example.com")).rcode, "SERVFAIL");
  EXPECT_EQ(tcp(query_for("www.example.com")).rcode, "SERVFAIL");
}

TEST_F(ForwardTest, PastTheLimitQueriesFailAtOnceAndOursStillAnswer) {
  const test::FakeResolver quiet(silence);
  start({quiet.address()});
  const test::UdpClient client(home());
  const Bytes message = wire::encode_dns_query(query_for("www.example.com"));
  // Sent in portions the socket buffer holds; each is known to be read when one of our own names, sent after
  // it from the same source, is answered, or the limit was reached.
  for (std::size_t sent = 0; sent < base::limits::kDnsForwardsInFlight + 64; sent += 32) {
    for (int i = 0; i < 32; ++i)
      client.send(message);
    client.send(wire::encode_dns_query(query_for(test::kHost)));
    std::optional<Seen> seen;
    do {
      const auto reply = client.receive();
      ASSERT_TRUE(reply);
      seen = test::read_answer(*reply);
    } while (seen->rcode == "SERVFAIL");
    EXPECT_EQ(seen->rcode, "NOERROR");
  }
  EXPECT_GE(server_->stats().forward_failures, 1U);
}

TEST_F(ForwardTest, StopsWithQueriesInFlight) {
  const test::FakeResolver quiet(silence);
  start({quiet.address()});
  const test::UdpClient client(home());
  const test::TcpClient stream(home());
  for (int i = 0; i < 50; ++i)
    client.send(wire::encode_dns_query(query_for("www.example.com")));
  ASSERT_TRUE(stream.send(wire::encode_dns_query(query_for("www.example.com"))));
  EXPECT_EQ(udp(query_for(test::kHost)).rcode, "NOERROR");
  server_.reset();
  EXPECT_FALSE(stream.receive());
}

}  // namespace
}  // namespace sallyport::dns
