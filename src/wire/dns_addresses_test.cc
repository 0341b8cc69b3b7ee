#include "wire/dns_addresses.h"

#include <gtest/gtest.h>

#include "wire/dns_response.h"

namespace sallyport::wire {
namespace {

const DnsName kName = DnsName::parse("a.example.com").value();

DnsQuery query() {
  DnsQuery query;
  query.id = 7;
  query.question.name = kName;
  return query;
}

std::vector<std::string> found(const DnsResponse& response, std::size_t most = 8) {
  const auto encoded = encode_dns_response(response, kDnsMaxMessageBytes);
  const auto reply = parse_dns_reply(encoded.bytes, query());
  std::vector<std::string> texts;
  for (const auto& address : dns_addresses(reply.value(), query().question, most))
    texts.push_back(address.to_string());
  return texts;
}

TEST(DnsAddresses, OfTheNameAlone) {
  DnsResponse response = dns_response_to(query(), 1232);
  EXPECT_TRUE(found(response).empty());
  response.answers = {{kName, 60, base::IpAddress::v4(0xc0000201)},
                      {DnsName::parse("b.example.com").value(), 60, base::IpAddress::v4(0xc0000202)},
                      {kName, 60, DnsNs{kName}},
                      {DnsName::parse("A.Example.COM").value(), 60, *base::IpAddress::parse("2001:db8::1")}};
  response.authorities = {{kName, 60, base::IpAddress::v4(0xc0000203)}};
  EXPECT_EQ(found(response), (std::vector<std::string>{"192.0.2.1", "2001:db8::1"}));
  EXPECT_EQ(found(response, 1), (std::vector<std::string>{"192.0.2.1"}));
}

TEST(DnsAddresses, NoneInAReplyWithoutAQuestion) {
  DnsReply reply;
  reply.rcode = DnsRcode::kRefused;
  EXPECT_TRUE(dns_addresses(reply, query().question, 8).empty());
}

}  // namespace
}  // namespace sallyport::wire
