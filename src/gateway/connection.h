#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "base/descriptor.h"
#include "base/ip_address.h"
#include "gateway/buffers.h"
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

// One side of a connection. epoll tells of changes (EPOLLET); what it told is remembered here.
struct End : Watched {
  Connection* connection = nullptr;
  base::Descriptor socket;
  std::uint32_t interest = 0;  // what epoll watches; 0 while it does not know the socket
  bool readable = false;       // bytes, or their end, may wait
  bool writable = true;        // nothing it was to take was left
  bool hung_up = false;        // sends no more: behind a short read there is the end
};

// A connection to an API server, being made or made.
struct UpstreamEnd : End {
  base::SocketAddress server;
};

// One direction of a relay. `pending` is empty unless the receiver is slower than the sender, and then the sender
// is not read.
struct Flow {
  Block pending;
  std::uint64_t bytes = 0;
  bool ended = false;  // the sender closed its side
  bool shut = false;   // and the receiver was told
};

enum class Phase : std::uint8_t { kProxyHeader, kClientHello, kConnecting, kRelaying, kClosed };

// A client's connection through all its phases. Owned by one worker, used on its thread alone.
struct Connection {
  std::uint64_t id = 0;  // in its gateway
  End client;
  std::unique_ptr<UpstreamEnd> upstream;              // relayed to; until then the newest that is being connected
  std::vector<std::unique_ptr<UpstreamEnd>> earlier;  // tried before it, without an answer yet
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
  bool queued = false;                             // for another turn of its relay
  std::list<Connection>::iterator self;
};

enum class RelayState {
  kOpen,
  kMore,  // open, and there is more to move at once: others have their turn first
  kDone,
  kBroken,
};

// Moves what can be moved from the side `from` to the other, and passes on its end. Pure of the event loop: where
// `writable` of an End is false afterwards, the caller has epoll tell when it takes more.
RelayState pump(Connection& connection, Watched::Kind from, Buffers& buffers);

}  // namespace sallyport::gateway
