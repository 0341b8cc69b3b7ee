#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "base/descriptor.h"
#include "base/ip_address.h"
#include "model/cluster.h"
#include "wire/client_hello.h"

namespace sallyport::gateway {

// What epoll hands back for a descriptor.
struct Watched {
  enum class Kind : std::uint8_t { kWake, kListener, kClient, kUpstream };
  Kind kind = Kind::kWake;
};

struct ListenerSocket : Watched {
  base::Descriptor socket;
  std::size_t index = 0;  // in GatewayConfig::listeners
  bool filtered = false;  // a kernel filter is attached, which accepted sockets inherit
};

struct Connection;

struct End : Watched {
  Connection* connection = nullptr;
  base::Descriptor socket;
  std::uint32_t interest = 0;  // what epoll was last asked to watch
  bool watched = true;         // false while epoll is not to say even that the connection ended
};

// One direction of a relay. `pending` is empty unless the receiver is slower than the sender, and then the sender
// is not read: it never holds more than kRelayBufferBytes and what a ClientHello may take.
struct Flow {
  std::vector<std::uint8_t> pending;
  std::size_t flushed = 0;  // of pending
  std::uint64_t bytes = 0;
  bool ended = false;  // the sender closed its side
  bool shut = false;   // and the receiver was told

  bool backed_up() const { return flushed < pending.size(); }
};

enum class Phase : std::uint8_t { kProxyHeader, kClientHello, kConnecting, kRelaying, kClosed };

// A client's connection through all its phases. Owned by one worker, used on its thread alone.
struct Connection {
  std::uint64_t id = 0;  // in its gateway
  End client;
  End upstream;
  Phase phase = Phase::kClientHello;
  std::size_t listener = 0;
  base::SocketAddress source;                      // of the client, from the PROXY header where there was one
  std::shared_ptr<const model::Cluster> cluster;   // from the ClientHello on
  std::vector<std::uint8_t> received;              // until it is handed to the upstream
  std::unique_ptr<wire::ClientHelloReader> hello;  // while it is read
  std::vector<base::SocketAddress> candidates;     // upstreams to try
  std::size_t tried = 0;
  Flow to_upstream;
  Flow to_client;
  std::chrono::steady_clock::time_point deadline;  // of every phase before the relay
  std::list<Connection>::iterator self;
};

enum class RelayState { kOpen, kDone, kBroken };

// Moves what is readable from one side to the other, through `buffer`. Pure of the event loop: the caller watches
// the sockets as `interest_of` says afterwards.
RelayState relay(Connection& connection, Watched::Kind readable, std::vector<std::uint8_t>& buffer);
// Continues after the slower side became writable.
RelayState flush(Connection& connection, Watched::Kind writable);
// The epoll events each side needs now.
std::uint32_t client_interest(const Connection& connection);
std::uint32_t upstream_interest(const Connection& connection);

}  // namespace sallyport::gateway
