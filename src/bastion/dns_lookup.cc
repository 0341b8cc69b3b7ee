#include <array>
#include <chrono>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/limits.h"
#include "bastion/lookup.h"
#include "net/dns_exchange.h"
#include "wire/dns_addresses.h"

namespace sallyport::bastion {

namespace {

namespace asio = boost::asio;
namespace limits = base::limits;
using namespace asio::experimental::awaitable_operators;
using Reply = std::optional<wire::DnsReply>;

constexpr int kTries = 2;
constexpr auto kPatience = std::chrono::duration_cast<base::Millis>(limits::kBastionLookupTime) / (2 * kTries);

struct Answer {
  std::optional<wire::DnsRcode> rcode;  // nothing: no reply came
  std::vector<base::IpAddress> addresses;
};

// Twice, as a datagram may be lost; each time by UDP and, when told so, by TCP.
asio::awaitable<Answer> ask(base::SocketAddress server, wire::DnsQuery query) {
  Reply reply;
  for (int i = 0; i < kTries && !reply; ++i) {
    reply = co_await net::exchange_udp(server, query, kPatience);
    if (reply && reply->truncated) reply = co_await net::exchange_tcp(server, query, kPatience);
  }
  if (!reply) co_return Answer{};
  co_return Answer{reply->rcode, wire::dns_addresses(*reply, query.question, limits::kBastionAddresses)};
}

}  // namespace

asio::awaitable<Addresses> DnsLookup::find(std::string name) {
  wire::DnsQuery query;
  const auto parsed = wire::DnsName::parse(name);
  if (!parsed) co_return tl::unexpected(Refusal::kNoSuchName);
  query.question.name = *parsed;
  query.recursion_desired = true;
  query.edns = wire::DnsEdns{static_cast<std::uint16_t>(limits::kDnsUdpAnswerBytes), 0, false, {}};
  std::array<std::uint8_t, 4> random{};
  entropy_.fill(random);
  query.id = static_cast<std::uint16_t>(random[0] << 8 | random[1]);
  wire::DnsQuery query6 = query;
  query6.id = static_cast<std::uint16_t>(random[2] << 8 | random[3]);
  query6.question.type = wire::DnsType::kAaaa;

  auto asking4 = ask(server_, std::move(query));
  auto asking6 = ask(server_, std::move(query6));
  auto [v4, v6] = co_await (std::move(asking4) && std::move(asking6));
  std::vector<base::IpAddress> found = std::move(v4.addresses);
  found.insert(found.end(), v6.addresses.begin(), v6.addresses.end());
  if (found.size() > limits::kBastionAddresses) found.resize(limits::kBastionAddresses);
  if (!found.empty()) co_return found;
  const auto says_none = [](const Answer& answer) {
    return answer.rcode == wire::DnsRcode::kNoError || answer.rcode == wire::DnsRcode::kNxDomain;
  };
  co_return tl::unexpected(says_none(v4) && says_none(v6) ? Refusal::kNoSuchName : Refusal::kLookupFailed);
}

}  // namespace sallyport::bastion
