#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>

#include "gateway/connection.h"
#include "gateway/sockets.h"
#include "gateway/test_peers.h"

namespace sallyport::gateway::test {

// A relay between two real TCP connections, without an event loop: the test says what epoll would.
class Pump : public ::testing::Test {
 protected:
  Pump() {
    connection.phase = Phase::kRelaying;
    connection.upstream = std::make_unique<UpstreamEnd>();
    connection.upstream->kind = Watched::Kind::kUpstream;
    connection.client.kind = Watched::Kind::kClient;
    client = pair(connection.client);
    server = pair(*connection.upstream);
  }

  // The far side of `end`, whose socket it makes.
  static base::Descriptor pair(gateway::End& end) {
    const base::Descriptor listener = tcp_socket();
    bind_to(listener.get(), at("127.0.0.1:0"));
    ::listen(listener.get(), 1);
    const Client far("127.0.0.1", name_of(listener.get()));
    base::Descriptor copy(::dup(far.fd()));
    while (!end.socket.valid())
      end.socket = accept_one(listener.get()).socket;
    return copy;
  }

  RelayState move(Watched::Kind from, Buffers& buffers) {
    (from == Watched::Kind::kClient ? connection.client : *connection.upstream).readable = true;
    return pump(connection, from, buffers);
  }
  // Sends until `far` holds no more and the relay holds what it may.
  std::size_t stuff(const base::Descriptor& from, Watched::Kind side, Buffers& buffers) {
    std::size_t total = 0;
    for (int idle = 0; idle < 5;) {
      Bytes part(32 * 1024);
      for (std::size_t i = 0; i < part.size(); ++i)
        part[i] = static_cast<std::uint8_t>((total + i) * 31 >> 3);
      const ssize_t sent = ::send(from.get(), part.data(), part.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent > 0) {
        total += static_cast<std::size_t>(sent);
        idle = 0;
      } else {
        ++idle;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      EXPECT_NE(move(side, buffers), RelayState::kBroken);
    }
    return total;
  }

  Connection connection;
  base::Descriptor client;
  base::Descriptor server;
};

}  // namespace sallyport::gateway::test
