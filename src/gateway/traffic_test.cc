// Who was admitted and who was denied, as a gateway with connections tells it.

#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

class Traffic : public Bench {
 protected:
  void connect(const char* source, bool admitted) {
    Client client(source, door());
    EXPECT_EQ(client.handshake(kHost), admitted) << source;
  }
  model::Traffic traffic() const { return gateway->traffic(model::ClusterName("prod")); }

  EchoServer server;
};

TEST_F(Traffic, IsToldBySourceWithWhatTheSettingSaysNow) {
  use({server.address()});
  admit({"127.0.0.2/32"});
  // Another cluster admits the denied one, so that it is heard and names the cluster.
  model::Cluster other;
  other.name = model::ClusterName("other");
  other.endpoint_id = model::EndpointId("1123456789ABCDEF0123456789ABCDEF");
  other.status = model::ClusterStatus::kActive;
  other.pool = model::PoolName("pool");
  other.access.public_access_cidrs = model::CidrSet({cidr("127.0.0.3/32")});
  snapshot.put_cluster(other);
  start();
  connect("127.0.0.2", true);
  connect("127.0.0.3", false);
  connect("127.0.0.3", false);
  connect("127.0.0.4", false);

  const model::Traffic told = traffic();
  EXPECT_EQ(told.allowed, 1U);
  EXPECT_EQ(told.denied, 2U);
  EXPECT_EQ(told.unnamed, 1U);
  ASSERT_EQ(told.allowed_sources.size(), 1U);
  EXPECT_EQ(told.allowed_sources[0].source, ip("127.0.0.2"));
  EXPECT_TRUE(told.allowed_sources[0].allowed_now);
  ASSERT_EQ(told.denied_sources.size(), 1U);
  EXPECT_EQ(told.denied_sources[0].source, ip("127.0.0.3"));
  EXPECT_EQ(told.denied_sources[0].connections, 2U);
  EXPECT_EQ(told.denied_sources[0].uncertain, 0U);
  EXPECT_EQ(told.denied_sources[0].reason, "no-public-cidr-match");
  EXPECT_FALSE(told.denied_sources[0].allowed_now);
  ASSERT_EQ(told.unnamed_sources.size(), 1U);
  EXPECT_EQ(told.unnamed_sources[0].source, ip("127.0.0.4"));
  EXPECT_EQ(told.unnamed_sources[0].reason, "not-admitted-anywhere");
  std::uint64_t in_chart = 0;
  for (const model::TrafficInterval& interval : told.intervals)
    in_chart += interval.allowed + interval.denied + interval.unnamed;
  EXPECT_EQ(in_chart, 4U);

  admit({"127.0.0.2/32", "127.0.0.3/32"});
  apply();
  EXPECT_TRUE(traffic().denied_sources.at(0).allowed_now);
  EXPECT_EQ(gateway->traffic(model::ClusterName("none")).denied, 0U);
  EXPECT_EQ(gateway->traffic(model::ClusterName("none")).unnamed, 0U);

  // Made again under the name, and asked about before anybody came.
  model::Cluster again = cluster();
  again.endpoint_id = model::EndpointId("2123456789ABCDEF0123456789ABCDEF");
  snapshot.put_cluster(again);
  apply();
  EXPECT_EQ(traffic().allowed + traffic().denied, 0U);
  EXPECT_EQ(traffic().unnamed, 1U) << "it is at the same listener";
}

TEST_F(Traffic, OfOneClusterCountsItsLiveConnectionsAlone) {
  use({server.address()});
  start();
  Client one("127.0.0.2", door());
  Client two("127.0.0.2", door());
  ASSERT_TRUE(one.handshake(kHost) && two.handshake(kHost));
  EXPECT_EQ(gateway->connections_of(model::ClusterName("prod")), (LiveBySource{{{ip("127.0.0.2"), false}, 2}}));
  EXPECT_TRUE(gateway->connections_of(model::ClusterName("none")).empty());
}

}  // namespace
}  // namespace sallyport::gateway::test
