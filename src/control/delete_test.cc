#include "control/test_world.h"

namespace sallyport::control {
namespace {

using namespace test;
using base::ErrorKind;
using model::ClusterName;
using model::ClusterStatus;
using testing::HasSubstr;

const ClusterName kName("c");

class DeleteCluster : public testing::Test {
 protected:
  DeleteCluster() {
    world_.start();
    cluster_ = world_.create("c");
  }
  bool group_is_stored(const model::SecurityGroupId& id) {
    const auto groups = world_.store().load().value().security_groups;
    return std::ranges::find(groups, id, &model::SecurityGroup::id) != groups.end();
  }

  World world_;
  model::Cluster cluster_;
};

TEST_F(DeleteCluster, IsDeletingUntilNodesHaveClosedItThenGoneWithItsGroup) {
  world_.finished(world_.update("c", {"203.0.113.5/32"}).value());
  world_.gateway().hold();
  const auto deleting = world_.control().delete_cluster(kName, caller());
  ASSERT_TRUE(deleting);
  EXPECT_EQ(deleting->status, ClusterStatus::kDeleting);
  // What the update's end published may be held before it.
  EXPECT_TRUE(
      eventually([&] { return world_.gateway().last()->find_cluster(kName)->status == ClusterStatus::kDeleting; }));
  EXPECT_TRUE(world_.is("c", ClusterStatus::kDeleting));

  world_.gateway().release();
  EXPECT_TRUE(eventually([&] { return world_.is_gone("c"); }));
  EXPECT_TRUE(eventually([&] { return world_.gateway().last()->find_cluster(kName) == nullptr; }));
  EXPECT_FALSE(group_is_stored(cluster_.vpc_config.cluster_security_group));
  EXPECT_TRUE(world_.control().list_clusters({}, 10).empty());
  EXPECT_EQ(world_.control().list_updates(kName, {}, 10).error().kind, ErrorKind::kNotFound);
}

TEST_F(DeleteCluster, UnknownNameIsNotFound) {
  const auto result = world_.control().delete_cluster(ClusterName("none"), caller());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(result.error().message, "No cluster found for name: none.");
}

TEST_F(DeleteCluster, ProtectionForbidsIt) {
  world_.finished(world_.update("c", UpdateDeletionProtectionRequest{true}).value());
  const auto result = world_.control().delete_cluster(kName, caller());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalidRequest);
  EXPECT_THAT(result.error().message, HasSubstr("deletionProtection"));
  world_.finished(world_.update("c", UpdateDeletionProtectionRequest{false}).value());
  EXPECT_TRUE(world_.control().delete_cluster(kName, caller()));
}

TEST_F(DeleteCluster, WaitsForCreationAndUpdates) {
  world_.gateway().hold();
  const auto update = world_.update("c", {"203.0.113.5/32"}).value();
  const auto while_updating = world_.control().delete_cluster(kName, caller());
  ASSERT_FALSE(while_updating);
  EXPECT_EQ(while_updating.error().kind, ErrorKind::kInUse);
  EXPECT_THAT(while_updating.error().message, HasSubstr(update.id.str()));

  ASSERT_TRUE(world_.control().create_cluster(world_.create_request("young"), caller()));
  const auto while_creating = world_.control().delete_cluster(ClusterName("young"), caller());
  ASSERT_FALSE(while_creating);
  EXPECT_EQ(while_creating.error().kind, ErrorKind::kInUse);
}

TEST_F(DeleteCluster, AgainIsAnsweredAgainAndForbidsUpdates) {
  world_.gateway().hold();
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  const auto again = world_.control().delete_cluster(kName, caller());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, ClusterStatus::kDeleting);
  const auto update = world_.update("c", {"203.0.113.5/32"});
  ASSERT_FALSE(update);
  EXPECT_EQ(update.error().kind, ErrorKind::kInUse);
}

TEST_F(DeleteCluster, ResumesAfterARestart) {
  world_.gateway().hold();
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  world_.restart();
  EXPECT_TRUE(world_.is("c", ClusterStatus::kDeleting));
  world_.gateway().release();
  EXPECT_TRUE(eventually([&] { return world_.is_gone("c"); }));
}

TEST_F(DeleteCluster, LeavesAGroupThatAnotherClusterUses) {
  auto request = world_.create_request("neighbour");
  request.security_groups = {cluster_.vpc_config.cluster_security_group};
  ASSERT_TRUE(world_.control().create_cluster(request, caller()));
  world_.active("neighbour");
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  ASSERT_TRUE(eventually([&] { return world_.is_gone("c"); }));
  EXPECT_TRUE(group_is_stored(cluster_.vpc_config.cluster_security_group));
}

TEST_F(DeleteCluster, ClustersDeletedTogetherLeaveNoSharedGroup) {
  for (const char* name : {"a", "z"}) {  // before and after the group's owner in the order of names
    auto request = world_.create_request(name);
    request.security_groups = {cluster_.vpc_config.cluster_security_group};
    ASSERT_TRUE(world_.control().create_cluster(request, caller()));
    world_.active(name);
  }
  world_.gateway().hold();
  for (const char* name : {"a", "c", "z"})
    ASSERT_TRUE(world_.control().delete_cluster(ClusterName(name), caller()));
  world_.gateway().release();
  for (const char* name : {"a", "c", "z"})
    ASSERT_TRUE(eventually([&] { return world_.is_gone(name); }));
  EXPECT_FALSE(group_is_stored(cluster_.vpc_config.cluster_security_group));
}

TEST_F(DeleteCluster, LeavesAGroupThatAnUpdateInFlightNames) {
  world_.create("neighbour");
  world_.gateway().hold();
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  // The update stays at its first step, where its cluster does not name the group yet.
  world_.store().set_gate([](store::Store& inner, const store::Transaction& transaction) {
    if (!transaction.events.empty()) return inner.commit(transaction);
    return base::Result<model::Revision>(base::fail(ErrorKind::kUnavailable, "the disk is full"));
  });
  UpdateClusterRequest request;
  request.cluster = ClusterName("neighbour");
  UpdateVpcRequest change;
  change.security_groups = {{cluster_.vpc_config.cluster_security_group}};
  request.change = change;
  const auto update = world_.control().update_cluster(request, caller());
  ASSERT_TRUE(update) << update.error().message;
  world_.gateway().release();
  world_.store().set_gate(nullptr);
  ASSERT_TRUE(eventually([&] { return world_.is_gone("c"); }));
  EXPECT_EQ(world_.finished(*update).status, model::UpdateStatus::kSuccessful);
  EXPECT_TRUE(group_is_stored(cluster_.vpc_config.cluster_security_group));
}

TEST_F(DeleteCluster, TheNameIsFreeAgainWithANewEndpoint) {
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  ASSERT_TRUE(eventually([&] { return world_.is_gone("c"); }));
  EXPECT_NE(world_.create("c").endpoint_id, cluster_.endpoint_id);
}

class Tagging : public DeleteCluster {};

TEST_F(Tagging, AddsReplacesAndRemoves) {
  ASSERT_TRUE(world_.control().tag_cluster(kName, {{"team", "a"}, {"env", "dev"}}, caller()));
  ASSERT_TRUE(world_.control().tag_cluster(kName, {{"team", "b"}}, caller()));
  ASSERT_TRUE(world_.control().untag_cluster(kName, {"env", "never-there"}, caller()));
  const model::Tags expected = {{"sallyport.dev/pool", "prod"}, {"team", "b"}};
  EXPECT_EQ(world_.control().describe_cluster(kName)->tags, expected);
  world_.restart();
  EXPECT_EQ(world_.control().describe_cluster(kName)->tags, expected);
  const auto events = world_.store().recent_events(10).value();
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[0].action, "eks:UntagResource");
  EXPECT_EQ(events[1].action, "eks:TagResource");
}

TEST_F(Tagging, LeavesAnUpdateInFlightAlone) {
  world_.gateway().hold();
  const auto update = world_.update("c", {"203.0.113.5/32"}).value();
  ASSERT_TRUE(world_.control().tag_cluster(kName, {{"team", "a"}}, caller()));
  world_.gateway().release();
  EXPECT_EQ(world_.finished(update).status, model::UpdateStatus::kSuccessful);
  const auto cluster = world_.active("c");
  EXPECT_EQ(cluster.tags.at("team"), "a");
  EXPECT_EQ(cluster.access.public_access_cidrs.entries(), cidrs({"203.0.113.5/32"}));
}

TEST_F(Tagging, HasALimitAndNeedsACluster) {
  model::Tags many;
  for (int i = 0; i < 50; ++i)
    many["key-" + std::to_string(i)] = "v";
  const auto refused = world_.control().tag_cluster(kName, many, caller());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kLimitExceeded);
  many.erase("key-0");
  EXPECT_TRUE(world_.control().tag_cluster(kName, many, caller()));
  EXPECT_EQ(world_.control().tag_cluster(ClusterName("none"), {}, caller()).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(world_.control().untag_cluster(ClusterName("none"), {}, caller()).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace sallyport::control
