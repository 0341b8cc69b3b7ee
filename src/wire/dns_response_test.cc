#include "wire/dns_response.h"

#include <gtest/gtest.h>
#include <ldns/ldns.h>

#include <algorithm>
#include <memory>
#include <string>

namespace sallyport::wire {
namespace {

using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;

DnsName name_of(std::string_view text) { return DnsName::parse(text).value(); }

Packet read_with_ldns(const std::vector<std::uint8_t>& message) {
  ldns_pkt* raw = nullptr;
  EXPECT_EQ(ldns_wire2pkt(&raw, message.data(), message.size()), LDNS_STATUS_OK);
  return {raw, ldns_pkt_free};
}

// As a zone file would have it, fields between single spaces.
std::string text_of(const ldns_rr_list* records, std::size_t index) {
  char* raw = ldns_rr2str(ldns_rr_list_rr(records, index));
  std::string text(raw);
  LDNS_FREE(raw);
  std::ranges::replace(text, '\t', ' ');
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text;
}

DnsResponse response_for(std::string_view name, std::size_t addresses) {
  DnsResponse response;
  response.id = 0xbeef;
  response.authoritative = true;
  response.recursion_desired = true;
  response.question = DnsQuestion{name_of(name), DnsType::kA, DnsClass::kIn};
  for (std::size_t i = 0; i < addresses; ++i) {
    response.answers.push_back({name_of(name), 60, base::IpAddress::v4(0x0a000000U + static_cast<unsigned>(i))});
  }
  return response;
}

TEST(DnsResponse, LdnsReadsEveryKindOfRecord) {
  DnsResponse response = response_for("ApI.eks.example", 1);
  response.answers.push_back({name_of("ApI.eks.example"), 60, base::IpAddress::parse("2001:db8::5").value()});
  response.answers.push_back({name_of("eks.example"), 30, DnsNs{name_of("ns.eks.example")}});
  response.answers.push_back({name_of("other.test"), 30, DnsHinfo{"RFC8482", ""}});
  response.authorities.push_back(
      {name_of("eks.example"), 15,
       DnsSoa{name_of("ns.eks.example"), name_of("hostmaster.eks.example"), 7, 300, 60, 86400, 15}});
  response.edns = DnsOpt{1232, true, std::vector<std::uint8_t>(24, 1), {}};

  const auto encoded = encode_dns_response(response, 512);
  EXPECT_FALSE(encoded.truncated);
  const auto packet = read_with_ldns(encoded.bytes);
  EXPECT_EQ(ldns_pkt_id(packet.get()), 0xbeef);
  EXPECT_TRUE(ldns_pkt_qr(packet.get()));
  EXPECT_TRUE(ldns_pkt_aa(packet.get()));
  EXPECT_TRUE(ldns_pkt_rd(packet.get()));
  EXPECT_FALSE(ldns_pkt_ra(packet.get()));
  EXPECT_EQ(ldns_pkt_get_rcode(packet.get()), LDNS_RCODE_NOERROR);
  const auto* answers = ldns_pkt_answer(packet.get());
  ASSERT_EQ(ldns_rr_list_rr_count(answers), 4U);
  EXPECT_EQ(text_of(answers, 0), "ApI.eks.example. 60 IN A 10.0.0.0");
  EXPECT_EQ(text_of(answers, 1), "ApI.eks.example. 60 IN AAAA 2001:db8::5");
  EXPECT_EQ(text_of(answers, 2), "eks.example. 30 IN NS ns.eks.example.");
  EXPECT_EQ(text_of(answers, 3), "other.test. 30 IN HINFO \"RFC8482\" \"\"");
  EXPECT_EQ(text_of(ldns_pkt_authority(packet.get()), 0),
            "eks.example. 15 IN SOA ns.eks.example. hostmaster.eks.example. 7 300 60 86400 15");
  EXPECT_EQ(ldns_pkt_edns_udp_size(packet.get()), 1232);
  EXPECT_TRUE(ldns_pkt_edns_do(packet.get()));
}

TEST(DnsResponse, KeepsTheQuestionsBytes) {
  const auto encoded = encode_dns_response(response_for("mIxEd.EKS.eXample", 1), 512);
  const std::string sent = name_of("mIxEd.EKS.eXample").wire();
  EXPECT_EQ(std::string(encoded.bytes.begin() + 12, encoded.bytes.begin() + 12 + std::ssize(sent)), sent);
}

TEST(DnsResponse, CompressesToPointersIntoTheQuestion) {
  const auto encoded = encode_dns_response(response_for("a.eks.example", 1), 512);
  // header, question, then a record of pointer, type, class, TTL, length and address
  EXPECT_EQ(encoded.bytes.size(), 12U + 15U + 4U + 16U);
}

TEST(DnsResponse, TruncatesToQuestionAndOptExactlyPastTheLimit) {
  DnsResponse response = response_for("a.eks.example", 30);
  response.edns = DnsOpt{1232, false, {}, {}};
  const std::size_t whole = 12 + 15 + 4 + 30 * 16 + 11;
  const auto fits = encode_dns_response(response, whole);
  EXPECT_FALSE(fits.truncated);
  EXPECT_EQ(fits.bytes.size(), whole);

  const auto cut = encode_dns_response(response, whole - 1);
  EXPECT_TRUE(cut.truncated);
  const auto packet = read_with_ldns(cut.bytes);
  EXPECT_TRUE(ldns_pkt_tc(packet.get()));
  EXPECT_EQ(ldns_pkt_ancount(packet.get()), 0);
  EXPECT_EQ(ldns_pkt_qdcount(packet.get()), 1);
  EXPECT_TRUE(ldns_pkt_edns(packet.get()));
}

TEST(DnsResponse, MoreRecordsThanAMessageHolds) {
  const auto encoded = encode_dns_response(response_for("a.eks.example", 5'000), kDnsMaxMessageBytes);
  EXPECT_TRUE(encoded.truncated);
  EXPECT_TRUE(ldns_pkt_tc(read_with_ldns(encoded.bytes).get()));
}

TEST(DnsResponse, ExtendedCodeGoesIntoOpt) {
  DnsFault fault;
  fault.id = 3;
  fault.rcode = DnsRcode::kBadVers;
  fault.question = DnsQuestion{name_of("a.example"), DnsType::kA, DnsClass::kIn};
  fault.edns = DnsEdns{4096, 1, false, {}};
  const auto encoded = encode_dns_response(dns_response_to(fault, 1232), 512);
  const auto packet = read_with_ldns(encoded.bytes);
  EXPECT_EQ(ldns_pkt_get_rcode(packet.get()), LDNS_RCODE_NOERROR);
  EXPECT_EQ(ldns_pkt_edns_extended_rcode(packet.get()), 1);
  EXPECT_EQ(ldns_pkt_edns_version(packet.get()), 0);
}

}  // namespace
}  // namespace sallyport::wire
