#include "wire/dns_query_view.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "wire/dns_query.h"

namespace sallyport::wire {
namespace {

using Bytes = std::vector<std::uint8_t>;

DnsQuery plain_query(std::string_view name = "Host.example") {
  DnsQuery query;
  query.id = 0x4242;
  query.recursion_desired = true;
  query.question = {DnsName::parse(name).value(), DnsType::kAaaa, DnsClass::kIn};
  return query;
}

// The view as a whole query, to be compared with what the whole parser gives.
DnsQuery whole(const DnsQueryView& view) {
  DnsQuery query;
  query.id = view.id;
  query.recursion_desired = view.recursion_desired;
  query.checking_disabled = view.checking_disabled;
  std::size_t offset = kDnsHeaderBytes;
  Bytes message(kDnsHeaderBytes);
  message.insert(message.end(), view.name().begin(), view.name().end());
  query.question = {DnsName::read(message, offset).value(), view.type, view.klass};
  if (!view.edns) return query;
  DnsEdns& edns = query.edns.emplace();
  edns.udp_size = view.udp_size;
  edns.dnssec_ok = view.dnssec_ok;
  if (view.cookie.empty()) return query;
  DnsClientCookie& cookie = edns.cookie.emplace();
  std::copy_n(view.cookie.begin(), cookie.client.size(), cookie.client.begin());
  cookie.server.assign(view.cookie.begin() + 8, view.cookie.end());
  return query;
}

// Whether `message` is viewed; where it is, as the whole parser reads it.
bool viewed_rightly(const Bytes& message) {
  const auto view = view_dns_query(message);
  if (!view) return false;
  const auto parsed = parse_dns_query(message);
  EXPECT_TRUE(std::holds_alternative<DnsQuery>(parsed));
  if (const auto* query = std::get_if<DnsQuery>(&parsed)) {
    EXPECT_EQ(whole(*view), *query);
  }
  return true;
}

TEST(DnsQueryView, UsualQueriesAreViewed) {
  DnsQuery query = plain_query();
  EXPECT_TRUE(viewed_rightly(encode_dns_query(query)));
  query.edns = DnsEdns{1232, 0, true, {}};
  EXPECT_TRUE(viewed_rightly(encode_dns_query(query)));
  query.edns->cookie = DnsClientCookie{{1, 2, 3, 4, 5, 6, 7, 8}, Bytes(16, 9)};
  EXPECT_TRUE(viewed_rightly(encode_dns_query(query)));
  query.question.name = DnsName();
  EXPECT_TRUE(viewed_rightly(encode_dns_query(query)));
}

TEST(DnsQueryView, TheRestIsForTheParserToJudge) {
  const Bytes good = encode_dns_query(plain_query());
  for (const std::size_t count_at : {4U, 6U, 8U, 10U}) {
    Bytes message = good;
    message[count_at + 1] ^= 2;  // another number of questions, answers, authorities, additional records
    EXPECT_FALSE(view_dns_query(message)) << count_at;
  }
  Bytes response = good;
  response[2] |= 0x80;
  EXPECT_FALSE(view_dns_query(response));
  Bytes update = good;
  update[2] |= 5 << 3;
  EXPECT_FALSE(view_dns_query(update));
  Bytes more = good;
  more.push_back(0);
  EXPECT_FALSE(view_dns_query(more));
  DnsQuery later = plain_query();
  later.edns = DnsEdns{1232, 0, false, {}};
  Bytes version = encode_dns_query(later);
  version[version.size() - 5] = 1;
  EXPECT_FALSE(view_dns_query(version));
}

RC_GTEST_PROP(DnsQueryView, DamagedQueriesAreReadAsTheParserDoes, ()) {
  DnsQuery query = plain_query();
  if (*rc::gen::arbitrary<bool>()) {
    query.edns = DnsEdns{1232, 0, false, {}};
    if (*rc::gen::arbitrary<bool>()) query.edns->cookie = DnsClientCookie{{}, Bytes(*rc::gen::element(0U, 8U, 16U))};
  }
  Bytes message = encode_dns_query(query);
  const auto changes = *rc::gen::inRange(0, 4);
  for (int i = 0; i < changes; ++i)
    message[*rc::gen::inRange<std::size_t>(0, message.size())] = *rc::gen::arbitrary<std::uint8_t>();
  message.resize(message.size() - *rc::gen::weightedElement<std::size_t>({{8, 0}, {1, 1}, {1, 9}}));
  RC_CLASSIFY(viewed_rightly(message), "viewed");
}

TEST(DnsLowerName, AsTheNamePrints) {
  for (const char* text :
       {"EXAMPLE", "A.b-C_d.*.Zz9", "0123456789ABCDEF0123456789ABCDEF.gr1.us-east-1.eks.X.internal"}) {
    const DnsName name = DnsName::parse(text).value();
    DnsLowerName lower(base::as_bytes(name.wire()));
    EXPECT_EQ(base::as_text(lower.wire()), base::ascii_lower(name.wire()));
    EXPECT_EQ(lower.into_text(), base::ascii_lower(name.to_text()));
  }
  const DnsName longest = DnsName::parse(std::string(63, 'A') + "." + std::string(63, 'B') + "." +
                                         std::string(63, 'C') + "." + std::string(61, 'D'))
                              .value();
  ASSERT_EQ(longest.wire().size(), 255U);
  DnsLowerName lower(base::as_bytes(longest.wire()));
  EXPECT_EQ(lower.into_text(), base::ascii_lower(longest.to_text()));
}

TEST(DnsLowerName, NothingThatWouldBeEscaped) {
  EXPECT_EQ(DnsLowerName(base::as_bytes(DnsName().wire())).into_text(), std::nullopt);
  for (int byte = 0; byte < 256; ++byte) {
    const DnsName name = DnsName().child(std::string{'a', static_cast<char>(byte)}).value();
    DnsLowerName lower(base::as_bytes(name.wire()));
    EXPECT_EQ(base::as_text(lower.wire()), base::ascii_lower(name.wire())) << byte;
    const bool escaped = name.to_text().find('\\') != std::string::npos;
    EXPECT_EQ(lower.into_text().has_value(), !escaped) << byte;
  }
}

}  // namespace
}  // namespace sallyport::wire
