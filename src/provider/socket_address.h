#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>

#include "base/ip_address.h"

namespace sallyport::provider {

// A socket address as the system takes it, and its length.
struct SystemAddress {
  explicit SystemAddress(const base::SocketAddress& from) {
    if (from.address.is_v4()) {
      auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
      v4->sin_family = AF_INET;
      v4->sin_port = htons(from.port);
      v4->sin_addr.s_addr = htonl(from.address.v4_value());
      length = sizeof(*v4);
      return;
    }
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(from.port);
    std::ranges::copy(from.address.octets(), std::begin(v6->sin6_addr.s6_addr));
    length = sizeof(*v6);
  }

  int family() const { return storage.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }

  sockaddr_storage storage{};
  socklen_t length = 0;
};

}  // namespace sallyport::provider
