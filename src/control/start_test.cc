#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "control/test_world.h"

namespace sallyport::control {
namespace {

using namespace test;
using model::ClusterName;
using model::ClusterStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Start, MakesTheDefaultVpcOnceAndPublishesIt) {
  World world;
  world.start();
  const auto inventory = world.store().load().value();
  ASSERT_THAT(inventory.vpcs, SizeIs(1));
  EXPECT_TRUE(inventory.vpcs[0].is_default);
  EXPECT_THAT(inventory.subnets, SizeIs(3));
  EXPECT_THAT(inventory.security_groups, SizeIs(1));
  ASSERT_NE(world.control().snapshot(), nullptr);
  EXPECT_NE(world.control().snapshot()->find_vpc(inventory.vpcs[0].id), nullptr);
  EXPECT_EQ(world.gateway().last()->revision, inventory.revision);

  world.restart();
  EXPECT_EQ(world.store().load().value().vpcs, inventory.vpcs);
  EXPECT_EQ(world.store().load().value().revision, inventory.revision);
}

TEST(Start, DoesNotMakeADeletedDefaultVpcAgain) {
  World world;
  world.start();
  const auto before = world.store().load().value();
  world.stop();
  world.open_store();
  store::Transaction erase;
  for (const auto& subnet : before.subnets)
    erase.erases.emplace_back(subnet.id);
  for (const auto& group : before.security_groups)
    erase.erases.emplace_back(group.id);
  erase.erases.emplace_back(before.vpcs[0].id);
  ASSERT_TRUE(world.store().commit(erase));
  world.start();
  EXPECT_THAT(world.store().load().value().vpcs, IsEmpty());
}

TEST(Start, ConfiguredDefaultVpcBlock) {
  Settings with = settings();
  with.default_vpc_cidr = cidr("127.10.0.0/16");
  World world(with);
  world.start();
  EXPECT_THAT(world.store().load().value().vpcs[0].cidr_blocks, ElementsAre(cidr("127.10.0.0/16")));
}

TEST(Start, FailsOnABlockThatCannotBeADefaultVpc) {
  Settings with = settings();
  with.default_vpc_cidr = cidr("10.0.0.0/30");
  World world(with);
  EXPECT_THROW(world.start(), std::runtime_error);
}

TEST(Start, AFailingStoreIsAnErrorNotACrash) {
  World world;
  world.store().set_gate([](store::Store&, const store::Transaction&) -> base::Result<model::Revision> {
    return base::fail(base::ErrorKind::kInternal, "disk full");
  });
  EXPECT_THROW(world.start(), std::runtime_error);
}

TEST(Snapshots, CarryTheRevisionOfTheStoreAndPlacedListeners) {
  World world;
  world.start();
  world.create("c");
  EXPECT_TRUE(
      eventually([&] { return world.control().snapshot()->revision == world.store().load().value().revision; }));
  const auto snapshot = world.control().snapshot();
  EXPECT_EQ(snapshot->region, model::Region("us-east-1"));
  EXPECT_EQ(snapshot->zone, "sallyport.internal");
  EXPECT_NE(snapshot->find_pool(model::PoolName("prod")), nullptr);
  ASSERT_THAT(snapshot->listeners, SizeIs(2));
  EXPECT_FALSE(snapshot->listeners[0].vpc);
  ASSERT_TRUE(snapshot->listeners[1].subnet);
  EXPECT_TRUE(snapshot->find_subnet(*snapshot->listeners[1].subnet)
                  ->cidr_block.contains(snapshot->listeners[1].advertise.address));
  const auto* cluster = snapshot->find_cluster(ClusterName("c"));
  ASSERT_NE(cluster, nullptr);
  EXPECT_EQ(snapshot->find_host(model::endpoint_host(cluster->endpoint_id, snapshot->region, snapshot->zone)), cluster);
}

TEST(Snapshots, RevisionsRiseFromCallToCall) {
  World world;
  world.start();
  for (const char* name : {"a", "b", "c"})
    world.create(name);
  world.finished(world.update("a", {"203.0.113.5/32"}).value());
  const auto seen = world.dns().seen();
  for (std::size_t i = 1; i < seen.size(); ++i)
    EXPECT_LT(seen[i - 1]->revision, seen[i]->revision);
}

TEST(Snapshots, AListenerWithoutAPlaceIsLoggedOnce) {
  std::ostringstream log;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  {
    Settings with = settings();
    with.listeners.push_back(listener(model::Listener::Side::kPrivate, "10.77.0.1:443"));
    World world(with);
    world.start();
    world.create("a");
    world.create("b");
    EXPECT_FALSE(world.control().snapshot()->listeners.back().vpc);
  }
  spdlog::set_default_logger(before);
  const std::string text = log.str();
  const auto first = text.find("10.77.0.1:443 serves nobody");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("10.77.0.1:443 serves nobody", first + 1), std::string::npos);
}

TEST(Snapshots, AThrowingNodeCountsAsFailed) {
  const base::TestFolder folder;
  auto opened = store::open_sqlite_store(folder / "state.db").value();
  base::SystemClock clock;
  base::SystemEntropy entropy;
  const Node broken{"broken",
                    [](model::SnapshotPtr, model::AcknowledgeFn) { throw std::runtime_error("out of maps"); }};
  auto control = ControlPlane::start(*opened, clock, entropy, settings(), {broken}).value();
  const Status status = control->status();
  ASSERT_THAT(status.nodes, SizeIs(1));
  EXPECT_EQ(status.nodes[0].error, "out of maps");
}

TEST(StatusReport, CountsNodesClustersAndUpdates) {
  World world;
  world.start();
  world.create("c");
  world.gateway().hold();
  const auto update = world.update("c", {"203.0.113.5/32"}).value();
  EXPECT_TRUE(eventually([&] { return world.gateway().held() > 0; }));
  Status status = world.control().status();
  EXPECT_EQ(status.clusters, 1U);
  EXPECT_EQ(status.updates_in_flight, 1U);
  ASSERT_THAT(status.nodes, SizeIs(2));
  EXPECT_EQ(status.nodes[0].name, "gateway");
  EXPECT_LT(status.nodes[0].acknowledged, status.stored);

  world.gateway().cut("c", 4);
  world.gateway().release();
  world.finished(update);
  EXPECT_TRUE(eventually([&] {
    status = world.control().status();
    return status.nodes[0].acknowledged == status.stored && status.nodes[1].acknowledged == status.stored &&
           status.updates_successful == 1;
  }));
  EXPECT_EQ(status.updates_in_flight, 0U);
  EXPECT_EQ(status.updates_failed, 0U);
  EXPECT_EQ(status.connections_cut, 4U);
}

TEST(EndpointUrl, CarriesThePortOfTheFirstPublicListener) {
  using Side = model::Listener::Side;
  struct Row {
    std::vector<model::Listener> listeners;
    std::string port;
  };
  const std::vector<Row> table = {
      {{listener(Side::kPublic, "203.0.113.1:443")}, ""},
      {{listener(Side::kPrivate, "10.0.0.1:443"), listener(Side::kPublic, "127.0.0.1:8443")}, ":8443"},
      {{listener(Side::kPrivate, "10.0.0.1:9443")}, ":9443"},
      {{}, ""},
  };
  for (const Row& row : table) {
    Settings with = settings();
    with.listeners = row.listeners;
    World world(with);
    model::Cluster cluster;
    cluster.endpoint_id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
    EXPECT_EQ(world.start().endpoint_url(cluster),
              "https://0123456789ABCDEF0123456789ABCDEF.gr1.us-east-1.eks.sallyport.internal" + row.port);
  }
}

TEST(Health, IsStoredWhenItChangesAndOnlyThen) {
  World world;
  world.start();
  world.create("c");
  const model::HealthIssue issue{"ClusterUnreachable", "no server of pool prod answers", {"10.0.0.5:6443"}};
  const auto revision = [&] { return world.store().load().value().revision; };
  const auto before = revision();
  world.control().report_health(ClusterName("c"), {issue});
  EXPECT_EQ(revision(), before.next());
  world.control().report_health(ClusterName("c"), {issue});
  world.control().report_health(ClusterName("none"), {issue});
  EXPECT_EQ(revision(), before.next());
  EXPECT_THAT(world.control().describe_cluster(ClusterName("c"))->health_issues, ElementsAre(issue));
  world.restart();
  EXPECT_THAT(world.control().describe_cluster(ClusterName("c"))->health_issues, ElementsAre(issue));
  world.control().report_health(ClusterName("c"), {});
  EXPECT_THAT(world.control().describe_cluster(ClusterName("c"))->health_issues, IsEmpty());
}

TEST(Pools, ARenewedCaReachesClustersAtTheNextStart) {
  World world;
  world.start();
  EXPECT_EQ(world.create("c").certificate_authority_pem, "PEM");
  world.settings_ref().pools[0].ca_pem = "RENEWED";
  world.restart();
  EXPECT_EQ(world.control().describe_cluster(ClusterName("c"))->certificate_authority_pem, "RENEWED");
}

TEST(NoNodes, PublishingToNobodyIsEnforcement) {
  const base::TestFolder folder;
  auto opened = store::open_sqlite_store(folder / "state.db").value();
  base::SystemClock clock;
  base::SystemEntropy entropy;
  auto control = ControlPlane::start(*opened, clock, entropy, settings(), {}).value();
  CreateClusterRequest request;
  request.name = ClusterName("c");
  for (const auto& [id, subnet] : control->snapshot()->subnets)
    request.subnets.push_back(id);
  request.tags = {{"sallyport.dev/pool", "prod"}};
  ASSERT_TRUE(control->create_cluster(request, caller()));
  EXPECT_TRUE(
      eventually([&] { return control->describe_cluster(ClusterName("c"))->status == ClusterStatus::kActive; }));
}

TEST(FailedNode, IsGivenTheStateAgainUntilItTakesIt) {
  World world;
  std::atomic<int> refusals = 2;
  world.gateway().judge([&](const model::Snapshot&) -> std::optional<base::Error> {
    if (refusals-- <= 0) return std::nullopt;
    return base::Error{base::ErrorKind::kInternal, "not now", {}};
  });
  world.start();
  EXPECT_TRUE(eventually([&] {
    const Status status = world.control().status();
    return !status.nodes[0].error && status.nodes[0].acknowledged == status.stored;
  }));
}

}  // namespace
}  // namespace sallyport::control
