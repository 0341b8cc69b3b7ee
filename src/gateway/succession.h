#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/descriptor.h"
#include "base/ip_address.h"
#include "base/named_descriptors.h"
#include "model/ids.h"
#include "model/snapshot.h"

namespace sallyport::gateway {

using CutCounts = std::unordered_map<model::ClusterName, std::uint64_t>;

// What a listener is called between processes: its side, address and device.
std::string handed_name(const model::Listener& listener);

// A connection whose cluster is known, connecting upstream or relaying.
struct Relay {
  std::uint64_t id = 0;  // its gateway gives each once
  model::ClusterName cluster;
  model::EndpointId endpoint;
  std::string listener;  // its handed_name
  base::IpAddress source;

  friend bool operator==(const Relay&, const Relay&) = default;
};

// A connection that has not said yet where it wants to.
struct Stranger {
  base::Descriptor socket;
  std::string listener;  // its handed_name
  base::SocketAddress source;
  bool proxy_header_due = false;       // its PROXY header is not complete
  std::vector<std::uint8_t> received;  // and not understood yet, at most kClientHelloBytes
};

// Relays that go on in an earlier process.
class Elsewhere {
 public:
  virtual ~Elsewhere() = default;
  // When this returns, these relays are gone for certain; how many of them this ended. Blocks for a bounded time.
  // Called by one thread.
  virtual std::uint64_t cut(const std::vector<std::uint64_t>& ids) = 0;
  // Those still there; for operators. Any thread.
  virtual std::size_t left() = 0;
};

// How a gateway passes on to one in another process, and takes over from it. Thread-safe, one call at a time.
class Succession {
 public:
  virtual ~Succession() = default;

  // Adds other descriptors of every listening socket and kernel filter. The filters lose nothing until `take_back`:
  // another process may change them now.
  virtual void hand_over(base::NamedDescriptors& to) = 0;
  // The successor is gone: the filters are this gateway's again.
  virtual void take_back() = 0;
  // Accepts no more, and leaves what waits at the listening sockets to who else has them. Returns the connections that
  // are undecided, which are this gateway's no longer.
  virtual std::vector<Stranger> release() = 0;

  // Every connection whose cluster is known, `release` having been called: no more will come.
  virtual std::vector<Relay> relays() const = 0;
  // Resets those that are still there; how many.
  virtual std::uint64_t cut(const std::vector<std::uint64_t>& ids) = 0;

  // Accepts from now on, where `start` was given sockets; the connections passed first.
  virtual void begin(std::vector<Stranger> strangers) = 0;
  // Judges relays of an earlier process by the snapshot in force, which there must be, and by each one from now on
  // before that is acknowledged. Returns how many were cut at once.
  virtual CutCounts inherit(std::unique_ptr<Elsewhere> where, const std::vector<Relay>& relays) = 0;
  // Relays of earlier processes that are still there.
  virtual std::size_t inherited() const = 0;
};

}  // namespace sallyport::gateway
