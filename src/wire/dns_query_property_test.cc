#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "wire/dns_query.h"

namespace sallyport::wire {
namespace {

using Bytes = std::vector<std::uint8_t>;

RC_GTEST_PROP(DnsQuery, AnyBytesParseToSomething, (const Bytes& tail)) {
  Bytes message = {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
  const auto keep = *rc::gen::inRange<std::size_t>(0, message.size() + 1);
  message.resize(keep);
  message.insert(message.end(), tail.begin(), tail.end());
  const auto parsed = parse_dns_query(message);
  if (const auto* query = std::get_if<DnsQuery>(&parsed)) RC_ASSERT(query->question.name.wire().size() <= 255U);
}

RC_GTEST_PROP(DnsQuery, EncodedAndParsedIsTheSame, ()) {
  DnsQuery query;
  query.id = *rc::gen::arbitrary<std::uint16_t>();
  query.recursion_desired = *rc::gen::arbitrary<bool>();
  query.checking_disabled = *rc::gen::arbitrary<bool>();
  const auto labels = *rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty(rc::gen::string<std::string>()));
  for (const auto& label : labels)
    query.question.name = query.question.name.child(label).value_or(query.question.name);
  query.question.type = static_cast<DnsType>(*rc::gen::arbitrary<std::uint16_t>());
  query.question.klass = static_cast<DnsClass>(*rc::gen::arbitrary<std::uint16_t>());
  if (*rc::gen::arbitrary<bool>()) {
    DnsEdns& edns = query.edns.emplace();
    edns.udp_size = *rc::gen::arbitrary<std::uint16_t>();
    edns.dnssec_ok = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) {
      DnsClientCookie& cookie = edns.cookie.emplace();
      cookie.client = *rc::gen::container<std::array<std::uint8_t, 8>>(rc::gen::arbitrary<std::uint8_t>());
      const auto size = *rc::gen::element<std::size_t>(0, 8, 16, 32);
      cookie.server = *rc::gen::container<Bytes>(size, rc::gen::arbitrary<std::uint8_t>());
    }
  }
  const auto parsed = parse_dns_query(encode_dns_query(query));
  RC_ASSERT(std::holds_alternative<DnsQuery>(parsed));
  RC_ASSERT(std::get<DnsQuery>(parsed) == query);
}

}  // namespace
}  // namespace sallyport::wire
