#include "control/test_world.h"

namespace sallyport::control {
namespace {

using namespace test;
using base::ErrorKind;
using model::ClusterName;
using model::ClusterStatus;
using model::UpdateStatus;
using model::UpdateStep;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const ClusterName kName("c");

class UpdateCluster : public testing::Test {
 protected:
  UpdateCluster() {
    world_.start();
    world_.create("c");
  }
  model::Cluster cluster() { return world_.control().describe_cluster(kName).value(); }
  std::vector<model::Cidr> blocks() { return cluster().access.public_access_cidrs.entries(); }

  World world_;
};

TEST_F(UpdateCluster, TheSeedCommandSucceeds) {
  UpdateAccessRequest access;
  access.endpoint_public_access = true;
  access.public_access_cidrs = cidrs({"203.0.113.5/32"});
  access.endpoint_private_access = true;
  const auto accepted = world_.update("c", access);
  ASSERT_TRUE(accepted) << accepted.error().message;
  EXPECT_EQ(accepted->status, UpdateStatus::kInProgress);
  EXPECT_EQ(model::type_of(accepted->change), "EndpointAccessUpdate");

  const auto done = world_.finished(*accepted);
  EXPECT_EQ(done.status, UpdateStatus::kSuccessful);
  EXPECT_EQ(done.step, UpdateStep::kDone);
  EXPECT_THAT(done.errors, IsEmpty());
  EXPECT_TRUE(done.finished_at);
  const auto after = world_.active("c");
  EXPECT_TRUE(after.access.public_access);
  EXPECT_TRUE(after.access.private_access);
  EXPECT_THAT(after.access.public_access_cidrs.entries(), ElementsAre(cidr("203.0.113.5/32")));
}

TEST_F(UpdateCluster, IsNotSuccessfulBeforeEveryNodeAcknowledged) {
  world_.gateway().hold();
  const auto update = world_.update("c", {"203.0.113.5/32"}).value();
  EXPECT_TRUE(eventually([&] { return world_.describe(update).step == UpdateStep::kPublished; }));
  const auto published = world_.describe(update);
  ASSERT_TRUE(published.revision);
  EXPECT_TRUE(eventually([&] { return world_.dns().enforced() >= *published.revision; }));

  // Other commits come and go; the withheld acknowledgement still decides.
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(world_.control().tag_cluster(kName, {{"i", std::to_string(i)}}, caller()));
  }
  EXPECT_TRUE(eventually([&] { return world_.dns().enforced() > *published.revision; }));
  EXPECT_EQ(world_.describe(update).status, UpdateStatus::kInProgress);
  EXPECT_TRUE(world_.is("c", ClusterStatus::kUpdating));
  EXPECT_LT(world_.gateway().enforced(), *published.revision);

  world_.gateway().release();
  EXPECT_EQ(world_.finished(update).status, UpdateStatus::kSuccessful);
  EXPECT_GE(world_.gateway().enforced(), *published.revision);
  world_.active("c");
}

TEST_F(UpdateCluster, SnapshotOfItsRevisionHasTheTarget) {
  const auto done = world_.finished(world_.update("c", {"203.0.113.5/32"}).value());
  for (const auto& snapshot : world_.gateway().seen()) {
    const auto* seen = snapshot->find_cluster(kName);
    if (seen == nullptr) continue;
    const bool has_target = seen->access.public_access_cidrs.entries() == cidrs({"203.0.113.5/32"});
    EXPECT_EQ(has_target, snapshot->revision >= *done.revision);
  }
}

TEST_F(UpdateCluster, CountsConnectionsCutSincePublication) {
  world_.gateway().cut("c", 100);  // goes out with an earlier acknowledgement
  ASSERT_TRUE(world_.control().tag_cluster(kName, {{"a", "b"}}, caller()));
  EXPECT_TRUE(eventually([&] { return world_.control().status().connections_cut == 100; }));

  world_.gateway().hold();
  const auto update = world_.update("c", {"203.0.113.5/32"}).value();
  EXPECT_TRUE(eventually([&] { return world_.describe(update).step == UpdateStep::kPublished; }));
  const auto target = *world_.describe(update).revision;
  EXPECT_TRUE(eventually([&] { return world_.gateway().last()->revision >= target; }));
  world_.dns().cut("c", 2);
  ASSERT_TRUE(world_.control().tag_cluster(kName, {{"a", "c"}}, caller()));
  EXPECT_TRUE(eventually([&] { return world_.control().status().connections_cut == 102; }));
  world_.gateway().cut("c", 3, target);
  world_.gateway().cut("someone-else", 9, target);
  world_.gateway().release();

  const auto done = world_.finished(update);
  EXPECT_EQ(done.status, UpdateStatus::kSuccessful);
  EXPECT_EQ(done.connections_cut, 5U);
}

TEST_F(UpdateCluster, ASecondOneIsInUseNamingTheFirst) {
  world_.gateway().hold();
  const auto first = world_.update("c", {"203.0.113.5/32"}).value();
  const auto second = world_.update("c", {"203.0.113.6/32"});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kInUse);
  EXPECT_THAT(second.error().message, HasSubstr(first.id.str()));
  world_.gateway().release();
  world_.finished(first);
  EXPECT_TRUE(world_.update("c", {"203.0.113.6/32"}));
}

TEST_F(UpdateCluster, ACreatingClusterIsInUse) {
  world_.gateway().hold();
  ASSERT_TRUE(world_.control().create_cluster(world_.create_request("young"), caller()));
  const auto update = world_.update("young", {"203.0.113.5/32"});
  ASSERT_FALSE(update);
  EXPECT_EQ(update.error().kind, ErrorKind::kInUse);
  EXPECT_THAT(update.error().message, HasSubstr("CREATING"));
}

TEST_F(UpdateCluster, SameTokenGivesTheFirstAnswerAgain) {
  const auto first = world_.update("c", {"203.0.113.5/32"}, "token").value();
  EXPECT_EQ(world_.update("c", {"203.0.113.5/32"}, "token")->id, first.id);
  world_.finished(first);
  EXPECT_EQ(world_.update("c", {"203.0.113.5/32"}, "token")->id, first.id);
  world_.restart();
  EXPECT_EQ(world_.update("c", {"203.0.113.5/32"}, "token")->id, first.id);
  EXPECT_THAT(world_.control().list_updates(kName, {}, 100)->updates, SizeIs(1));

  UpdateAccessRequest other;
  other.public_access_cidrs = cidrs({"203.0.113.6/32"});
  const auto clash = world_.update("c", other, "token", "other hash");
  ASSERT_FALSE(clash);
  EXPECT_EQ(clash.error().kind, ErrorKind::kInvalidParameter);
  EXPECT_THAT(clash.error().message, HasSubstr("clientRequestToken"));
}

TEST_F(UpdateCluster, RefusalsChangeNothing) {
  const auto before = world_.store().load().value().revision;
  UpdateAccessRequest off;
  off.endpoint_public_access = false;
  EXPECT_EQ(world_.update("c", off).error().kind, ErrorKind::kInvalidParameter);
  EXPECT_THAT(world_.update("c", {"0.0.0.0/0"}).error().message, HasSubstr("already at the desired configuration"));
  EXPECT_EQ(world_.update("none", {"203.0.113.5/32"}).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(world_.control().describe_update(kName, model::UpdateId("none")).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(world_.control().describe_update(ClusterName("none"), model::UpdateId("u")).error().kind,
            ErrorKind::kNotFound);
  EXPECT_EQ(world_.store().load().value().revision, before);
  EXPECT_TRUE(world_.is("c", ClusterStatus::kActive));
}

TEST_F(UpdateCluster, AFailingNodeRollsItBack) {
  world_.gateway().judge([](const model::Snapshot& snapshot) -> std::optional<base::Error> {
    const auto* cluster = snapshot.find_cluster(kName);
    if (cluster == nullptr || cluster->access.public_access_cidrs.entries() != cidrs({"203.0.113.5/32"})) return {};
    return base::Error{ErrorKind::kInternal, "filter table is full", {}};
  });
  const auto done = world_.finished(world_.update("c", {"203.0.113.5/32"}).value());
  EXPECT_EQ(done.status, UpdateStatus::kFailed);
  ASSERT_THAT(done.errors, SizeIs(1));
  EXPECT_EQ(done.errors[0].code, "Unknown");
  EXPECT_THAT(done.errors[0].message, HasSubstr("gateway could not enforce the new setting: filter table is full"));
  EXPECT_TRUE(done.finished_at);
  const auto after = world_.active("c");
  EXPECT_THAT(after.access.public_access_cidrs.entries(), ElementsAre(cidr("0.0.0.0/0")));
  EXPECT_GE(world_.gateway().enforced(), *done.revision);
  EXPECT_TRUE(eventually([&] { return world_.control().status().updates_failed == 1U; }));
  EXPECT_EQ(world_.finished(world_.update("c", {"203.0.113.6/32"}).value()).status, UpdateStatus::kSuccessful);
}

TEST_F(UpdateCluster, RollingBackWaitsForTheNodesToo) {
  world_.gateway().judge([](const model::Snapshot& snapshot) -> std::optional<base::Error> {
    if (snapshot.find_cluster(kName)->access.public_access_cidrs.entries() == cidrs({"0.0.0.0/0"})) return {};
    return base::Error{ErrorKind::kInternal, "no", {}};
  });
  world_.dns().hold();
  const auto update = world_.update("c", {"203.0.113.5/32"}).value();
  EXPECT_TRUE(eventually([&] { return world_.describe(update).step == UpdateStep::kRollingBack; }));
  EXPECT_THAT(blocks(), ElementsAre(cidr("0.0.0.0/0")));
  EXPECT_TRUE(world_.is("c", ClusterStatus::kUpdating));
  world_.dns().release();
  EXPECT_EQ(world_.finished(update).status, UpdateStatus::kFailed);
}

TEST_F(UpdateCluster, EveryChangeOfTheRestGoesTheSameWay) {
  const auto subnets = world_.subnets();
  UpdateVpcRequest vpc;
  vpc.subnets = {subnets[0], subnets[1]};
  auto done = world_.finished(world_.update("c", vpc).value());
  EXPECT_EQ(done.status, UpdateStatus::kSuccessful);
  EXPECT_EQ(model::type_of(done.change), "VpcConfigUpdate");
  EXPECT_EQ(cluster().vpc_config.subnets, *vpc.subnets);

  done = world_.finished(
      world_.update("c", UpdateLoggingRequest{{{model::LogType::kScheduler, true}, {model::LogType::kApi, true}}})
          .value());
  EXPECT_EQ(model::type_of(done.change), "LoggingUpdate");
  EXPECT_THAT(cluster().enabled_logs, ElementsAre(model::LogType::kApi, model::LogType::kScheduler));
  done = world_.finished(world_.update("c", UpdateLoggingRequest{{{model::LogType::kApi, false}}}).value());
  EXPECT_THAT(cluster().enabled_logs, ElementsAre(model::LogType::kScheduler));

  done = world_.finished(world_.update("c", UpdateDeletionProtectionRequest{true}).value());
  EXPECT_EQ(model::type_of(done.change), "DeletionProtectionUpdate");
  EXPECT_TRUE(cluster().deletion_protection);
  EXPECT_TRUE(world_.control().snapshot()->find_cluster(kName)->deletion_protection);
}

TEST_F(UpdateCluster, TheRestRefusesWhatChangesNothingOrDoesNotExist) {
  UpdateVpcRequest vpc;
  EXPECT_THAT(world_.update("c", vpc).error().message, HasSubstr("already at the desired configuration"));
  vpc.security_groups = {{model::SecurityGroupId("sg-none")}};
  EXPECT_THAT(world_.update("c", vpc).error().message, HasSubstr("sg-none"));
  vpc.security_groups.reset();
  vpc.subnets = {world_.subnets()[0]};
  EXPECT_THAT(world_.update("c", vpc).error().message, HasSubstr("two different AZs"));
  EXPECT_EQ(world_.update("c", UpdateLoggingRequest{}).error().message,
            "No changes needed for the logging config provided");
  EXPECT_THAT(world_.update("c", UpdateDeletionProtectionRequest{false}).error().message,
              HasSubstr("deletionProtection: false"));
}

TEST_F(UpdateCluster, SubnetsOfAnotherVpcAreRefused) {
  world_.stop();
  world_.open_store();
  model::Vpc other;
  other.id = model::VpcId("vpc-0000000000000000b");
  other.cidr_blocks = {cidr("10.8.0.0/16")};
  store::Transaction transaction;
  transaction.puts.emplace_back(other);
  for (const char* zone : {"a", "b"}) {
    transaction.puts.emplace_back(model::Subnet{model::SubnetId(std::string("subnet-other-") + zone),
                                                other.id,
                                                cidr(*zone == 'a' ? "10.8.0.0/20" : "10.8.16.0/20"),
                                                std::string("us-east-1") + zone,
                                                false,
                                                false,
                                                {}});
  }
  ASSERT_TRUE(world_.store().commit(transaction));
  world_.start();
  UpdateVpcRequest vpc;
  vpc.subnets = {model::SubnetId("subnet-other-a"), model::SubnetId("subnet-other-b")};
  EXPECT_THAT(world_.update("c", vpc).error().message, HasSubstr("cannot move"));
}

TEST_F(UpdateCluster, ListsNewestFirstAndAudits) {
  std::vector<model::UpdateId> ids;
  for (const char* block : {"203.0.113.1/32", "203.0.113.2/32", "203.0.113.3/32"}) {
    ids.push_back(world_.finished(world_.update("c", {block}).value()).id);
  }
  const auto page = world_.control().list_updates(kName, {}, 2).value();
  ASSERT_THAT(page.updates, SizeIs(2));
  EXPECT_EQ(page.updates[0].id, ids[2]);
  EXPECT_EQ(page.updates[1].id, ids[1]);
  ASSERT_TRUE(page.next);
  EXPECT_EQ(world_.control().list_updates(kName, page.next, 2)->updates[0].id, ids[0]);
  EXPECT_EQ(world_.store().recent_events(1).value()[0].action, "eks:UpdateClusterConfig");
}

TEST_F(UpdateCluster, ALegacyClusterResolvesPrivatelyForGoodOncePublicWasTurnedOff) {
  auto legacy = cluster();
  world_.stop();
  world_.open_store();
  legacy.public_resolves_private = false;
  legacy.access.public_access = false;
  legacy.access.private_access = true;
  store::Transaction import;
  import.puts.emplace_back(legacy);
  ASSERT_TRUE(world_.store().commit(import));
  world_.start();

  UpdateAccessRequest access;
  access.endpoint_public_access = true;
  world_.finished(world_.update("c", access).value());
  EXPECT_FALSE(cluster().public_resolves_private);
  access.endpoint_public_access = false;
  world_.finished(world_.update("c", access).value());
  EXPECT_TRUE(cluster().public_resolves_private);
  access.endpoint_public_access = true;
  world_.finished(world_.update("c", access).value());
  EXPECT_TRUE(cluster().public_resolves_private);
}

TEST_F(UpdateCluster, LeavingOutTheVpcsEgressIsWarnedOf) {
  world_.stop();
  world_.open_store();
  auto vpc = world_.store().load().value().vpcs[0];
  vpc.egress_addresses = {base::IpAddress::parse("198.51.100.7").value()};
  store::Transaction transaction;
  transaction.puts.emplace_back(vpc);
  ASSERT_TRUE(world_.store().commit(transaction));
  world_.start();
  const auto leaving_out = world_.finished(world_.update("c", {"203.0.113.5/32"}).value());
  ASSERT_THAT(leaving_out.warnings, Not(IsEmpty()));
  EXPECT_THAT(leaving_out.warnings[0], HasSubstr("198.51.100.7"));
  EXPECT_THAT(world_.finished(world_.update("c", {"203.0.113.5/32", "198.51.100.7/32"}).value()).warnings, IsEmpty());
}

TEST_F(UpdateCluster, ResumesAfterARestartAtEveryStep) {
  world_.gateway().hold();
  const auto update = world_.update("c", {"203.0.113.5/32"}).value();
  EXPECT_TRUE(eventually([&] { return world_.describe(update).step == UpdateStep::kPublished; }));
  world_.restart();
  EXPECT_EQ(world_.describe(update).status, UpdateStatus::kInProgress);
  EXPECT_THAT(blocks(), ElementsAre(cidr("203.0.113.5/32")));
  world_.gateway().cut("c", 2);
  world_.gateway().release();
  const auto done = world_.finished(update);
  EXPECT_EQ(done.status, UpdateStatus::kSuccessful);
  world_.active("c");
  EXPECT_THAT(world_.control().list_updates(kName, {}, 100)->updates, SizeIs(1));
}

TEST(AcknowledgeTime, PassedRollsBackAndEndsEvenWhenTheNodeNeverAnswers) {
  Settings with = settings();
  with.acknowledge_time = 30ms;
  World world(with);
  world.start();
  world.create("c");
  world.dns().hold();
  const auto done = world.finished(world.update("c", {"203.0.113.5/32"}).value());
  EXPECT_EQ(done.status, UpdateStatus::kFailed);
  ASSERT_THAT(done.errors, SizeIs(2));
  EXPECT_THAT(done.errors[0].message, HasSubstr("within 30 ms"));
  EXPECT_THAT(done.errors[1].message, HasSubstr("not every node has confirmed"));
  EXPECT_THAT(world.active("c").access.public_access_cidrs.entries(), ElementsAre(cidr("0.0.0.0/0")));
}

TEST(ManyUpdates, OfManyClustersGoTogether) {
  World world;
  world.start();
  std::vector<model::Update> updates;
  for (int i = 0; i < 80; ++i)
    world.create("c" + std::to_string(i));
  world.gateway().hold();
  for (int i = 0; i < 80; ++i)
    updates.push_back(world.update("c" + std::to_string(i), {"203.0.113.5/32"}).value());
  EXPECT_EQ(world.control().status().updates_in_flight, 80U);
  world.gateway().release();
  for (const auto& update : updates)
    EXPECT_EQ(world.finished(update).status, UpdateStatus::kSuccessful);
  // Counted a moment after they can be seen to have ended.
  EXPECT_TRUE(eventually([&] { return world.control().status().updates_successful == 80U; }));
}

}  // namespace
}  // namespace sallyport::control
