#include <algorithm>

#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

class Revocation : public Bench {
 protected:
  Revocation() { use({server.address()}); }

  // `count` live connections, from 127.0.0.2 on.
  void connect(int count) {
    for (int i = 0; i < count; ++i) {
      clients.push_back(std::make_unique<Client>("127.0.0." + std::to_string(2 + i), door()));
      ASSERT_TRUE(clients.back()->handshake(kHost));
      ASSERT_TRUE(clients.back()->echoes("first"));
    }
  }

  EchoServer server;
  std::vector<std::unique_ptr<Client>> clients;
};

TEST_F(Revocation, CutsExactlyTheSourceThatLostPermissionBeforeItAcknowledges) {
  admit({"127.0.0.2/32", "127.0.0.3/32", "127.0.0.4/32"});
  start();
  connect(3);
  admit({"127.0.0.2/32", "127.0.0.4/32"});
  snapshot.revision = snapshot.revision.next();
  auto answer = std::make_shared<std::promise<std::pair<model::Acknowledgement, End>>>();
  auto future = answer->get_future();
  const Client& lost = *clients[1];
  gateway->apply(std::make_shared<const model::Snapshot>(snapshot), [&lost, answer](model::Acknowledgement ack) {
    // The reset is already there when the acknowledgement comes: nothing is waited for.
    char byte = 0;
    const ssize_t got = ::recv(lost.fd(), &byte, 1, MSG_DONTWAIT);
    answer->set_value({std::move(ack), got < 0 && errno == ECONNRESET ? End::kReset : End::kOther});
  });
  ASSERT_EQ(future.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  const auto [ack, seen] = future.get();
  EXPECT_EQ(seen, End::kReset);
  EXPECT_EQ(ack.revision, snapshot.revision);
  EXPECT_FALSE(ack.error);
  ASSERT_EQ(ack.connections_cut.size(), 1U);
  EXPECT_EQ(ack.connections_cut.at(model::ClusterName("prod")), 1U);
  EXPECT_EQ(gateway->stats().cut, 1U);
  EXPECT_TRUE(clients[0]->echoes("second"));
  EXPECT_TRUE(clients[2]->echoes("second"));
  EXPECT_EQ(gateway->connections(10).size(), 2U);
}

TEST_F(Revocation, AChangeThatAllowsTheSameCutsNothing) {
  start();
  connect(3);
  admit({"127.0.0.0/16"});
  EXPECT_TRUE(apply().connections_cut.empty());
  for (const auto& client : clients)
    EXPECT_TRUE(client->echoes("second"));
}

TEST_F(Revocation, AClusterThatVanishedLosesAll) {
  start();
  connect(3);
  snapshot.erase_cluster(model::ClusterName("prod"));
  EXPECT_EQ(apply().connections_cut.at(model::ClusterName("prod")), 3U);
  for (const auto& client : clients)
    EXPECT_EQ(client->end(), End::kReset);
}

TEST_F(Revocation, AClusterOfTheSameNameWithAnotherEndpointIsAnother) {
  start();
  connect(2);
  model::Cluster again = cluster();
  again.endpoint_id = model::EndpointId("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
  snapshot.put_cluster(again);
  EXPECT_EQ(apply().connections_cut.at(model::ClusterName("prod")), 2U);
}

TEST_F(Revocation, ReachesConnectionsThatAreStillConnectingUpstream) {
  // Nobody answers a SYN to a full backlog.
  const base::Descriptor full = tcp_socket();
  ASSERT_EQ(bind_to(full.get(), at("127.0.0.1:0")), 0);
  ASSERT_EQ(::listen(full.get(), 0), 0);
  const Client filler("127.0.0.1", name_of(full.get()));
  use({name_of(full.get())});
  start();
  const Client client("127.0.0.2", door());
  ASSERT_TRUE(client.send(client_hello(kHost)));
  ASSERT_TRUE(eventually([&] { return gateway->stats().active == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  admit({"127.0.0.3/32"});
  apply();
  EXPECT_EQ(client.end(), End::kReset);
  EXPECT_TRUE(eventually([&] { return gateway->stats().active == 0; }));
}

TEST_F(Revocation, EverySnapshotIsAcknowledgedOnceAndInOrder) {
  start();
  connect(2);
  std::mutex mutex;
  std::vector<std::uint64_t> revisions;
  std::uint64_t cut = 0;
  for (int i = 0; i < 50; ++i) {
    if (i == 20) admit({"127.0.0.2/32"});
    snapshot.revision = snapshot.revision.next();
    gateway->apply(std::make_shared<const model::Snapshot>(snapshot), [&](const model::Acknowledgement& ack) {
      const std::lock_guard guard(mutex);
      revisions.push_back(ack.revision.value());
      for (const auto& [name, count] : ack.connections_cut)
        cut += count;
    });
  }
  apply();
  const std::lock_guard guard(mutex);
  EXPECT_EQ(revisions.size(), 50U);
  EXPECT_TRUE(std::ranges::is_sorted(revisions));
  EXPECT_EQ(cut, 1U);
}

TEST_F(Revocation, AGatewayThatStopsAcknowledgesWhatWaits) {
  start();
  std::atomic<int> answers{0};
  for (int i = 0; i < 200; ++i) {
    snapshot.revision = snapshot.revision.next();
    gateway->apply(std::make_shared<const model::Snapshot>(snapshot),
                   [&](const model::Acknowledgement&) { ++answers; });
  }
  gateway.reset();
  EXPECT_EQ(answers.load(), 200);
}

}  // namespace
}  // namespace sallyport::gateway::test
