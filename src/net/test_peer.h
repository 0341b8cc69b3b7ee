#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/descriptor.h"

// The other end of a connection, for tests: a blocking socket on loopback, each wait bounded.
namespace sallyport::net::test {

inline sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

inline base::Descriptor open_socket(int type) {
  base::Descriptor fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  const timeval patience{10, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  return fd;
}

inline std::uint16_t bind_somewhere(int fd, std::uint32_t address = INADDR_LOOPBACK) {
  sockaddr_in at = loopback(0);
  at.sin_addr.s_addr = htonl(address);
  socklen_t size = sizeof(at);
  ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof(at));
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
  return ntohs(at.sin_port);
}

class Peer {
 public:
  explicit Peer(base::Descriptor fd) : fd_(std::move(fd)) {}
  static Peer to(std::uint16_t port, std::uint32_t source = INADDR_LOOPBACK) {
    base::Descriptor fd = open_socket(SOCK_STREAM);
    if (source != INADDR_LOOPBACK) bind_somewhere(fd.get(), source);
    const sockaddr_in at = loopback(port);
    ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof(at));
    return Peer(std::move(fd));
  }
  bool send(std::string_view text) const {
    return ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  // What comes until `end` has come, or the stream ends.
  std::string read_until(std::string_view end) const {
    std::string got;
    char byte = 0;
    while (!got.ends_with(end) && ::recv(fd_.get(), &byte, 1, 0) == 1)
      got += byte;
    return got;
  }
  std::string read(std::size_t count) const {
    std::string got(count, '\0');
    std::size_t size = 0;
    while (size < count) {
      const ssize_t part = ::recv(fd_.get(), got.data() + size, count - size, 0);
      if (part <= 0) break;
      size += static_cast<std::size_t>(part);
    }
    got.resize(size);
    return got;
  }

 private:
  base::Descriptor fd_;
};

}  // namespace sallyport::net::test
