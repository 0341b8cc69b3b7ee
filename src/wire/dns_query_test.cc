#include "wire/dns_query.h"

#include <gtest/gtest.h>
#include <ldns/ldns.h>

#include <memory>
#include <string>
#include <utility>

namespace sallyport::wire {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;

DnsQuery query_for(std::string_view name, DnsType type = DnsType::kA) {
  DnsQuery query;
  query.id = 0x1234;
  query.recursion_desired = true;
  query.question = {DnsName::parse(name).value(), type, DnsClass::kIn};
  return query;
}

Bytes append(Bytes message, const Bytes& more) {
  message.insert(message.end(), more.begin(), more.end());
  return message;
}

Bytes with(Bytes message, std::size_t at, std::uint8_t value) {
  message[at] = value;
  return message;
}

DnsRcode fault_of(const Bytes& message) {
  const auto parsed = parse_dns_query(message);
  const auto* fault = std::get_if<DnsFault>(&parsed);
  return fault == nullptr ? DnsRcode::kNoError : fault->rcode;
}

const Bytes kOpt = {0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0};

TEST(DnsQuery, WhatLdnsWritesWeRead) {
  ldns_rdf* name = ldns_dname_new_frm_str("AbC.eks.Example.");
  Packet packet(ldns_pkt_query_new(name, LDNS_RR_TYPE_AAAA, LDNS_RR_CLASS_IN, LDNS_RD), ldns_pkt_free);
  ldns_pkt_set_id(packet.get(), 77);
  ldns_pkt_set_edns_udp_size(packet.get(), 4096);
  ldns_pkt_set_edns_do(packet.get(), true);
  std::uint8_t* wire = nullptr;
  std::size_t size = 0;
  ASSERT_EQ(ldns_pkt2wire(&wire, packet.get(), &size), LDNS_STATUS_OK);
  const Bytes message(wire, wire + size);
  LDNS_FREE(wire);

  const auto parsed = parse_dns_query(message);
  ASSERT_TRUE(std::holds_alternative<DnsQuery>(parsed));
  const auto& query = std::get<DnsQuery>(parsed);
  EXPECT_EQ(query.id, 77);
  EXPECT_TRUE(query.recursion_desired);
  EXPECT_EQ(query.question.name.to_text(), "AbC.eks.Example");
  EXPECT_EQ(query.question.type, DnsType::kAaaa);
  ASSERT_TRUE(query.edns);
  EXPECT_EQ(query.edns->udp_size, 4096);
  EXPECT_TRUE(query.edns->dnssec_ok);
}

TEST(DnsQuery, WhatWeWriteLdnsReads) {
  DnsQuery query = query_for("Host.eks.example", DnsType::kSoa);
  query.edns = DnsEdns{1232, 0, true, DnsClientCookie{{1, 2, 3, 4, 5, 6, 7, 8}, Bytes(16, 9)}};
  const Bytes message = encode_dns_query(query);
  ldns_pkt* raw = nullptr;
  ASSERT_EQ(ldns_wire2pkt(&raw, message.data(), message.size()), LDNS_STATUS_OK);
  const Packet packet(raw, ldns_pkt_free);
  EXPECT_EQ(ldns_pkt_id(raw), 0x1234);
  EXPECT_TRUE(ldns_pkt_rd(raw));
  EXPECT_FALSE(ldns_pkt_qr(raw));
  EXPECT_TRUE(ldns_pkt_edns(raw));
  EXPECT_TRUE(ldns_pkt_edns_do(raw));
  EXPECT_EQ(ldns_pkt_edns_udp_size(raw), 1232);
  const ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(raw), 0);
  EXPECT_EQ(ldns_rr_get_type(question), LDNS_RR_TYPE_SOA);
  char* text = ldns_rdf2str(ldns_rr_owner(question));
  EXPECT_STREQ(text, "Host.eks.example.");
  LDNS_FREE(text);
}

TEST(DnsQuery, ResponsesAndStubsAreDropped) {
  const Bytes message = encode_dns_query(query_for("a.example"));
  EXPECT_TRUE(std::holds_alternative<DnsDrop>(parse_dns_query(with(message, 2, 0x80))));
  for (std::size_t size = 0; size < kDnsHeaderBytes; ++size) {
    EXPECT_TRUE(std::holds_alternative<DnsDrop>(parse_dns_query(std::span(message).first(size))));
  }
}

TEST(DnsQuery, EveryTruncationIsAFormatError) {
  DnsQuery query = query_for("a.example");
  query.edns = DnsEdns{1232, 0, false, DnsClientCookie{}};
  const Bytes message = encode_dns_query(query);
  ASSERT_TRUE(std::holds_alternative<DnsQuery>(parse_dns_query(message)));
  for (std::size_t size = kDnsHeaderBytes; size < message.size(); ++size) {
    EXPECT_EQ(fault_of(Bytes(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size))), DnsRcode::kFormErr)
        << size;
  }
}

TEST(DnsQuery, FormatErrors) {
  const Bytes plain = encode_dns_query(query_for("a.example"));
  const Bytes one_opt = append(with(plain, 11, 1), kOpt);
  ASSERT_TRUE(std::holds_alternative<DnsQuery>(parse_dns_query(one_opt)));
  const auto with_option = [&](const Bytes& option) {
    Bytes message = append(one_opt, option);
    message[one_opt.size() - 1] = static_cast<std::uint8_t>(option.size());
    return message;
  };
  const auto cookie = [](std::uint8_t size) { return append({0, 10, 0, size}, Bytes(size, 7)); };
  ASSERT_TRUE(std::holds_alternative<DnsQuery>(parse_dns_query(with_option(cookie(8)))));
  ASSERT_TRUE(std::holds_alternative<DnsQuery>(parse_dns_query(with_option(cookie(40)))));
  ASSERT_TRUE(std::holds_alternative<DnsQuery>(parse_dns_query(with_option({0, 3, 0, 0}))));

  const std::vector<std::pair<const char*, Bytes>> cases = {
      {"no question", with(plain, 5, 0)},
      {"two questions", with(plain, 5, 2)},
      {"bytes after the end", append(plain, {0})},
      {"an additional record that is not there", with(plain, 11, 1)},
      {"65,535 answers that are not there", with(with(plain, 6, 0xff), 7, 0xff)},
      {"two OPT", append(with(one_opt, 11, 2), kOpt)},
      {"OPT among the answers", append(with(plain, 7, 1), kOpt)},
      {"OPT of another name", append(with(plain, 11, 1), append({1, 'a'}, kOpt))},
      {"option longer than its record", with_option({0, 3, 0, 9, 1})},
      {"half an option header", with_option({0, 3, 0})},
      {"cookie of 7", with_option(cookie(7))},
      {"cookie of 15", with_option(cookie(15))},
      {"cookie of 41", with_option(cookie(41))},
      {"question that points at itself", {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1}},
      {"question that points into the header", {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 4, 0, 1, 0, 1}},
      {"label type 01", with(plain, 12, 0x41)},
  };
  for (const auto& [what, message] : cases)
    EXPECT_EQ(fault_of(message), DnsRcode::kFormErr) << what;
}

TEST(DnsQuery, OtherOpcodesAndVersions) {
  const Bytes plain = encode_dns_query(query_for("a.example"));
  for (const int opcode : {1, 2, 4, 5, 15}) {
    EXPECT_EQ(fault_of(with(plain, 2, static_cast<std::uint8_t>(opcode << 3))), DnsRcode::kNotImp);
  }
  Bytes later = append(with(plain, 11, 1), kOpt);
  later[plain.size() + 6] = 1;
  EXPECT_EQ(fault_of(later), DnsRcode::kBadVers);
}

}  // namespace
}  // namespace sallyport::wire
