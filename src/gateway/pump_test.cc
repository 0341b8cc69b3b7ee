#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <cstdlib>
#include <new>

#include "gateway/connection.h"
#include "gateway/sockets.h"
#include "gateway/test_peers.h"

namespace {
// Of the thread that asks: the peers of other tests have threads of their own.
thread_local std::size_t allocations = 0;
}  // namespace

// NOLINTBEGIN(misc-new-delete-overloads): the sanitizers' own deletes fit malloc
void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept { return operator new(size, tag); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
// NOLINTEND(misc-new-delete-overloads)

namespace sallyport::gateway::test {
namespace {

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

TEST_F(Pump, ASteadyRelayAllocatesNothing) {
  Buffers buffers(4);
  const Bytes request(200, 'q');
  const Bytes reply(1'024, 'r');
  Bytes received(2'000);
  std::size_t before = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (i == 10) before = allocations;
    ASSERT_TRUE(send_all(client.get(), request));
    ASSERT_EQ(move(Watched::Kind::kClient, buffers), RelayState::kOpen);
    ASSERT_EQ(::recv(server.get(), received.data(), request.size(), MSG_WAITALL), 200);
    ASSERT_TRUE(send_all(server.get(), reply));
    ASSERT_EQ(move(Watched::Kind::kUpstream, buffers), RelayState::kOpen);
    ASSERT_EQ(::recv(client.get(), received.data(), reply.size(), MSG_WAITALL), 1'024);
  }
  // send_all takes its bytes by reference: what is counted is the relay's.
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(connection.to_upstream.bytes, 200'000U);
  EXPECT_EQ(connection.to_client.bytes, 1'024'000U);
}

// With and without a block to keep what the receiver does not take.
class Backpressure : public Pump, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(Backpressure, NothingIsLostWhoeverIsSlow) {
  Buffers buffers(GetParam());
  const std::size_t sent = stuff(client, Watched::Kind::kClient, buffers);
  EXPECT_FALSE(connection.upstream->writable);
  EXPECT_EQ(connection.to_upstream.pending.empty(), GetParam() == 0);
  ::shutdown(client.get(), SHUT_WR);
  connection.client.hung_up = true;

  std::size_t got = 0;
  Bytes part(64 * 1024);
  while (true) {
    const ssize_t size = ::recv(server.get(), part.data(), part.size(), MSG_DONTWAIT);
    if (size == 0) break;
    for (ssize_t i = 0; i < size; ++i)
      ASSERT_EQ(part[static_cast<std::size_t>(i)],
                static_cast<std::uint8_t>((got + static_cast<std::size_t>(i)) * 31 >> 3))
          << got;
    if (size > 0) got += static_cast<std::size_t>(size);
    connection.upstream->writable = true;
    ASSERT_NE(move(Watched::Kind::kClient, buffers), RelayState::kBroken);
  }
  EXPECT_EQ(got, sent);
  EXPECT_EQ(connection.to_upstream.bytes, sent);
  EXPECT_TRUE(connection.to_upstream.shut);
  EXPECT_TRUE(buffers.can_lend() || GetParam() == 0);
}

INSTANTIATE_TEST_SUITE_P(Blocks, Backpressure, ::testing::Values(0, 1, 4));

TEST_F(Pump, ALongSenderLetsOthersHaveTheirTurn) {
  Buffers buffers(4);
  const std::size_t sent = stuff(client, Watched::Kind::kClient, buffers);
  ASSERT_GT(sent, 8 * 64U * 1024U);
  RelayState state = RelayState::kOpen;
  Bytes part(512 * 1024);
  for (int i = 0; i < 1'000 && state != RelayState::kMore; ++i) {
    (void)::recv(server.get(), part.data(), part.size(), MSG_DONTWAIT);
    connection.upstream->writable = true;
    state = move(Watched::Kind::kClient, buffers);
  }
  EXPECT_EQ(state, RelayState::kMore);
  buffers.take_back(connection.to_upstream.pending);
}

TEST_F(Pump, AReceiverThatIsGoneBreaksTheRelay) {
  Buffers buffers(4);
  reset_on_close(server.get());
  server.reset();
  ASSERT_TRUE(send_all(client.get(), Bytes(10, 'x')));
  EXPECT_TRUE(eventually([&] { return move(Watched::Kind::kClient, buffers) == RelayState::kBroken; }));
}

}  // namespace
}  // namespace sallyport::gateway::test
