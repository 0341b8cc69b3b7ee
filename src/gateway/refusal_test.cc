// Connections that must not get through: reset without a byte of TLS and without an upstream connection.
#include <sys/resource.h>

#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

class Refusals : public Bench {
 protected:
  // Sends `bytes` from `source` and expects the reset.
  void expect_refused(std::string_view source, const Bytes& bytes, const std::string& reason,
                      std::size_t listener = 0) {
    const std::uint64_t before = denied(reason);
    const Client client(source, door(listener));
    ASSERT_TRUE(client.connected());
    client.send(bytes);
    std::size_t received = 0;
    EXPECT_EQ(client.end(&received), End::kReset);
    EXPECT_EQ(received, 0U);
    EXPECT_TRUE(eventually([&] { return denied(reason) == before + 1; })) << reason;
    EXPECT_EQ(server.served(), 0);
    EXPECT_TRUE(eventually([&] { return gateway->stats().active == 0; }));
  }

  EchoServer server;
};

TEST_F(Refusals, ASourceNoClusterAdmitsIsResetAtOnce) {
  use({server.address()});
  admit({"127.0.0.2/32"});
  start();
  expect_refused("127.0.0.3", {}, "not-admitted-anywhere");
}

TEST_F(Refusals, ASourceAnotherClusterAdmitsIsResetAfterTheClientHello) {
  use({server.address()});
  admit({"127.0.0.2/32"});
  model::Cluster other = cluster();
  other.name = model::ClusterName("other");
  other.endpoint_id = model::EndpointId("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
  other.access.public_access_cidrs = model::CidrSet({cidr("127.0.0.3/32")});
  snapshot.put_cluster(other);
  start();
  expect_refused("127.0.0.3", client_hello(kHost), "no-public-cidr-match");
}

TEST_F(Refusals, DisabledPublicAccess) {
  use({server.address()});
  model::Cluster other = cluster();
  other.name = model::ClusterName("other");
  other.endpoint_id = model::EndpointId("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
  snapshot.put_cluster(other);
  model::Cluster changed = cluster();
  changed.access.public_access = false;
  changed.access.private_access = true;
  snapshot.put_cluster(changed);
  start();
  expect_refused("127.0.0.3", client_hello(kHost), "public-access-disabled");
}

TEST_F(Refusals, WhatIsNoClientHelloForAKnownCluster) {
  use({server.address()});
  start();
  expect_refused("127.0.0.1", client_hello(""), "no-sni");
  expect_refused("127.0.0.1", client_hello("nobody.example"), "unknown-sni");
  const std::string http = "GET / HTTP/1.1\r\n\r\n";
  expect_refused("127.0.0.1", {http.begin(), http.end()}, "malformed-client-hello");
  // A message of 64 KiB is announced.
  expect_refused("127.0.0.1", {22, 3, 1, 0x40, 0, 1, 1, 0, 0}, "malformed-client-hello");
}

TEST_F(Refusals, AClientHelloThatDoesNotComeIsNotWaitedFor) {
  use({server.address()});
  start();
  Bytes hello = client_hello(kHost);
  hello.resize(hello.size() - 1);
  expect_refused("127.0.0.1", hello, "client-hello-timeout");
  expect_refused("127.0.0.1", {}, "client-hello-timeout");
}

TEST_F(Refusals, EveryoneBeforeTheFirstSnapshot) {
  auto started = Gateway::start(config);
  ASSERT_TRUE(started) << started.error().message;
  gateway = std::move(*started);
  expect_refused("127.0.0.1", {}, "no-snapshot");
}

TEST_F(Refusals, ThePrivateSideAsksVpcAndGroups) {
  model::Listener inside;
  inside.side = model::Listener::Side::kPrivate;
  inside.bind = inside.advertise = unused_address();
  config.listeners.push_back(inside);
  inside.vpc = model::VpcId("vpc-a");
  inside.subnet = model::SubnetId("subnet-a");
  snapshot.listeners.push_back(inside);
  auto vpc = std::make_shared<model::Vpc>();
  vpc->id = model::VpcId("vpc-a");
  vpc->cidr_blocks = {cidr("127.0.0.0/16")};
  snapshot.vpcs[vpc->id] = vpc;
  auto group = std::make_shared<model::SecurityGroup>();
  group->id = model::SecurityGroupId("sg-a");
  model::SecurityGroupRule rule;
  rule.from_port = rule.to_port = 443;
  rule.source_cidr = cidr("127.0.0.5/32");
  group->ingress = {rule};
  snapshot.security_groups[group->id] = group;
  model::Cluster changed = cluster();
  changed.access.private_access = true;
  changed.vpc_config.vpc = vpc->id;
  changed.vpc_config.cluster_security_group = group->id;
  snapshot.put_cluster(changed);
  use({server.address()});
  start();

  expect_refused("127.1.0.5", {}, "not-admitted-anywhere", 1);
  expect_refused("127.0.0.6", client_hello(kHost), "no-security-group-match", 1);
  Client admitted("127.0.0.5", door(1));
  ASSERT_TRUE(admitted.handshake(kHost));
  EXPECT_TRUE(admitted.echoes("inside"));
  const auto live = gateway->connections(10);
  ASSERT_EQ(live.size(), 1U);
  EXPECT_TRUE(live[0].private_arrival);

  // The group's rule goes: a change of the network, not of the cluster.
  auto closed = std::make_shared<model::SecurityGroup>(*group);
  closed->ingress.clear();
  snapshot.security_groups[group->id] = closed;
  EXPECT_EQ(apply().connections_cut.at(model::ClusterName("prod")), 1U);
  EXPECT_EQ(admitted.end(), End::kReset);
}

TEST_F(Refusals, APrivateListenerOutsideEveryVpcServesNobody) {
  config.listeners[0].side = model::Listener::Side::kPrivate;
  snapshot.listeners = config.listeners;
  use({server.address()});
  start();
  expect_refused("127.0.0.1", {}, "not-admitted-anywhere");
}

TEST_F(Refusals, PastTheLimitOldOnesLive) {
  config.max_connections = 3;
  use({server.address()});
  start();
  std::vector<std::unique_ptr<Client>> held;
  int refused = 0;
  for (int i = 0; i < 12; ++i) {
    auto client = std::make_unique<Client>("127.0.0.1", door());
    if (client->handshake(kHost)) {
      held.push_back(std::move(client));
    } else {
      ++refused;
    }
  }
  EXPECT_EQ(held.size(), 3U);
  EXPECT_EQ(refused, 9);
  EXPECT_EQ(gateway->stats().refused_overload, 9U);
  for (const auto& client : held)
    EXPECT_TRUE(client->echoes("still here"));
}

TEST_F(Refusals, WithoutADescriptorToSpareOldOnesLiveAndNewOnesWait) {
  use({server.address()});
  start();
  Client old("127.0.0.1", door());
  ASSERT_TRUE(old.handshake(kHost));
  base::Descriptor spare = tcp_socket();
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = files.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  Client waiting("127.0.0.1", door(), std::move(spare));
  EXPECT_TRUE(eventually([&] { return gateway->stats().refused_overload > 0; }));
  EXPECT_TRUE(old.echoes("still here"));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  EXPECT_TRUE(waiting.handshake(kHost));
}

TEST_F(Refusals, AnAddressInUseIsNamed) {
  const base::Descriptor other = tcp_socket();
  const int yes = 1;
  ::setsockopt(other.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
  ASSERT_EQ(bind_to(other.get(), door()), 0);
  ASSERT_EQ(::listen(other.get(), 1), 0);
  const auto started = Gateway::start(config);
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find(door().to_string()), std::string::npos);
}

TEST_F(Refusals, ASecondGatewayAtTheSameAddressIsRefused) {
  start();
  EXPECT_FALSE(Gateway::start(config));
}

}  // namespace
}  // namespace sallyport::gateway::test
