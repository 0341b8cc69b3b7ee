#include <cerrno>
#include <set>

#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

// Clients and servers that are slow, silent or gone, beside one that is well.
class Overload : public Bench {
 protected:
  void begin() {
    use({server.address()});
    start();
    well = std::make_unique<Client>("127.0.0.1", door());
    ASSERT_TRUE(well->handshake(kHost));
    ASSERT_TRUE(well->echoes("before"));
  }

  EchoServer server;
  std::unique_ptr<Client> well;
};

// Listens, and its backlog is full: the kernel drops what comes, as a host that is gone would.
class BlackHole {
 public:
  BlackHole() : listener_(tcp_socket()) {
    bind_to(listener_.get(), at("127.0.0.1:0"));
    address_ = name_of(listener_.get());
    ::listen(listener_.get(), 0);
    filler_ = std::make_unique<Client>("127.0.0.1", address_);
  }
  const base::SocketAddress& address() const { return address_; }

 private:
  base::Descriptor listener_;
  base::SocketAddress address_;
  std::unique_ptr<Client> filler_;
};

TEST_F(Overload, AClientHelloOfAByteAtATimeIsCutOffAndHarmsNobody) {
  begin();
  const Bytes hello = client_hello(kHost);
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 64; ++i)
    slow.push_back(std::make_unique<Client>("127.0.0.1", door()));
  // Bytes that keep coming do not put off the deadline. The reset is told once, to a send or to a read.
  std::set<int> told;
  std::size_t at = 0;
  EXPECT_TRUE(eventually([&] {
    for (const auto& client : slow) {
      if (told.contains(client->fd())) continue;
      const ssize_t sent = ::send(client->fd(), &hello[at % 100], 1, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && errno == ECONNRESET) told.insert(client->fd());
    }
    ++at;
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    return denied("client-hello-timeout") == 64;
  }));
  for (const auto& client : slow)
    EXPECT_TRUE(told.contains(client->fd()) || client->end() == End::kReset);
  EXPECT_TRUE(well->echoes("still"));
  EXPECT_EQ(gateway->stats().active, 1U);
  EXPECT_EQ(server.served(), 1);
}

TEST_F(Overload, WhoSaysNothingIsLetGo) {
  begin();
  std::vector<std::unique_ptr<Client>> silent;
  for (int i = 0; i < 200; ++i)
    silent.push_back(std::make_unique<Client>("127.0.0.1", door()));
  EXPECT_TRUE(eventually([&] { return gateway->stats().active == 201; }));
  EXPECT_TRUE(well->echoes("beside"));
  EXPECT_TRUE(eventually([&] { return denied("client-hello-timeout") == 200; }));
  EXPECT_TRUE(well->echoes("after"));
  EXPECT_EQ(gateway->stats().active, 1U);
}

TEST_F(Overload, AServerThatDoesNotAnswerIsRacedByAnother) {
  const BlackHole hole;
  use({hole.address(), server.address()});
  start();
  // Each server comes first in turn: of two connections in a row one meets the hole, until a check has told of it.
  for (int i = 0; i < 2; ++i) {
    Client client("127.0.0.1", door());
    ASSERT_TRUE(client.handshake(kHost));
    EXPECT_TRUE(client.echoes("through"));
  }
  EXPECT_GE(gateway->stats().upstream_races, 1U);
  EXPECT_EQ(gateway->stats().upstream_failures, 0U);
}

TEST_F(Overload, WithNoServerThatAnswersTheClientIsResetAndTheOthersLive) {
  begin();
  const BlackHole one;
  const BlackHole two;
  use({one.address(), two.address()});
  ASSERT_FALSE(apply().error);
  std::vector<std::unique_ptr<Client>> waiting;
  for (int i = 0; i < 50; ++i) {
    waiting.push_back(std::make_unique<Client>("127.0.0.1", door()));
    ASSERT_TRUE(waiting.back()->send(client_hello(kHost)));
  }
  EXPECT_TRUE(eventually([&] { return gateway->stats().active == 51; }));
  EXPECT_TRUE(well->echoes("beside"));
  EXPECT_TRUE(eventually([&] { return gateway->stats().upstream_failures == 50; }));
  for (const auto& client : waiting)
    EXPECT_EQ(client->end(), End::kReset);
  EXPECT_TRUE(well->echoes("after"));
  EXPECT_EQ(gateway->stats().active, 1U);
}

// Receivers that never read: what is kept for them is bounded, and who reads is served.
TEST_F(Overload, ZeroWindowsHoldBoundedMemory) {
  EchoServer plain(EchoServer::Speaks::kPlain);
  config.workers = 1;
  config.relay_blocks = 2;
  use({plain.address()});
  start();
  const Bytes hello = client_hello(kHost);
  std::vector<std::unique_ptr<Client>> deaf;
  for (int i = 0; i < 8; ++i) {
    deaf.push_back(std::make_unique<Client>("127.0.0.1", door()));
    ASSERT_TRUE(deaf.back()->send(hello));
  }
  // All send until nothing moves: more than the two blocks' relays are backed up, both ways.
  Bytes part(64 * 1024);
  std::vector<std::size_t> sent(deaf.size());
  for (int idle = 0; idle < 20; ++idle) {
    for (std::size_t i = 0; i < deaf.size(); ++i) {
      for (std::size_t j = 0; j < part.size(); ++j)
        part[j] = static_cast<std::uint8_t>((sent[i] + j) * 7 >> 2);
      const ssize_t wrote = ::send(deaf[i]->fd(), part.data(), part.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (wrote <= 0) continue;
      sent[i] += static_cast<std::size_t>(wrote);
      idle = 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const Client reader("127.0.0.1", door());
  ASSERT_TRUE(reader.send(hello));
  EXPECT_EQ(reader.read(hello.size()), hello);
  // And when they read at last, everything is there.
  for (std::size_t i = 0; i < deaf.size(); ++i) {
    deaf[i]->finish_sending();
    const Bytes back = deaf[i]->read(hello.size() + sent[i] + 3);
    ASSERT_EQ(back.size(), hello.size() + sent[i] + 3);
    for (std::size_t j = 0; j < sent[i]; ++j)
      ASSERT_EQ(back[hello.size() + j], static_cast<std::uint8_t>(j * 7 >> 2)) << i << ' ' << j;
  }
}

}  // namespace
}  // namespace sallyport::gateway::test
