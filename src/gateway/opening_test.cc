#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

// Between opening and closing: GatewayConfig::before_closing is called there, and tests look around in it.
class Opening : public Bench {
 protected:
  Opening() {
    use({server.address()});
    config.before_closing = [this] {
      if (between) between();
    };
  }

  std::unique_ptr<Client> connect(const std::string& source) const {
    auto client = std::make_unique<Client>(source, door());
    return client->handshake(kHost) ? std::move(client) : nullptr;
  }

  EchoServer server;
  std::function<void()> between;
};

TEST_F(Opening, WhatOpensAndWhatClosesAreBothAdmittedInBetween) {
  admit({"127.0.0.2/32"});
  start();
  const auto losing = connect("127.0.0.2");
  ASSERT_TRUE(losing);
  std::unique_ptr<Client> late;
  std::unique_ptr<Client> gaining;
  between = [&] {
    late = connect("127.0.0.2");
    gaining = connect("127.0.0.3");
    EXPECT_EQ(connect("127.0.0.4"), nullptr);
    EXPECT_TRUE(losing->echoes("still"));
  };
  admit({"127.0.0.3/32"});
  const model::Acknowledgement ack = apply();
  ASSERT_TRUE(late && gaining);
  EXPECT_EQ(ack.connections_cut.at(model::ClusterName("prod")), 2U);
  EXPECT_EQ(losing->end(), End::kReset);
  EXPECT_EQ(late->end(), End::kReset);
  EXPECT_TRUE(gaining->echoes("on"));
  EXPECT_EQ(connect("127.0.0.2"), nullptr);
}

TEST_F(Opening, AClusterThatVanishesServesUntilClosing) {
  start();
  std::unique_ptr<Client> late;
  between = [&] { late = connect("127.0.0.2"); };
  snapshot.erase_cluster(model::ClusterName("prod"));
  apply();
  ASSERT_TRUE(late);
  EXPECT_EQ(late->end(), End::kReset);
}

// The cluster itself is unchanged, and shared by both snapshots: nothing but the networks tells that it lost somebody.
TEST_F(Opening, ASecurityGroupRuleThatGoesCutsWhatItAdmittedInBetween) {
  const model::VpcId vpc("vpc-1");
  const model::SecurityGroupId group("sg-1");
  const auto ruled = [&](const std::string& block) {
    auto made = std::make_shared<model::SecurityGroup>();
    made->id = group;
    made->vpc = vpc;
    made->ingress.emplace_back();
    made->ingress.back().from_port = made->ingress.back().to_port = 443;
    made->ingress.back().source_cidr = cidr(block);
    snapshot.security_groups[group] = std::move(made);
  };
  auto home = std::make_shared<model::Vpc>();
  home->id = vpc;
  home->cidr_blocks = {cidr("127.0.0.0/8")};
  snapshot.vpcs[vpc] = std::move(home);
  config.listeners[0].side = model::Listener::Side::kPrivate;
  snapshot.listeners = config.listeners;
  snapshot.listeners[0].vpc = vpc;
  model::Cluster of_vpc = cluster();
  of_vpc.access.private_access = true;
  of_vpc.vpc_config.vpc = vpc;
  of_vpc.vpc_config.cluster_security_group = group;
  snapshot.put_cluster(of_vpc);
  ruled("127.0.0.2/31");
  start();
  const auto losing = connect("127.0.0.2");
  const auto keeping = connect("127.0.0.3");
  ASSERT_TRUE(losing && keeping);

  std::unique_ptr<Client> late;
  between = [&] { late = connect("127.0.0.2"); };
  ruled("127.0.0.3/32");
  EXPECT_EQ(apply().connections_cut.at(model::ClusterName("prod")), 2U);
  ASSERT_TRUE(late);
  EXPECT_EQ(losing->end(), End::kReset);
  EXPECT_EQ(late->end(), End::kReset);
  EXPECT_TRUE(keeping->echoes("on"));
}

TEST_F(Opening, TheFirstSnapshotOpensBeforeNamesLeadToIt) {
  bool served = false;
  between = [&] { served = connect("127.0.0.2") != nullptr; };
  start();
  EXPECT_TRUE(served);
}

TEST_F(Opening, AnAcknowledgementMayApplyWhileTheGatewayStops) {
  start();
  std::atomic<int> answers{0};
  Gateway* stopping = gateway.get();
  const auto again = std::make_shared<const model::Snapshot>(snapshot);
  for (int i = 0; i < 100; ++i) {
    gateway->apply(again, [&](const model::Acknowledgement& ack) {
      ++answers;
      if (ack.error) stopping->apply(again, [&](const model::Acknowledgement&) { ++answers; });
    });
  }
  gateway.reset();
  EXPECT_GE(answers.load(), 100);
}

}  // namespace
}  // namespace sallyport::gateway::test
