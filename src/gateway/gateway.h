#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/ip_address.h"
#include "base/limits.h"
#include "base/named_descriptors.h"
#include "base/result.h"
#include "base/time.h"
#include "gateway/succession.h"
#include "model/cidr.h"
#include "model/enforcement.h"
#include "model/snapshot.h"
#include "model/traffic.h"

namespace sallyport::gateway {

struct GatewayConfig {
  std::vector<model::Listener> listeners;
  std::vector<model::Cidr> proxy_protocol_from;  // sources that must send a PROXY v2 header first
  unsigned workers = 0;                          // 0: one a core
  std::size_t max_connections = 0;  // 0: RLIMIT_NOFILE less kReservedDescriptors, halved (two sockets each)
  std::size_t relay_blocks = base::limits::kRelayBlocks;  // of kRelayBufferBytes, a worker
  bool kernel_filter = true;                              // try eBPF; without it the same is enforced in user space
  std::chrono::milliseconds filter_linger = base::limits::kFilterLinger;
  // Called for each enforced snapshot when all it admits is open and nothing is closed yet; what it no longer admits
  // is closed and cut when this returns. Null: both at once. Not called by the thread that calls `apply`.
  std::function<void()> before_closing;
};

// Monotonic counters and gauges since start; a consistent enough copy, taken without stopping workers.
struct GatewayStats {
  std::uint64_t accepted = 0;
  std::uint64_t relayed = 0;  // admitted and connected upstream
  std::uint64_t active = 0;   // gauge: live connections, every phase
  std::uint64_t bytes_to_upstream = 0;
  std::uint64_t bytes_to_client = 0;
  std::uint64_t cut = 0;        // by revocation
  std::uint64_t inherited = 0;  // gauge: relays that go on in earlier processes
  std::uint64_t refused_overload = 0;
  std::uint64_t upstream_failures = 0;
  std::uint64_t upstream_races = 0;  // times another API server was tried beside one that was slow to answer
  std::uint64_t kernel_dropped_syns = 0;
  // Of the record of sources (Gateway::traffic): gauge, clusters a worker keeps one of; admissions and denials there
  // was no room for; sources that gave up their place to another.
  std::uint64_t traffic_clusters = 0;
  std::uint64_t traffic_untracked = 0;
  std::uint64_t traffic_sources_replaced = 0;
  std::map<std::string, std::uint64_t> denied;  // by reason: policy reason names, "no-sni", "unknown-sni",
                                                // "malformed-client-hello", "client-hello-timeout", "bad-proxy-header"
  bool kernel_filter_active = false;
};

// One live relayed connection, for impact preview and operators.
struct LiveConnection {
  model::ClusterName cluster;
  base::IpAddress source;
  bool private_arrival = false;
  std::uint64_t bytes_to_upstream = 0;
  std::uint64_t bytes_to_client = 0;
};

// Relayed connections by source and side; true: they arrived at a private listener.
using LiveBySource = std::map<std::pair<base::IpAddress, bool>, std::uint64_t>;

struct ServerHealth {
  base::SocketAddress server;
  bool healthy = true;
  std::string problem;  // empty when healthy
};

// TLS passthrough by SNI with admission by policy::decide. Until the first snapshot is applied every
// connection is refused. Thread-safe.
class Gateway : public Succession {
 public:
  // Binds and listens on every listener; fails, naming the listener, when one cannot be bound. Where `handed` is given,
  // takes from it the sockets and filters of its own listeners (Succession::hand_over), opens what is missing, and
  // accepts nothing before `begin`. Destroyed, it stops at once, closing everything.
  static base::Result<std::unique_ptr<Gateway>> start(GatewayConfig config, base::NamedDescriptors* handed = nullptr);

  virtual void apply(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge) = 0;
  // Stops accepting, lets relays end on their own for at most `limit`, then closes the rest.
  virtual void drain(base::Millis limit) = 0;

  virtual GatewayStats stats() const = 0;
  // At most `limit`; blocks until every worker answered.
  virtual std::vector<LiveConnection> connections(std::size_t limit) const = 0;
  // All of one cluster; costs its own connections alone. Relays that go on in earlier processes are not among them
  // (Succession::inherited). Blocks as `connections` does.
  virtual LiveBySource connections_of(const model::ClusterName& cluster) const = 0;
  // Who was admitted to the cluster and who was denied; all empty for one that nothing was seen of. Blocks as
  // `connections` does.
  virtual model::Traffic traffic(const model::ClusterName& cluster) const = 0;
  virtual std::map<model::PoolName, std::vector<ServerHealth>> health() const = 0;
};

}  // namespace sallyport::gateway
