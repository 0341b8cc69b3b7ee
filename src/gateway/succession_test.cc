#include "gateway/succession.h"

#include <sys/socket.h>

#include <algorithm>
#include <set>

#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

// Another gateway of this process in the place of an earlier process's.
class Neighbour final : public Elsewhere {
 public:
  explicit Neighbour(Gateway& gateway) : gateway_(gateway) {}
  std::uint64_t cut(const std::vector<std::uint64_t>& ids) override { return gateway_.cut(ids); }
  std::size_t left() override { return static_cast<std::size_t>(gateway_.stats().active); }

 private:
  Gateway& gateway_;
};

class SuccessionTest : public Bench {
 protected:
  SuccessionTest() { use({server.address()}); }

  // The gateway becomes the predecessor, and another takes over from it.
  void take_over() {
    base::NamedDescriptors handed;
    gateway->hand_over(handed);
    predecessor = std::move(gateway);
    auto started = Gateway::start(config, &handed);
    ASSERT_TRUE(started) << started.error().message;
    gateway = std::move(*started);
    apply();
  }
  void complete() {
    gateway->begin(predecessor->release());
    gateway->inherit(std::make_unique<Neighbour>(*predecessor), predecessor->relays());
  }

  EchoServer server;
  std::unique_ptr<Gateway> predecessor;
};

TEST_F(SuccessionTest, ASuccessorAcceptsFromTheSameSocketsAndRelaysGoOn) {
  start();
  Client early("127.0.0.2", door());
  ASSERT_TRUE(early.handshake(kHost));
  take_over();
  Client meanwhile("127.0.0.2", door());
  ASSERT_TRUE(meanwhile.handshake(kHost));  // by the predecessor: the successor has not begun
  EXPECT_EQ(gateway->stats().accepted, 0U);
  complete();
  Client late("127.0.0.2", door());
  ASSERT_TRUE(late.handshake(kHost));
  EXPECT_TRUE(early.echoes("early") && meanwhile.echoes("meanwhile") && late.echoes("late"));
  EXPECT_EQ(predecessor->stats().accepted, 2U);
  EXPECT_EQ(gateway->stats().accepted, 1U);
  EXPECT_EQ(gateway->stats().inherited, 2U);
}

TEST_F(SuccessionTest, WhatWaitsAtTheSocketsIsAcceptedByTheSuccessor) {
  start();
  take_over();
  EXPECT_TRUE(predecessor->release().empty());
  Client waiting("127.0.0.2", door());
  ASSERT_TRUE(waiting.send(client_hello(kHost)));
  gateway->begin({});
  ASSERT_TRUE(eventually([&] { return gateway->stats().accepted == 1; }));
}

TEST_F(SuccessionTest, EverySocketIsAcceptedFromWhateverTheNumberOfWorkers) {
  config.workers = 5;
  start();
  config.workers = 2;
  take_over();
  complete();
  predecessor.reset();
  for (int i = 0; i < 40; ++i) {
    Client client("127.0.0.2", door());
    ASSERT_TRUE(client.handshake(kHost)) << i;
  }
  config.workers = 4;
  take_over();
  complete();
  predecessor.reset();
  for (int i = 0; i < 40; ++i) {
    Client client("127.0.0.2", door());
    ASSERT_TRUE(client.handshake(kHost)) << i;
  }
}

TEST_F(SuccessionTest, AConnectionThatHasNotSaidItsNameIsPassedOnWithWhatItSaid) {
  start();
  Client silent("127.0.0.2", door());
  Client half("127.0.0.2", door());
  const auto hello = client_hello(kHost);
  const auto middle = hello.begin() + static_cast<std::ptrdiff_t>(hello.size() / 2);
  ASSERT_TRUE(half.send({hello.begin(), middle}));
  ASSERT_TRUE(eventually([&] { return gateway->stats().active == 2; }));
  take_over();
  complete();
  EXPECT_EQ(predecessor->stats().active, 0U);
  EXPECT_TRUE(eventually([&] { return gateway->stats().active == 2; }));
  ASSERT_TRUE(half.send({middle, hello.end()}));
  ASSERT_TRUE(silent.send(hello));
  EXPECT_TRUE(eventually([&] { return gateway->stats().relayed == 2; }));
  EXPECT_EQ(predecessor->stats().relayed, 0U);
}

TEST_F(SuccessionTest, ASnapshotOfTheSuccessorCutsExactlyTheRelayThatLostPermission) {
  admit({"127.0.0.2/32", "127.0.0.3/32"});
  start();
  Client keeps("127.0.0.2", door());
  Client loses("127.0.0.3", door());
  ASSERT_TRUE(keeps.handshake(kHost) && loses.handshake(kHost));
  take_over();
  complete();
  admit({"127.0.0.2/32"});
  EXPECT_EQ(apply().connections_cut.at(model::ClusterName("prod")), 1U);
  EXPECT_EQ(loses.end(), End::kReset);
  EXPECT_TRUE(keeps.echoes("still"));
  EXPECT_EQ(predecessor->stats().cut, 1U);
}

TEST_F(SuccessionTest, WhatWasRevokedDuringTheHandoverIsCutWhenItIsInherited) {
  start();
  Client loses("127.0.0.3", door());
  ASSERT_TRUE(loses.handshake(kHost));
  admit({"127.0.0.2/32"});
  take_over();
  gateway->begin(predecessor->release());
  const auto cuts = gateway->inherit(std::make_unique<Neighbour>(*predecessor), predecessor->relays());
  EXPECT_EQ(cuts.at(model::ClusterName("prod")), 1U);
  EXPECT_EQ(loses.end(), End::kReset);
}

TEST_F(SuccessionTest, RelaysOfAListenerThatIsConfiguredNoMoreAreCut) {
  start();
  Client loses("127.0.0.3", door());
  ASSERT_TRUE(loses.handshake(kHost));
  config.listeners[0].bind = config.listeners[0].advertise = unused_address();
  snapshot.listeners = config.listeners;
  take_over();
  complete();
  EXPECT_EQ(loses.end(), End::kReset);
}

TEST_F(SuccessionTest, APredecessorTakesBackWhatItHandedOver) {
  start();
  take_over();
  gateway.reset();
  gateway = std::move(predecessor);
  gateway->take_back();
  Client client("127.0.0.2", door());
  EXPECT_TRUE(client.handshake(kHost));
  admit({"127.0.0.2/32"});
  EXPECT_TRUE(apply().connections_cut.empty());
}

TEST_F(SuccessionTest, IdsAreGivenOnce) {
  config.workers = 3;
  start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<Client>("127.0.0.2", door()));
    ASSERT_TRUE(clients.back()->handshake(kHost));
  }
  std::set<std::uint64_t> ids;
  for (const Relay& relay : gateway->relays()) {
    EXPECT_EQ(relay.listener, handed_name(config.listeners[0]));
    EXPECT_EQ(relay.cluster, model::ClusterName("prod"));
    ids.insert(relay.id);
  }
  EXPECT_EQ(ids.size(), 20U);
}

}  // namespace
}  // namespace sallyport::gateway::test
