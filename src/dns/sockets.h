#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/descriptor.h"
#include "base/ip_address.h"
#include "base/result.h"

namespace sallyport::dns {

// A socket address as the kernel has it.
struct KernelAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  static KernelAddress of(const base::SocketAddress& address);
  base::IpAddress ip() const;
};

// Where a datagram came from and which address of ours it was sent to; what a reply needs.
struct Peer {
  KernelAddress address;
  alignas(std::max_align_t) std::array<std::uint8_t, 64> control{};  // packet information, to be sent back
  std::size_t control_size = 0;
};

// Non-blocking UDP socket bound to one address; replies leave from the address that was asked, for a
// wildcard bind by IP_PKTINFO. Several may be bound to the same address (SO_REUSEPORT). Sending is safe
// from any thread.
class UdpSocket {
 public:
  // Fails with kUnavailable, naming the address and a remedy.
  static base::Result<UdpSocket> bind(const base::SocketAddress& address);
  // One that `bind` made of this address, in this process or another.
  static UdpSocket adopt(base::Descriptor descriptor, const base::SocketAddress& address);

  int descriptor() const { return descriptor_.get(); }
  // Datagrams carry the address they were sent to.
  bool is_wildcard() const { return wildcard_; }
  bool send(const Peer& peer, std::span<const std::uint8_t> message) const;

 private:
  UdpSocket(base::Descriptor descriptor, bool wildcard) : descriptor_(std::move(descriptor)), wildcard_(wildcard) {}
  base::Descriptor descriptor_;
  bool wildcard_;
};

// Non-blocking listening TCP socket. Fails as UdpSocket::bind does.
base::Result<base::Descriptor> listen_tcp(const base::SocketAddress& address);

}  // namespace sallyport::dns
