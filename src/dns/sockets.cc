#include "dns/sockets.h"

#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "base/limits.h"

namespace sallyport::dns {

namespace {

constexpr int kBacklog = 128;

const char* remedy_for(int error) {
  switch (error) {
    case EACCES: return "grant CAP_NET_BIND_SERVICE or choose a port above 1023";
    case EADDRINUSE: return "stop the program that listens there or choose another address";
    case EADDRNOTAVAIL: return "give the address to an interface of this machine or choose another";
    default: return "check the address in [dns]";
  }
}

tl::unexpected<base::Error> cannot_bind(const char* protocol, const base::SocketAddress& address, int error) {
  return base::fail(base::ErrorKind::kUnavailable,
                    std::string("dns: cannot listen on ") + protocol + " " + address.to_string() + ": " +
                        std::system_category().message(error) + "; " + remedy_for(error),
                    "dns");
}

bool enable(const base::Descriptor& socket, int level, int option) {
  const int on = 1;
  return ::setsockopt(socket.get(), level, option, &on, sizeof on) == 0;
}

bool is_any(const base::IpAddress& address) {
  return address == base::IpAddress() || address == base::IpAddress::v4(0);
}

// So that a burst waits while the worker does not run. The kernel may give less, which is no error.
void ask_for_room(const base::Descriptor& socket) {
  const int bytes = base::limits::kDnsSocketBytes;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

// An IPv6 socket serves IPv6 alone: IPv4 has listeners of its own.
bool prepare(const base::Descriptor& socket, const base::SocketAddress& address, int type) {
  if (socket.get() < 0) return false;
  const bool v4 = address.address.is_v4();
  if (!enable(socket, SOL_SOCKET, type == SOCK_DGRAM ? SO_REUSEPORT : SO_REUSEADDR)) return false;
  if (!v4 && !enable(socket, IPPROTO_IPV6, IPV6_V6ONLY)) return false;
  if (type != SOCK_DGRAM) return true;
  ask_for_room(socket);
  if (!is_any(address.address)) return true;
  return v4 ? enable(socket, IPPROTO_IP, IP_PKTINFO) : enable(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO);
}

base::Result<base::Descriptor> open_bound(const base::SocketAddress& address, int type) {
  const char* protocol = type == SOCK_DGRAM ? "UDP" : "TCP";
  base::Descriptor socket(
      ::socket(address.address.is_v4() ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const KernelAddress kernel = KernelAddress::of(address);
  if (!prepare(socket, address, type) ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&kernel.storage), kernel.size) != 0 ||
      (type == SOCK_STREAM && ::listen(socket.get(), kBacklog) != 0)) {
    return cannot_bind(protocol, address, errno);
  }
  return socket;
}

}  // namespace

KernelAddress KernelAddress::of(const base::SocketAddress& address) {
  KernelAddress kernel;
  const auto& octets = address.address.octets();
  if (address.address.is_v4()) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(address.port);
    std::memcpy(&in.sin_addr, octets.data() + 12, 4);
    std::memcpy(&kernel.storage, &in, sizeof in);
    kernel.size = sizeof in;
  } else {
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(address.port);
    std::memcpy(&in6.sin6_addr, octets.data(), octets.size());
    std::memcpy(&kernel.storage, &in6, sizeof in6);
    kernel.size = sizeof in6;
  }
  return kernel;
}

base::IpAddress KernelAddress::ip() const {
  if (storage.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &storage, sizeof in);
    return base::IpAddress::v4(ntohl(in.sin_addr.s_addr));
  }
  sockaddr_in6 in6{};
  std::memcpy(&in6, &storage, sizeof in6);
  base::IpAddress::Octets octets{};
  std::memcpy(octets.data(), &in6.sin6_addr, octets.size());
  return base::IpAddress::v6(octets);
}

UdpSocket UdpSocket::adopt(base::Descriptor descriptor, const base::SocketAddress& address) {
  return {std::move(descriptor), is_any(address.address)};
}

base::Result<UdpSocket> UdpSocket::bind(const base::SocketAddress& address) {
  return open_bound(address, SOCK_DGRAM).map([&](base::Descriptor&& socket) {
    return UdpSocket(std::move(socket), is_any(address.address));
  });
}

bool UdpSocket::send(const Peer& peer, std::span<const std::uint8_t> message) const {
  Peer to = peer;
  iovec part{const_cast<std::uint8_t*>(message.data()), message.size()};
  msghdr header{};
  header.msg_name = &to.address.storage;
  header.msg_namelen = to.address.size;
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = to.control_size == 0 ? nullptr : to.control.data();
  header.msg_controllen = to.control_size;
  return ::sendmsg(descriptor(), &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

base::Result<base::Descriptor> listen_tcp(const base::SocketAddress& address) {
  return open_bound(address, SOCK_STREAM);
}

}  // namespace sallyport::dns
