#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/named_descriptors.h"
#include "base/result.h"
#include "model/cidr.h"
#include "model/enforcement.h"
#include "model/ids.h"

namespace sallyport::dns {

struct ResolverConfig {
  base::SocketAddress bind;
  std::optional<model::VpcId> vpc;  // nothing: the VPC whose CIDR blocks contain `bind`, looked up in each snapshot
};

struct DnsConfig {
  std::vector<base::SocketAddress> public_listeners;
  std::vector<ResolverConfig> resolvers;
  std::vector<base::SocketAddress> forward;  // for names outside the zone, VPC views only; none: REFUSED
};

struct DnsStats {
  std::uint64_t queries_udp = 0;
  std::uint64_t queries_tcp = 0;
  std::uint64_t malformed = 0;
  std::uint64_t forwarded = 0;
  std::uint64_t forward_failures = 0;
  std::uint64_t truncated = 0;
  std::uint64_t tcp_connections_refused = 0;    // past limits::kDnsTcpConnections, with none idle to close
  std::uint64_t udp_send_failures = 0;          // answers the kernel would not take
  std::map<std::string, std::uint64_t> rcodes;  // "NOERROR", "NXDOMAIN", …
};

// Authoritative for eks.<zone> with a public view and VPC views; every answer is policy::resolve's.
// Before the first snapshot every query gets SERVFAIL. Thread-safe.
class DnsServer {
 public:
  // Binds UDP and TCP on every address; fails, naming the address, when one cannot be bound. Where `handed` is given,
  // takes from it the sockets of its own addresses (`hand_over`), and reads nothing before `begin`.
  static base::Result<std::unique_ptr<DnsServer>> start(DnsConfig config, base::NamedDescriptors* handed = nullptr);
  virtual ~DnsServer() = default;  // stops at once

  virtual void apply(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge) = 0;
  virtual DnsStats stats() const = 0;

  // Adds other descriptors of every socket. Not while another thread calls `release`.
  virtual void hand_over(base::NamedDescriptors& to) = 0;
  virtual void begin() = 0;
  // Reads no more, and leaves what waits at the sockets to who else has them; returns when that is so. Queries under
  // way are answered, then TCP connections are closed.
  virtual void release() = 0;
};

}  // namespace sallyport::dns
