#include <numeric>

#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

using Relay = Bench;

TEST_F(Relay, CarriesTlsByName) {
  EchoServer server;
  use({server.address()});
  start();
  Client client("127.0.0.2", door());
  ASSERT_TRUE(client.handshake(kHost));
  EXPECT_TRUE(client.echoes("hello"));
  const auto live = gateway->connections(10);
  ASSERT_EQ(live.size(), 1U);
  EXPECT_EQ(live[0].cluster, model::ClusterName("prod"));
  EXPECT_EQ(live[0].source, ip("127.0.0.2"));
  EXPECT_GT(live[0].bytes_to_client, 0U);
  EXPECT_TRUE(gateway->connections(0).empty());
  EXPECT_EQ(gateway->stats().relayed, 1U);
}

TEST_F(Relay, CarriesMegabytesBothWaysWhoeverIsSlow) {
  constexpr std::size_t kSize = 24U << 20;
  EchoServer server(EchoServer::Speaks::kPlain);
  use({server.address()});
  start();
  Bytes sent = client_hello(kHost);
  const std::size_t hello = sent.size();
  sent.resize(hello + kSize);
  std::uint32_t state = 1;
  for (std::size_t i = hello; i < sent.size(); ++i)
    sent[i] = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  const Client client("127.0.0.1", door());
  std::thread writer([&] {
    EXPECT_TRUE(client.send(sent));
    client.finish_sending();
  });
  // Nobody reads the echo until nothing moves any more: both ways are then backed up through the gateway.
  std::uint64_t before = 1;
  EXPECT_TRUE(eventually([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const auto stats = gateway->stats();
    return stats.bytes_to_upstream > 0 && stats.bytes_to_upstream == std::exchange(before, stats.bytes_to_upstream);
  }));
  EXPECT_LT(gateway->stats().bytes_to_upstream, sent.size());
  const Bytes back = client.read(sent.size() + 100);
  writer.join();
  ASSERT_EQ(back.size(), sent.size() + 3);
  EXPECT_TRUE(std::equal(sent.begin(), sent.end(), back.begin()));
  EXPECT_TRUE(eventually([&] { return gateway->stats().bytes_to_client == back.size(); }));
  EXPECT_TRUE(eventually([&] { return gateway->stats().active == 0; }));
}

TEST_F(Relay, AClientThatEndsItsSideStillHearsTheAnswer) {
  EchoServer server(EchoServer::Speaks::kPlain);
  use({server.address()});
  start();
  const Client client("127.0.0.1", door());
  const Bytes hello = client_hello(kHost);
  ASSERT_TRUE(client.send(hello));
  EXPECT_EQ(client.read(hello.size()), hello);
  client.finish_sending();
  EXPECT_EQ(text_of(client.read(3)), "bye");
  EXPECT_EQ(client.end(), End::kOrderly);
}

TEST_F(Relay, TlsHalfClose) {
  EchoServer server;
  use({server.address()});
  start();
  Client client("127.0.0.1", door());
  ASSERT_TRUE(client.handshake(kHost));
  SSL_shutdown(client.tls());
  client.finish_sending();
  std::array<char, 8> answer{};
  ASSERT_EQ(SSL_read(client.tls(), answer.data(), 8), 3);
  EXPECT_EQ(std::string(answer.data()), "bye");
}

TEST_F(Relay, AServerThatIsDownIsPassedOver) {
  EchoServer server;
  const base::SocketAddress down = unused_address();
  use({down, server.address()});
  start();
  for (int i = 0; i < 6; ++i) {
    Client client("127.0.0.1", door());
    ASSERT_TRUE(client.handshake(kHost)) << i;
    EXPECT_TRUE(client.echoes("hello"));
  }
  EXPECT_EQ(gateway->stats().upstream_failures, 0U);
  EXPECT_TRUE(eventually([&] {
    const auto health = gateway->health();
    const auto& servers = health.at(model::PoolName("pool"));
    return !servers[0].healthy && !servers[0].problem.empty() && servers[1].healthy;
  }));
}

TEST_F(Relay, WithEveryServerDownTheClientIsReset) {
  use({unused_address(), unused_address()});
  start();
  for (int i = 0; i < 2; ++i) {
    const Client client("127.0.0.1", door());
    client.send(client_hello(kHost));
    EXPECT_EQ(client.end(), End::kReset);
  }
  EXPECT_TRUE(eventually([&] { return gateway->stats().upstream_failures == 2 && gateway->stats().active == 0; }));
}

TEST_F(Relay, AServerThatComesBackIsUsedAgainThoughItWasDown) {
  auto server = std::make_unique<EchoServer>();
  const base::SocketAddress down = unused_address();
  use({down});
  start();
  ASSERT_TRUE(eventually([&] { return !gateway->health().at(model::PoolName("pool"))[0].healthy; }));
  use({server->address()});
  apply();
  Client client("127.0.0.1", door());
  EXPECT_TRUE(client.handshake(kHost));
}

TEST_F(Relay, SpreadsOverTheServersOfThePool) {
  EchoServer one;
  EchoServer two;
  use({one.address(), two.address()});
  start();
  for (int i = 0; i < 8; ++i) {
    Client client("127.0.0.1", door());
    ASSERT_TRUE(client.handshake(kHost));
  }
  EXPECT_GT(one.served(), 0);
  EXPECT_GT(two.served(), 0);
}

TEST_F(Relay, DrainRefusesNewConnectionsAndWaitsForOldOnes) {
  EchoServer server;
  use({server.address()});
  start();
  auto client = std::make_unique<Client>("127.0.0.1", door());
  ASSERT_TRUE(client->handshake(kHost));
  auto drained = std::async(std::launch::async, [&] { gateway->drain(std::chrono::seconds(30)); });
  EXPECT_TRUE(eventually([&] { return !Client("127.0.0.1", door()).connected(); }));
  EXPECT_TRUE(client->echoes("still here"));
  EXPECT_NE(drained.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  client.reset();
  EXPECT_EQ(drained.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(gateway->stats().active, 0U);
}

TEST_F(Relay, DrainClosesWhatOutstaysTheLimit) {
  EchoServer server;
  use({server.address()});
  start();
  Client client("127.0.0.1", door());
  ASSERT_TRUE(client.handshake(kHost));
  gateway->drain(std::chrono::milliseconds(100));
  EXPECT_TRUE(eventually([&] { return gateway->stats().active == 0; }));
  EXPECT_NE(client.end(), End::kOther);
}

}  // namespace
}  // namespace sallyport::gateway::test
