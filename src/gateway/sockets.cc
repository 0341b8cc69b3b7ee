#include "gateway/sockets.h"

#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <system_error>

namespace sallyport::gateway {

namespace {

using base::Descriptor;
using base::IpAddress;
using base::SocketAddress;

constexpr int kKeepAliveIdleSeconds = 60;
constexpr int kKeepAliveProbeSeconds = 15;
constexpr int kKeepAliveProbes = 4;

struct Native {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* pointer() { return reinterpret_cast<sockaddr*>(&storage); }
};

Native to_native(const SocketAddress& address) {
  Native native;
  if (address.address.is_v4()) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&native.storage);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(address.port);
    v4->sin_addr.s_addr = htonl(address.address.v4_value());
    native.size = sizeof(sockaddr_in);
  } else {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&native.storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address.port);
    std::ranges::copy(address.address.octets(), v6->sin6_addr.s6_addr);
    native.size = sizeof(sockaddr_in6);
  }
  return native;
}

SocketAddress from_native(const Native& native) {
  if (native.storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&native.storage);
    return {IpAddress::v4(ntohl(v4->sin_addr.s_addr)), ntohs(v4->sin_port)};
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&native.storage);
  return {IpAddress::v6(std::bit_cast<IpAddress::Octets>(v6->sin6_addr)), ntohs(v6->sin6_port)};
}

Descriptor make_socket(const SocketAddress& address) {
  const int family = address.address.is_v4() ? AF_INET : AF_INET6;
  return Descriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
}

bool set(int socket, int level, int option, int value) {
  return ::setsockopt(socket, level, option, &value, sizeof(value)) == 0;
}

std::string remedy(int error) {
  switch (error) {
    case EADDRINUSE: return "; stop what listens there, or choose another address";
    case EADDRNOTAVAIL: return "; the address is not on this machine: add it, or use { bind, advertise }";
    case EACCES: return "; ports below 1024 need CAP_NET_BIND_SERVICE";
    case EPERM: return "; binding to a device needs CAP_NET_RAW";
    default: return "";
  }
}

// What errno says about `doing` with the listener.
auto refuse(const model::Listener& listener, const char* doing) {
  const int error = errno;
  return base::fail(base::ErrorKind::kUnavailable,
                    std::string("gateway listener ") + listener.bind.to_string() + ": cannot " + doing + ": " +
                        std::generic_category().message(error) + remedy(error),
                    listener.bind.to_string());
}

base::Result<Descriptor> bound(const model::Listener& listener, bool shared) {
  Descriptor socket = make_socket(listener.bind);
  if (!socket.valid()) return refuse(listener, "make a socket");
  if (!set(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1)) return refuse(listener, "reuse the address");
  if (shared && !set(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1)) {
    return refuse(listener, "share the port between workers");
  }
  if (!listener.bind.address.is_v4()) set(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (!listener.device.empty() && ::setsockopt(socket.get(), SOL_SOCKET, SO_BINDTODEVICE, listener.device.data(),
                                               static_cast<socklen_t>(listener.device.size())) != 0) {
    return refuse(listener, "bind to the device");
  }
  Native native = to_native(listener.bind);
  if (::bind(socket.get(), native.pointer(), native.size) != 0) return refuse(listener, "bind");
  return socket;
}

}  // namespace

base::Status check_unused(const model::Listener& listener) {
  const auto socket = bound(listener, false);
  if (!socket) return base::fail(socket.error());
  return {};
}

base::Result<Descriptor> open_listener(const model::Listener& listener) {
  auto socket = bound(listener, true);
  if (socket) tune(socket->get());
  if (socket && ::listen(socket->get(), kBacklog) != 0) return refuse(listener, "listen");
  return socket;
}

Accepted accept_one(int listener) {
  Native native;
  Accepted accepted;
  accepted.socket = Descriptor(::accept4(listener, native.pointer(), &native.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (accepted.socket.valid()) accepted.source = from_native(native);
  return accepted;
}

bool out_of_resources(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

Descriptor connect_to(const SocketAddress& server) {
  Descriptor socket = make_socket(server);
  if (!socket.valid()) return socket;
  Native native = to_native(server);
  if (::connect(socket.get(), native.pointer(), native.size) != 0 && errno != EINPROGRESS) socket.reset();
  return socket;
}

int connect_result(int socket) {
  int error = 0;
  socklen_t size = sizeof(error);
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

void tune(int socket) {
  set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveIdleSeconds);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveProbeSeconds);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveProbes);
}

void reset_on_close(int socket) {
  const linger now{.l_onoff = 1, .l_linger = 0};
  (void)::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

SocketAddress local_address(int socket) {
  Native native;
  if (::getsockname(socket, native.pointer(), &native.size) != 0) return {};
  return from_native(native);
}

}  // namespace sallyport::gateway
