// PROXY protocol v2, spoken to us and by us.
#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

class Proxied : public Bench {
 protected:
  Proxied() { config.proxy_protocol_from = {cidr("127.0.0.9/32")}; }

  static Bytes header(std::string_view source) {
    return wire::encode_proxy_header({.source = at(source), .destination = at("198.51.100.1:443")});
  }

  EchoServer server{EchoServer::Speaks::kTls, true};
};

TEST_F(Proxied, TheHeadersSourceIsDecidedOnAndPassedOn) {
  use({server.address()}, true);
  admit({"203.0.113.0/24"});
  start();
  Client client("127.0.0.9", door());
  ASSERT_TRUE(client.send(header("203.0.113.7:40000")));
  ASSERT_TRUE(client.handshake(kHost));
  EXPECT_TRUE(client.echoes("hello"));
  ASSERT_EQ(gateway->connections(10).size(), 1U);
  EXPECT_EQ(gateway->connections(10)[0].source, ip("203.0.113.7"));
  ASSERT_EQ(server.proxy_headers().size(), 1U);
  EXPECT_EQ(server.proxy_headers()[0].source, at("203.0.113.7:40000"));

  admit({"203.0.113.8/32"});
  EXPECT_EQ(apply().connections_cut.at(model::ClusterName("prod")), 1U);
  EXPECT_EQ(client.end(), End::kReset);
}

TEST_F(Proxied, TheSocketsSourceIsPassedOnWithoutAHeader) {
  use({server.address()}, true);
  start();
  Client client("127.0.0.2", door());
  ASSERT_TRUE(client.handshake(kHost));
  ASSERT_EQ(server.proxy_headers().size(), 1U);
  EXPECT_EQ(server.proxy_headers()[0].source.address, ip("127.0.0.2"));
  EXPECT_EQ(server.proxy_headers()[0].destination, door());
}

TEST_F(Proxied, AHeaderInPiecesWithTheClientHelloBehindIt) {
  use({server.address()}, true);
  start();
  const Client client("127.0.0.9", door());
  Bytes bytes = header("127.0.0.7:40000");
  const Bytes hello = client_hello(kHost);
  bytes.insert(bytes.end(), hello.begin(), hello.end());
  ASSERT_TRUE(client.send({bytes.begin(), bytes.begin() + 5}));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_TRUE(client.send({bytes.begin() + 5, bytes.end()}));
  EXPECT_FALSE(client.read(5).empty());
}

TEST_F(Proxied, LocalSpeaksForTheProxyItself) {
  use({server.address()}, true);
  start();
  Client client("127.0.0.9", door());
  Bytes local = header("127.0.0.7:40000");
  local.resize(16);
  local[12] = 0x20;
  local[13] = local[14] = local[15] = 0;
  ASSERT_TRUE(client.send(local));
  ASSERT_TRUE(client.handshake(kHost));
  EXPECT_EQ(gateway->connections(1)[0].source, ip("127.0.0.9"));
}

TEST_F(Proxied, ADeniedSourceIsResetWhoeverSpeaksForIt) {
  use({server.address()}, true);
  admit({"203.0.113.0/24"});
  start();
  const Client client("127.0.0.9", door());
  client.send(header("198.51.100.7:1"));
  EXPECT_EQ(client.end(), End::kReset);
  EXPECT_EQ(denied("not-admitted-anywhere"), 1U);
  EXPECT_EQ(server.served(), 0);
}

TEST_F(Proxied, ASpeakerMustSpeakAndOthersMustNot) {
  use({server.address()}, true);
  start();
  const Client silent("127.0.0.9", door());
  silent.send(client_hello(kHost));
  EXPECT_EQ(silent.end(), End::kReset);
  EXPECT_EQ(denied("bad-proxy-header"), 1U);
  const Client impostor("127.0.0.8", door());
  impostor.send(header("203.0.113.7:40000"));
  EXPECT_EQ(impostor.end(), End::kReset);
  EXPECT_EQ(denied("malformed-client-hello"), 1U);
  EXPECT_EQ(server.served(), 0);
}

}  // namespace
}  // namespace sallyport::gateway::test
