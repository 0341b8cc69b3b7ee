#include "bastion/bastion.h"

#include <gtest/gtest.h>

#include "bastion/test_peers.h"

namespace sallyport::bastion {
namespace {

using namespace std::chrono_literals;
using test::Peer;

const std::string kUser = "AKIAIOSFODNN7EXAMPLE";
const std::string kName = "0123456789abcdef0123456789abcdef.gr1.us-east-1.eks.sallyport.internal";

// Knows the one secret "good", by the signature's being there at all: the real check has its own tests.
void answer_as_api(const Peer& peer) {
  const std::string head = peer.read_until("\r\n\r\n");
  if (head.empty()) return;
  peer.read(43);
  const std::string body = head.find(kUser) != std::string::npos
                               ? "<GetCallerIdentityResponse><Account>1</Account></GetCallerIdentityResponse>"
                               : "<Code>InvalidClientTokenId</Code>";
  const std::string status = body.starts_with("<Code") ? "403 Forbidden" : "200 OK";
  peer.send("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

void echo(const Peer& peer) {
  for (std::string got = peer.read(4); got.size() == 4; got = peer.read(4))
    peer.send(got);
}

class BastionTest : public testing::Test {
 protected:
  void start(std::size_t max_connections = 256) {
    BastionConfig config;
    config.listen = {{base::IpAddress::v4(INADDR_LOOPBACK), 0}};
    config.socks = config.listen;
    config.api = {.tls = false, .host = "127.0.0.1", .port = api_.port(), .ca_file = {}};
    config.realm = {"us-east-1", "sallyport.internal", endpoint_.port()};
    config.resolver = base::SocketAddress{base::IpAddress::v4(INADDR_LOOPBACK), resolver_.port()};
    config.max_connections = max_connections;
    config.threads = 4;
    auto started = Bastion::start(config);
    ASSERT_TRUE(started) << started.error().message;
    bastion_ = *std::move(started);
  }

  // A connection that says nothing.
  Peer stranger(std::uint32_t source = INADDR_LOOPBACK) const {
    return Peer::to(bastion_->addresses()[0].port, source);
  }
  static void ask(const Peer& peer, const std::string& name, const std::string& user, std::uint16_t port) {
    peer.send("CONNECT " + name + ":" + std::to_string(port) + " HTTP/1.1\r\nProxy-Authorization: Basic " +
              base::to_base64(base::as_bytes(user + ":good")) + "\r\n\r\n");
  }
  Peer connect(const std::string& name, const std::string& user = kUser) const {
    Peer peer = stranger();
    ask(peer, name, user, endpoint_.port());
    return peer;
  }
  static std::string status_of(const Peer& peer) { return peer.read_until("\r\n\r\n").substr(0, 12); }

  Peer connect_socks(const std::string& name) const {
    Peer peer = Peer::to(bastion_->addresses()[1].port);
    std::string text = "\x05\x01\x02\x01\x14" + kUser + "\x04good";
    text += std::string("\x05\x01\x00\x03", 4) + static_cast<char>(name.size()) + name;
    text += static_cast<char>(endpoint_.port() >> 8);
    text += static_cast<char>(endpoint_.port() & 0xff);
    peer.send(text);
    return peer;
  }

  test::Server api_{answer_as_api};
  test::Server endpoint_{echo};
  test::Resolver resolver_;
  std::unique_ptr<Bastion> bastion_;
};

TEST_F(BastionTest, BothFrontsLeadToAnEndpointAndNowhereElse) {
  start();
  const Peer http = connect(kName);
  EXPECT_EQ(status_of(http), "HTTP/1.1 200");
  http.send("ping");
  EXPECT_EQ(http.read(4), "ping");
  const Peer socks = connect_socks(kName);
  EXPECT_EQ(socks.read(4), std::string("\x05\x02\x01\x00", 4));
  EXPECT_EQ(socks.read(10)[1], 0);
  socks.send("pong");
  EXPECT_EQ(socks.read(4), "pong");
  EXPECT_EQ(status_of(connect("example.com")), "HTTP/1.1 403");
  EXPECT_EQ(connect_socks("example.com").read(6)[5], 2);
  EXPECT_EQ(status_of(connect(kName, "AKIAIOSFODNN7UNKNOWN")), "HTTP/1.1 407");
  const BastionStats stats = bastion_->stats();
  EXPECT_EQ(stats.tunnels_opened, 2U);
  EXPECT_EQ(stats.tunnels_active, 2U);
  EXPECT_EQ(stats.refused.at("not-an-endpoint"), 2U);
  EXPECT_EQ(stats.refused.at("bad-credentials"), 1U);
  EXPECT_EQ(stats.logins_asked, 2U);
}

TEST_F(BastionTest, ManyAtOnceFromManyThreads) {
  start();
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int client = 0; client < 8; ++client) {
    clients.emplace_back([&, client] {
      for (int i = 0; i < 10; ++i) {
        const bool by_http = (client + i) % 2 == 0;
        const Peer peer = by_http ? connect(kName) : connect_socks(kName);
        if (by_http) {
          status_of(peer);
        } else {
          peer.read(14);
        }
        peer.send("text");
        if (peer.read(4) == "text") ++good;
        connect("10.0.0.1");  // left before it is answered
      }
    });
  }
  for (std::thread& client : clients)
    client.join();
  EXPECT_EQ(good, 80);
  EXPECT_EQ(bastion_->stats().tunnels_opened, 80U);
}

TEST_F(BastionTest, PastTheLimitNewOnesGoAndOldOnesStay) {
  start(2);
  const Peer first = connect(kName);
  EXPECT_EQ(status_of(first), "HTTP/1.1 200");
  const Peer second = connect(kName);
  EXPECT_EQ(status_of(second), "HTTP/1.1 200");
  EXPECT_EQ(status_of(connect(kName)), "");
  first.send("ping");
  EXPECT_EQ(first.read(4), "ping");
  EXPECT_EQ(bastion_->stats().refused.at("overload"), 1U);
}

TEST_F(BastionTest, StrangersOfOneSourceKeepNobodyElseOut) {
  start(4 * base::limits::kBastionStrangers);
  const Peer tunnel = connect(kName);
  EXPECT_EQ(status_of(tunnel), "HTTP/1.1 200");
  std::vector<Peer> silent;
  for (std::size_t i = 0; i < base::limits::kBastionStrangers; ++i)
    silent.push_back(stranger());
  EXPECT_EQ(status_of(connect(kName)), "");
  EXPECT_EQ(bastion_->stats().refused.at("source-limit"), 1U);
  EXPECT_EQ(bastion_->stats().strangers, base::limits::kBastionStrangers);
  tunnel.send("ping");
  EXPECT_EQ(tunnel.read(4), "ping");
  const Peer other = stranger(INADDR_LOOPBACK + 1);
  ask(other, kName, kUser, endpoint_.port());
  EXPECT_EQ(status_of(other), "HTTP/1.1 200");
  // A login makes room for the next stranger.
  ask(silent.back(), kName, kUser, endpoint_.port());
  EXPECT_EQ(status_of(silent.back()), "HTTP/1.1 200");
  EXPECT_EQ(status_of(connect(kName)), "HTTP/1.1 200");
}

TEST_F(BastionTest, StrangersTakeHalfOfTheConnectionsAtMost) {
  start(4);
  const Peer tunnel = connect(kName);
  EXPECT_EQ(status_of(tunnel), "HTTP/1.1 200");
  const Peer first = stranger();
  const Peer second = stranger(INADDR_LOOPBACK + 1);
  EXPECT_EQ(status_of(stranger(INADDR_LOOPBACK + 2)), "");
  EXPECT_EQ(bastion_->stats().refused.at("stranger-limit"), 1U);
  EXPECT_EQ(bastion_->stats().refused.at("overload"), 0U);
  EXPECT_EQ(bastion_->stats().active_connections, 3U);
}

TEST_F(BastionTest, DrainsAndEnds) {
  start();
  auto peer = std::make_unique<Peer>(connect(kName));
  EXPECT_EQ(status_of(*peer), "HTTP/1.1 200");
  std::thread leaving([&] {
    std::this_thread::sleep_for(200ms);
    peer->send("ping");
    EXPECT_EQ(peer->read(4), "ping");
    peer.reset();
  });
  bastion_->drain(10s);
  EXPECT_EQ(bastion_->stats().active_connections, 0U);
  leaving.join();
}

TEST_F(BastionTest, EndsWithTunnelsOpen) {
  start();
  const Peer peer = connect(kName);
  EXPECT_EQ(status_of(peer), "HTTP/1.1 200");
  const Peer halfway = Peer::to(bastion_->addresses()[0].port);
  halfway.send("CONNECT ");
  bastion_->drain(10ms);
  bastion_.reset();
  EXPECT_EQ(peer.read(1), "");
}

TEST_F(BastionTest, WhatCannotStart) {
  EXPECT_EQ(Bastion::start({}).error().field, "listen");
  start();
  BastionConfig config;
  config.listen = {bastion_->addresses()[0]};
  config.api = {.tls = false, .host = "127.0.0.1", .port = 1, .ca_file = {}};
  EXPECT_EQ(Bastion::start(config).error().field, "listen");
  config.api = {.tls = true, .host = "127.0.0.1", .port = 1, .ca_file = "/nowhere/ca.crt"};
  EXPECT_EQ(Bastion::start(config).error().field, "api_ca_file");
}

}  // namespace
}  // namespace sallyport::bastion
