#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <utility>
#include <vector>

#include "wire/dns_reply.h"

namespace sallyport::wire {
namespace {

using Bytes = std::vector<std::uint8_t>;

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

RC_GTEST_PROP(DnsReply, ChangedBytesNeverBreakUs, ()) {
  const DnsQuery upstream = asked_for("www.example.com");
  Bytes message = encode_dns_response(served(upstream, 3), 512).bytes;
  const auto changes = *rc::gen::container<std::vector<std::pair<std::uint16_t, std::uint8_t>>>(
      rc::gen::pair(rc::gen::arbitrary<std::uint16_t>(), rc::gen::arbitrary<std::uint8_t>()));
  for (const auto& [at, value] : changes)
    message[at % message.size()] = value;
  const auto reply = parse_dns_reply(message, upstream);
  if (!reply) return;
  const auto passed = pass_on_dns_reply(*reply, upstream, DnsOpt{1232, false, {}, {}}, 512);
  RC_ASSERT(passed.bytes.size() <= 512U);
}

}  // namespace
}  // namespace sallyport::wire
