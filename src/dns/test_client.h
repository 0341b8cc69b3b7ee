#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/ip_address.h"
#include "base/time.h"
#include "dns/dns_server.h"

// Clients of this room's tests, on real sockets, which read answers with ldns. Every wait is bounded by a
// receive timeout, past which there is nothing.
namespace sallyport::dns::test {

using Bytes = std::vector<std::uint8_t>;

// Only ever waited out by a failing test.
inline constexpr base::Millis kPatience{10'000};

// An answer as ldns reads it. Records are "owner ttl class type data"; owners as they came.
struct Seen {
  std::uint16_t id = 0;
  std::string rcode;
  bool aa = false, tc = false, ra = false, rd = false;
  std::string question;
  std::vector<std::string> answers;
  std::vector<std::string> authorities;
  bool edns = false;
  unsigned udp_size = 0;
  unsigned extended_rcode = 0;
  std::size_t bytes = 0;
};

std::optional<Seen> read_answer(std::span<const std::uint8_t> message);

class UdpClient {
 public:
  // From a fresh source port.
  explicit UdpClient(const base::SocketAddress& server, base::Millis patience = kPatience);
  void send(std::span<const std::uint8_t> message) const;
  std::optional<Bytes> receive() const;
  std::optional<Seen> ask(std::span<const std::uint8_t> message) const;

 private:
  base::Descriptor socket_;
};

class TcpClient {
 public:
  explicit TcpClient(const base::SocketAddress& server);
  bool send(std::span<const std::uint8_t> message) const;  // with its length
  bool send_raw(std::span<const std::uint8_t> bytes) const;
  std::optional<Bytes> receive() const;  // nothing: closed or silent
  std::optional<Seen> ask(std::span<const std::uint8_t> message) const;

 private:
  std::optional<Bytes> read_exactly(std::size_t count) const;
  base::Descriptor socket_;
};

// A resolver that answers every query by `answer` on UDP and TCP, from threads of its own.
class FakeResolver {
 public:
  using AnswerFn = Bytes (*)(std::span<const std::uint8_t> query, bool tcp);  // empty: silence
  explicit FakeResolver(AnswerFn answer);
  ~FakeResolver();
  const base::SocketAddress& address() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A server on random high ports of `config`'s addresses, which are changed to what was taken.
std::unique_ptr<DnsServer> start_somewhere(DnsConfig& config);

// Applies and waits for the acknowledgement.
model::Acknowledgement apply(DnsServer& server, model::Snapshot snapshot);

}  // namespace sallyport::dns::test
