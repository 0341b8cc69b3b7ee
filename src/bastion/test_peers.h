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
#include "net/test_peer.h"
#include "wire/dns_response.h"

// What stands around a bastion in its tests: blocking sockets on loopback, each wait bounded.
namespace sallyport::bastion::test {

using net::test::bind_somewhere;
using net::test::loopback;
using net::test::open_socket;
using net::test::Peer;

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
