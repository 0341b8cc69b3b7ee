#include "control/test_world.h"

namespace sallyport::control {
namespace {

using namespace test;
using base::ErrorKind;
using model::ClusterName;
using model::ClusterStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::SizeIs;

class CreateCluster : public testing::Test {
 protected:
  CreateCluster() { world_.start(); }

  base::Error refused(const CreateClusterRequest& request) {
    const auto before = world_.store().load().value().revision;
    const auto result = world_.control().create_cluster(request, caller());
    EXPECT_FALSE(result);
    EXPECT_EQ(world_.store().load().value().revision, before) << "a refusal changed the store";
    return result ? base::Error{} : result.error();
  }

  World world_;
};

TEST_F(CreateCluster, FillsInWhatAwsFillsIn) {
  const auto created = world_.control().create_cluster(world_.create_request("my-cluster"), caller());
  ASSERT_TRUE(created) << created.error().message;
  EXPECT_EQ(created->status, ClusterStatus::kCreating);
  EXPECT_EQ(created->arn.str(), "arn:aws:eks:us-east-1:000000000000:cluster/my-cluster");
  EXPECT_EQ(created->creator, caller().principal);
  EXPECT_EQ(created->role_arn.str(), "arn:aws:iam::000000000000:role/eks");
  EXPECT_THAT(created->endpoint_id.str(), MatchesRegex("[0-9A-F]{32}"));
  EXPECT_EQ(created->version, "1.34");
  EXPECT_EQ(created->platform_version, "eks.1");
  EXPECT_EQ(created->service_ipv4_cidr, "10.100.0.0/16");
  EXPECT_EQ(created->pool, model::PoolName("prod"));
  EXPECT_EQ(created->certificate_authority_pem, "PEM");
  EXPECT_TRUE(created->access.public_access);
  EXPECT_FALSE(created->access.private_access);
  EXPECT_THAT(created->access.public_access_cidrs.entries(), ElementsAre(cidr("0.0.0.0/0")));
  EXPECT_FALSE(created->deletion_protection);
  EXPECT_TRUE(created->public_resolves_private);

  const auto inventory = world_.store().load().value();
  EXPECT_EQ(created->vpc_config.vpc, inventory.vpcs[0].id);
  ASSERT_THAT(inventory.security_groups, SizeIs(2));
  const auto& group =
      inventory.security_groups[0].name == "default" ? inventory.security_groups[1] : inventory.security_groups[0];
  EXPECT_EQ(group.id, created->vpc_config.cluster_security_group);
  EXPECT_THAT(group.name, MatchesRegex("eks-cluster-sg-my-cluster-[0-9]+"));
  EXPECT_THAT(group.ingress, SizeIs(2));
  EXPECT_EQ(group.ingress[1].source_cidr, cidr("172.31.0.0/16"));
}

TEST_F(CreateCluster, BecomesActiveOnlyWhenEveryNodeHasIt) {
  world_.dns().hold();
  ASSERT_TRUE(world_.control().create_cluster(world_.create_request("c"), caller()));
  EXPECT_TRUE(
      eventually([&] { return world_.dns().held() > 0 && world_.gateway().last()->find_cluster(ClusterName("c")); }));
  EXPECT_TRUE(world_.is("c", ClusterStatus::kCreating));
  world_.dns().release();
  world_.active("c");
}

TEST_F(CreateCluster, TakesWhatIsGiven) {
  auto request = world_.create_request("c");
  request.version = "1.31";
  request.endpoint_private_access = true;
  request.public_access_cidrs = cidrs({"203.0.113.0/24"});
  request.service_ipv4_cidr = "192.168.0.0/16";
  request.enabled_logs = {{model::LogType::kScheduler, model::LogType::kApi, model::LogType::kApi}};
  request.authentication_mode = model::AuthenticationMode::kApi;
  request.bootstrap_creator_admin = false;
  request.deletion_protection = true;
  request.support_type = "STANDARD";
  const auto created = world_.control().create_cluster(request, caller());
  ASSERT_TRUE(created);
  EXPECT_EQ(created->version, "1.31");
  EXPECT_TRUE(created->access.private_access);
  EXPECT_THAT(created->access.public_access_cidrs.entries(), ElementsAre(cidr("203.0.113.0/24")));
  EXPECT_EQ(created->service_ipv4_cidr, "192.168.0.0/16");
  EXPECT_THAT(created->enabled_logs, ElementsAre(model::LogType::kApi, model::LogType::kScheduler));
  EXPECT_EQ(created->authentication_mode, model::AuthenticationMode::kApi);
  EXPECT_FALSE(created->bootstrap_creator_admin);
  EXPECT_TRUE(created->deletion_protection);
  EXPECT_EQ(created->support_type, "STANDARD");
}

TEST_F(CreateCluster, SurvivesARestart) {
  const auto created = world_.create("c");
  world_.restart();
  EXPECT_EQ(world_.control().describe_cluster(ClusterName("c")), created);
}

TEST_F(CreateCluster, ATakenNameIsInUse) {
  world_.create("c");
  const auto error = refused(world_.create_request("c"));
  EXPECT_EQ(error.kind, ErrorKind::kInUse);
  EXPECT_EQ(error.message, "Cluster already exists with name: c");
}

TEST_F(CreateCluster, TheSameTokenGivesTheFirstAnswerAgain) {
  const auto first = world_.control().create_cluster(world_.create_request("c", "token"), caller());
  ASSERT_TRUE(first);
  world_.active("c");
  const auto revision = world_.store().load().value().revision;
  EXPECT_EQ(world_.control().create_cluster(world_.create_request("c", "token"), caller())->endpoint_id,
            first->endpoint_id);
  world_.restart();
  EXPECT_EQ(world_.control().create_cluster(world_.create_request("c", "token"), caller())->endpoint_id,
            first->endpoint_id);
  EXPECT_EQ(world_.store().load().value().revision, revision);
}

TEST_F(CreateCluster, TheSameTokenWithOtherParametersIsRefused) {
  ASSERT_TRUE(world_.control().create_cluster(world_.create_request("c", "token"), caller()));
  world_.active("c");
  const auto error = refused(world_.create_request("other", "token"));
  EXPECT_EQ(error.kind, ErrorKind::kInvalidParameter);
  EXPECT_THAT(error.message, HasSubstr("clientRequestToken"));
}

TEST_F(CreateCluster, ATokenIsFreeAgainOnceItsClusterIsGone) {
  const auto first = world_.control().create_cluster(world_.create_request("c", "token"), caller());
  world_.active("c");
  ASSERT_TRUE(world_.control().delete_cluster(ClusterName("c"), caller()));
  ASSERT_TRUE(eventually([&] { return world_.is_gone("c"); }));
  const auto second = world_.control().create_cluster(world_.create_request("c", "token"), caller());
  ASSERT_TRUE(second);
  EXPECT_NE(second->endpoint_id, first->endpoint_id);
}

TEST_F(CreateCluster, TakesTheVersionTheApiServersHave) {
  auto request = world_.create_request("c");
  request.version = "1.37";
  EXPECT_EQ(world_.control().create_cluster(request, caller())->version, "1.37");
}

TEST_F(CreateCluster, AVersionNoApiServerHasIsRefused) {
  auto request = world_.create_request("c");
  request.version = "1.12";
  const auto error = refused(request);
  EXPECT_EQ(error.kind, ErrorKind::kInvalidParameter);
  EXPECT_THAT(error.message, HasSubstr("1.23 to 1.99"));
}

TEST_F(CreateCluster, FindsItsPoolByTagElseByName) {
  auto request = world_.create_request("prod");
  request.tags.clear();
  EXPECT_EQ(world_.control().create_cluster(request, caller())->pool, model::PoolName("prod"));
  world_.active("prod");

  request = world_.create_request("other");
  request.tags.clear();
  const auto neither = refused(request);
  EXPECT_EQ(neither.kind, ErrorKind::kInvalidParameter);
  EXPECT_THAT(neither.message, HasSubstr("sallyport.dev/pool="));
  EXPECT_THAT(neither.message, HasSubstr("named 'other'"));

  request.tags = {{"sallyport.dev/pool", "none"}};
  EXPECT_THAT(refused(request).message, HasSubstr("'none'"));
}

TEST_F(CreateCluster, ServiceBlockAvoidsAVpcInTen) {
  Settings with = settings();
  with.default_vpc_cidr = cidr("10.20.0.0/16");
  World in_ten(with);
  in_ten.start();
  EXPECT_EQ(in_ten.create("c").service_ipv4_cidr, "172.20.0.0/16");
}

TEST_F(CreateCluster, ServiceBlockMustBePrivateMiddlingAndApart) {
  for (const char* text :
       {"8.8.0.0/16", "10.0.0.0/8", "10.0.0.0/25", "172.31.0.0/20", "10.0.0.1/16", "nonsense", "fd00::/16"}) {
    auto request = world_.create_request("c");
    request.service_ipv4_cidr = text;
    const auto error = refused(request);
    EXPECT_EQ(error.kind, ErrorKind::kInvalidParameter) << text;
    EXPECT_THAT(error.message, HasSubstr(text));
  }
}

TEST_F(CreateCluster, BadNetworkOrAccessIsRefused) {
  auto request = world_.create_request("c");
  request.subnets.resize(1);
  EXPECT_THAT(refused(request).message, HasSubstr("two different AZs"));

  request = world_.create_request("c");
  request.security_groups = {model::SecurityGroupId("sg-none")};
  EXPECT_THAT(refused(request).message, HasSubstr("sg-none"));

  request = world_.create_request("c");
  request.endpoint_public_access = false;
  EXPECT_EQ(refused(request).kind, ErrorKind::kInvalidParameter);
}

TEST_F(CreateCluster, ReservedBlocksAreRefusedWhenConfigured) {
  Settings with = settings();
  with.refuse_reserved_cidrs = true;
  World strict(with);
  strict.start();
  auto request = strict.create_request("c");
  request.public_access_cidrs = cidrs({"10.0.0.0/8"});
  EXPECT_FALSE(strict.control().create_cluster(request, caller()));
  EXPECT_TRUE(world_.control().create_cluster(request = world_.create_request("c"), caller()));
}

TEST_F(CreateCluster, IPv6GatewayOpensBothFamilies) {
  Settings with = settings();
  with.listeners.push_back(listener(model::Listener::Side::kPublic, "[2001:db8::10]:443"));
  World dual(with);
  dual.start();
  EXPECT_THAT(dual.create("c").access.public_access_cidrs.entries(), ElementsAre(cidr("0.0.0.0/0"), cidr("::/0")));
}

TEST_F(CreateCluster, TheLimitIsCounted) {
  Settings with = settings();
  with.max_clusters = 2;
  World small(with);
  small.start();
  small.create("a");
  small.create("b");
  const auto third = small.control().create_cluster(small.create_request("c"), caller());
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind, ErrorKind::kLimitExceeded);
  ASSERT_TRUE(small.control().delete_cluster(ClusterName("a"), caller()));
  ASSERT_TRUE(eventually([&] { return small.is_gone("a"); }));
  EXPECT_TRUE(small.control().create_cluster(small.create_request("c"), caller()));
}

TEST_F(CreateCluster, IsAudited) {
  world_.create("c");
  const auto events = world_.store().recent_events(10).value();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].action, "eks:CreateCluster");
  EXPECT_EQ(events[0].principal, caller().principal.str());
  EXPECT_EQ(events[0].source_address, "192.0.2.1");
  EXPECT_EQ(events[0].request_id, caller().request_id);
  EXPECT_EQ(events[0].resource, "arn:aws:eks:us-east-1:000000000000:cluster/c");
}

TEST_F(CreateCluster, ListIsInOrderAndPages) {
  for (const char* name : {"b", "a", "d", "c"})
    world_.create(name);
  const auto names = [&](const char* after, std::size_t limit) {
    std::string text;
    const auto from = after == nullptr ? std::nullopt : std::optional(ClusterName(after));
    for (const auto& name : world_.control().list_clusters(from, limit))
      text += name.str();
    return text;
  };
  EXPECT_EQ(names(nullptr, 100), "abcd");
  EXPECT_EQ(names(nullptr, 2), "ab");
  EXPECT_EQ(names("b", 2), "cd");
  EXPECT_EQ(names("bb", 2), "cd");
  EXPECT_EQ(names("d", 2), "");
}

TEST_F(CreateCluster, ManyAtOnceFromManyThreads) {
  std::atomic<int> made = 0;
  std::atomic<int> taken = 0;
  const auto request = world_.create_request("x");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        auto mine = request;
        mine.name = ClusterName("cluster-" + std::to_string(i));
        const auto result = world_.control().create_cluster(mine, caller());
        ++(result ? made : taken);
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(made, 10);
  EXPECT_EQ(taken, 30);
  for (int i = 0; i < 10; ++i)
    world_.active("cluster-" + std::to_string(i));
}

}  // namespace
}  // namespace sallyport::control
