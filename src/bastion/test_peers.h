#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/descriptor.h"
#include "base/ip_address.h"
#include "wire/dns_response.h"

// What stands around a bastion in its tests: blocking sockets on loopback, each wait bounded.
namespace sallyport::bastion::test {

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

// A TCP server that calls `serve` for each connection, in a thread of its own.
class Server {
 public:
  explicit Server(std::function<void(const Peer&)> serve) : serve_(std::move(serve)), fd_(open_socket(SOCK_STREAM)) {
    port_ = bind_somewhere(fd_.get());
    ::listen(fd_.get(), 512);
    thread_ = std::thread([this] { run(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    stop_ = true;
    Peer::to(port_);
    thread_.join();
    for (std::thread& connection : connections_)
      connection.join();
  }
  std::uint16_t port() const { return port_; }

 private:
  void run() {
    while (true) {
      base::Descriptor accepted(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (stop_) return;
      if (!accepted.valid()) continue;
      const timeval patience{10, 0};
      ::setsockopt(accepted.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
      connections_.emplace_back([this, peer = Peer(std::move(accepted))] { serve_(peer); });
    }
  }

  std::function<void(const Peer&)> serve_;
  base::Descriptor fd_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::thread thread_;
  std::vector<std::thread> connections_;
};

// A resolver in which every name has the address 127.0.0.1.
class Resolver {
 public:
  Resolver() : fd_(open_socket(SOCK_DGRAM)), port_(bind_somewhere(fd_.get())), thread_([this] { run(); }) {}
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver() {
    stop_ = true;
    const base::Descriptor knock = open_socket(SOCK_DGRAM);
    const sockaddr_in at = loopback(port_);
    ::sendto(knock.get(), "", 1, 0, reinterpret_cast<const sockaddr*>(&at), sizeof(at));
    thread_.join();
  }
  std::uint16_t port() const { return port_; }

 private:
  void run() {
    std::vector<std::uint8_t> buffer(4096);
    while (!stop_) {
      sockaddr_in from{};
      socklen_t size = sizeof(from);
      const ssize_t got =
          ::recvfrom(fd_.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (got <= 0) continue;
      const auto parsed = wire::parse_dns_query(std::span(buffer).first(static_cast<std::size_t>(got)));
      const auto* query = std::get_if<wire::DnsQuery>(&parsed);
      if (query == nullptr) continue;
      wire::DnsResponse response = wire::dns_response_to(*query, 1232);
      if (query->question.type == wire::DnsType::kA) {
        response.answers.push_back({query->question.name, 60, base::IpAddress::v4(INADDR_LOOPBACK)});
      }
      const auto encoded = wire::encode_dns_response(response, 1232);
      ::sendto(fd_.get(), encoded.bytes.data(), encoded.bytes.size(), 0, reinterpret_cast<const sockaddr*>(&from),
               size);
    }
  }

  base::Descriptor fd_;
  std::uint16_t port_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace sallyport::bastion::test
