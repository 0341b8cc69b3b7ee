#include "wire/dns_reply.h"

#include <gtest/gtest.h>
#include <ldns/ldns.h>

#include <memory>

namespace sallyport::wire {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;

DnsQuery asked_for(std::string_view name) {
  DnsQuery query;
  query.id = 100;
  query.recursion_desired = true;
  query.question = {DnsName::parse(name).value(), DnsType::kA, DnsClass::kIn};
  query.edns = DnsEdns{1232, 0, false, {}};
  return query;
}

DnsResponse served(const DnsQuery& asked, std::size_t addresses) {
  DnsResponse response = dns_response_to(asked, 4096);
  response.recursion_available = true;
  for (std::size_t i = 0; i < addresses; ++i) {
    response.answers.push_back({asked.question.name, 5, base::IpAddress::v4(static_cast<unsigned>(i))});
  }
  return response;
}

Packet read_with_ldns(const Bytes& message) {
  ldns_pkt* raw = nullptr;
  EXPECT_EQ(ldns_wire2pkt(&raw, message.data(), message.size()), LDNS_STATUS_OK);
  return {raw, ldns_pkt_free};
}

TEST(DnsReply, PassedOnItFitsTheClientsQuery) {
  const DnsQuery upstream = asked_for("www.example.com");
  DnsResponse response = served(upstream, 2);
  response.edns->cookie = Bytes(24, 5);
  response.edns->other_options = {0, 15, 0, 2, 0, 3};  // an extended error
  const auto reply = parse_dns_reply(encode_dns_response(response, 512).bytes, upstream);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->options, (Bytes{0, 15, 0, 2, 0, 3}));

  DnsQuery client = asked_for("WWW.example.COM");
  client.id = 4242;
  client.recursion_desired = false;
  const DnsOpt ours{1232, false, Bytes(24, 9), {}};
  const auto passed = pass_on_dns_reply(*reply, client, ours, 512);
  EXPECT_FALSE(passed.truncated);
  const auto packet = read_with_ldns(passed.bytes);
  EXPECT_EQ(ldns_pkt_id(packet.get()), 4242);
  EXPECT_TRUE(ldns_pkt_ra(packet.get()));
  EXPECT_FALSE(ldns_pkt_rd(packet.get()));
  EXPECT_FALSE(ldns_pkt_aa(packet.get()));
  EXPECT_EQ(ldns_pkt_ancount(packet.get()), 2);
  EXPECT_EQ(ldns_pkt_edns_udp_size(packet.get()), 1232);
  char* owner = ldns_rdf2str(ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(packet.get()), 0)));
  EXPECT_STREQ(owner, "WWW.example.COM.");
  LDNS_FREE(owner);
  const std::size_t options = passed.bytes.size() - 6 - 4 - 24;
  EXPECT_EQ(Bytes(passed.bytes.end() - 24, passed.bytes.end()), Bytes(24, 9));
  EXPECT_EQ(passed.bytes[options + 1], 15);
}

TEST(DnsReply, WithoutEdnsForAClientWithout) {
  const DnsQuery upstream = asked_for("www.example.com");
  const auto reply = parse_dns_reply(encode_dns_response(served(upstream, 1), 512).bytes, upstream);
  ASSERT_TRUE(reply);
  DnsQuery client = upstream;
  client.edns.reset();
  EXPECT_FALSE(ldns_pkt_edns(read_with_ldns(pass_on_dns_reply(*reply, client, std::nullopt, 512).bytes).get()));
}

TEST(DnsReply, TruncatedForASmallerClient) {
  const DnsQuery upstream = asked_for("www.example.com");
  const auto reply = parse_dns_reply(encode_dns_response(served(upstream, 60), 4096).bytes, upstream);
  ASSERT_TRUE(reply);
  const auto passed = pass_on_dns_reply(*reply, upstream, DnsOpt{1232, false, {}, {}}, 512);
  EXPECT_TRUE(passed.truncated);
  const auto packet = read_with_ldns(passed.bytes);
  EXPECT_TRUE(ldns_pkt_tc(packet.get()));
  EXPECT_EQ(ldns_pkt_ancount(packet.get()), 0);
  EXPECT_TRUE(ldns_pkt_edns(packet.get()));
}

TEST(DnsReply, TruncationDropsTheOptionsToo) {
  const DnsQuery upstream = asked_for("www.example.com");
  auto reply = parse_dns_reply(encode_dns_response(served(upstream, 60), 4096).bytes, upstream);
  ASSERT_TRUE(reply);
  reply->options = Bytes{0, 15, 2, 0};  // an Extended DNS Error with much to say
  reply->options.resize(4 + 512, 'x');
  const auto passed = pass_on_dns_reply(*reply, upstream, DnsOpt{1232, false, Bytes(24, 9), {}}, 512);
  EXPECT_TRUE(passed.truncated);
  EXPECT_LE(passed.bytes.size(), 512U);
  const auto packet = read_with_ldns(passed.bytes);
  EXPECT_TRUE(ldns_pkt_tc(packet.get()));
  EXPECT_TRUE(ldns_pkt_edns(packet.get()));
  EXPECT_EQ(Bytes(passed.bytes.end() - 24, passed.bytes.end()), Bytes(24, 9));
}

TEST(DnsReply, OnlyTheAnswerToWhatWasAsked) {
  const DnsQuery upstream = asked_for("www.example.com");
  const Bytes good = encode_dns_response(served(upstream, 1), 512).bytes;
  DnsQuery other = upstream;
  other.id = 101;
  EXPECT_FALSE(parse_dns_reply(good, other));
  EXPECT_FALSE(parse_dns_reply(good, asked_for("ww2.example.com")));
  other = upstream;
  other.question.type = DnsType::kAaaa;
  EXPECT_FALSE(parse_dns_reply(good, other));
  EXPECT_FALSE(parse_dns_reply(encode_dns_query(upstream), upstream));  // QR clear
  EXPECT_TRUE(parse_dns_reply(good, asked_for("WWW.EXAMPLE.COM")));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(parse_dns_reply(std::span(good).first(size), upstream)) << size;
  }
}

TEST(DnsReply, ARefusalMayLackTheQuestion) {
  const DnsQuery upstream = asked_for("www.example.com");
  const auto reply = parse_dns_reply(Bytes{0, 100, 0x80, 5, 0, 0, 0, 0, 0, 0, 0, 0}, upstream);
  ASSERT_TRUE(reply);
  const auto packet = read_with_ldns(pass_on_dns_reply(*reply, upstream, std::nullopt, 512).bytes);
  EXPECT_EQ(ldns_pkt_get_rcode(packet.get()), LDNS_RCODE_REFUSED);
  EXPECT_EQ(ldns_pkt_qdcount(packet.get()), 1);
  EXPECT_FALSE(parse_dns_reply(Bytes{0, 100, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0}, upstream));
}

}  // namespace
}  // namespace sallyport::wire
