#include <gmock/gmock.h>

#include "control/test_world.h"
#include "model/access_entry.h"

namespace sallyport::control {
namespace {

using namespace test;
using base::ErrorKind;
using model::AccessEntry;
using model::AuthenticationMode;
using model::ClusterName;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const ClusterName kName("c");
const model::Arn kRoot("arn:aws:iam::000000000000:root");

// As a user or the session of a role calls.
Caller calling(const std::string& arn, const std::string& id) {
  return {model::Arn(arn), "192.0.2.1", "11111111-2222-4333-8444-555555555555", id};
}
const Caller kAnn = calling("arn:aws:iam::000000000000:user/ops/ann", "AIDA1");
const Caller kSession = calling("arn:aws:sts::000000000000:assumed-role/dev/ann", "AROA1");

class Entries : public testing::Test {
 protected:
  Entries() {
    world_.start();
    model::IamUser ann;
    ann.id = model::IamUserId("AIDA1");
    ann.name = "ann";
    ann.path = "/ops/";
    model::IamRole dev;
    dev.id = model::IamRoleId("AROA1");
    dev.name = "dev";
    dev.path = "/teams/";
    store::Transaction people;
    people.puts = {ann, dev};
    commit(people);
  }
  void commit(const store::Transaction& transaction) {
    const ControlPlane::IdentityPlan plan = [&](const auto&) { return std::optional(transaction); };
    EXPECT_TRUE(world_.control().change_identities(plan, "iam:Test", caller()));
  }
  void forget(const store::EntityId& id) {
    store::Transaction transaction;
    transaction.erases = {id};
    commit(transaction);
  }
  model::Cluster create(const std::string& name, std::optional<AuthenticationMode> mode, std::optional<bool> bootstrap,
                        const Caller& by = caller()) {
    const auto created = try_create(name, mode, bootstrap, by);
    EXPECT_TRUE(created) << created.error().message;
    return world_.active(name);
  }
  base::Result<model::Cluster> try_create(const std::string& name, std::optional<AuthenticationMode> mode,
                                          std::optional<bool> bootstrap, const Caller& by = caller()) {
    CreateClusterRequest request = world_.create_request(name);
    request.authentication_mode = mode;
    request.bootstrap_creator_admin = bootstrap;
    return world_.control().create_cluster(request, by);
  }
  // In memory and in the store, which must agree.
  std::vector<AccessEntry> entries(const std::string& name = "c") {
    const auto copies = [&](const model::IdentityObjects& objects) {
      std::vector<AccessEntry> found;
      for (const AccessEntry* entry : model::entries_of(objects, ClusterName(name)))
        found.push_back(*entry);
      return found;
    };
    std::vector<AccessEntry> known;
    world_.control().read_identities([&](const model::IdentityObjects& objects) { known = copies(objects); });
    EXPECT_EQ(known, copies(world_.store().load().value().identities));
    return known;
  }
  base::Status add(const std::string& principal, const std::string& name = "c") {
    const ControlPlane::EntryPlan plan = [&](const model::Cluster& cluster, const model::IdentityObjects&) {
      AccessEntry entry;
      entry.cluster = cluster.name;
      entry.principal = model::Arn(principal);
      entry.id = model::access_entry_id(entry.cluster, entry.principal);
      store::Transaction transaction;
      transaction.puts.emplace_back(entry);
      return std::optional(transaction);
    };
    return world_.control().change_entries(ClusterName(name), plan, "eks:CreateAccessEntry", caller());
  }
  std::optional<base::Error> refused_update(AuthenticationMode mode) {
    const auto update = world_.update("c", UpdateAuthenticationModeRequest{mode});
    return update ? std::nullopt : std::optional(update.error());
  }

  World world_;
};

TEST_F(Entries, TheCreatorAdministersTheCluster) {
  create("c", std::nullopt, std::nullopt);
  const auto made = entries();
  ASSERT_THAT(made, SizeIs(1));
  EXPECT_EQ(made[0].principal, kRoot);
  EXPECT_EQ(made[0].principal_id, "");
  EXPECT_EQ(made[0].type, "STANDARD");
  EXPECT_THAT(made[0].uuid, testing::MatchesRegex("[0-9a-f-]{36}"));
  ASSERT_THAT(made[0].policies, SizeIs(1));
  EXPECT_EQ(made[0].policies[0].policy.str(), "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy");
  EXPECT_TRUE(made[0].policies[0].scope.whole_cluster);
}

TEST_F(Entries, OfACreatingSessionAreOfItsRole) {
  create("c", AuthenticationMode::kApi, true, kSession);
  create("d", AuthenticationMode::kApiAndConfigMap, true, kAnn);
  ASSERT_THAT(entries(), SizeIs(1));
  EXPECT_EQ(entries()[0].principal.str(), "arn:aws:iam::000000000000:role/teams/dev");
  EXPECT_EQ(entries()[0].principal_id, "AROA1");
  ASSERT_THAT(entries("d"), SizeIs(1));
  EXPECT_EQ(entries("d")[0].principal.str(), "arn:aws:iam::000000000000:user/ops/ann");
  EXPECT_EQ(entries("d")[0].principal_id, "AIDA1");
}

TEST_F(Entries, AreNotMadeWhereTheCreatorDoesNotWantThem) {
  create("c", AuthenticationMode::kApi, false);
  EXPECT_THAT(entries(), IsEmpty());
  create("d", AuthenticationMode::kConfigMap, std::nullopt);
  EXPECT_THAT(entries("d"), IsEmpty());
  const auto refused = try_create("e", AuthenticationMode::kConfigMap, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidParameter);
  EXPECT_THAT(refused.error().message, HasSubstr("bootstrapClusterCreatorAdminPermissions must be true if cluster "
                                                 "authentication mode is set to CONFIG_MAP"));
}

TEST_F(Entries, NobodyWhoIsGoneBecomesAnAdministrator) {
  forget(model::IamUserId("AIDA1"));
  EXPECT_EQ(try_create("c", std::nullopt, std::nullopt, kAnn).error().kind, ErrorKind::kUnauthenticated);
  EXPECT_TRUE(world_.is_gone("c"));
}

TEST_F(Entries, AreMadeOnceWithTheClusterOfAToken) {
  const auto request = world_.create_request("c", "token");
  ASSERT_TRUE(world_.control().create_cluster(request, caller()));
  world_.active("c");
  const auto made = entries();
  ASSERT_TRUE(world_.control().create_cluster(request, caller()));
  EXPECT_EQ(entries(), made);
}

TEST_F(Entries, EndWithTheCluster) {
  create("c", std::nullopt, std::nullopt);
  create("c-2", std::nullopt, std::nullopt);
  ASSERT_TRUE(add("arn:aws:iam::000000000000:role/teams/dev"));
  ASSERT_THAT(entries(), SizeIs(2));
  world_.gateway().hold();
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  const auto late = add("arn:aws:iam::000000000000:user/ops/ann");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kInvalidRequest);
  EXPECT_THAT(entries(), SizeIs(2)) << "until the nodes have closed it";
  world_.gateway().release();
  ASSERT_TRUE(eventually([&] { return world_.is_gone("c"); }));
  EXPECT_THAT(entries(), IsEmpty());
  EXPECT_THAT(entries("c-2"), SizeIs(1));
  EXPECT_EQ(add("arn:aws:iam::000000000000:user/ops/ann").error().kind, ErrorKind::kNotFound);

  create("c", AuthenticationMode::kApi, false);
  EXPECT_THAT(entries(), IsEmpty()) << "a later cluster of the name has none of them";
}

TEST_F(Entries, OutliveARestartAndEndWithADeleteThatItResumes) {
  create("c", std::nullopt, std::nullopt);
  ASSERT_TRUE(add("arn:aws:iam::000000000000:role/teams/dev"));
  world_.gateway().hold();
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  world_.restart();
  EXPECT_THAT(entries(), SizeIs(2));
  world_.gateway().release();
  ASSERT_TRUE(eventually([&] { return world_.is_gone("c"); }));
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(Entries, TheModeGoesOneWayAStepAtATime) {
  using Mode = AuthenticationMode;
  create("c", Mode::kConfigMap, true, kAnn);
  for (const Mode wrong : {Mode::kApi, Mode::kConfigMap}) {
    const auto refused = refused_update(wrong);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->kind, ErrorKind::kInvalidParameter);
    EXPECT_THAT(refused->message, HasSubstr("Unsupported authentication mode update from CONFIG_MAP to "));
  }
  const auto first = world_.update("c", UpdateAuthenticationModeRequest{Mode::kApiAndConfigMap}).value();
  EXPECT_EQ(model::type_of(first.change), "AccessConfigUpdate");
  EXPECT_EQ(world_.finished(first).status, model::UpdateStatus::kSuccessful);
  EXPECT_EQ(world_.active("c").authentication_mode, Mode::kApiAndConfigMap);
  const auto made = entries();
  ASSERT_THAT(made, SizeIs(1)) << "the creator stays in";
  EXPECT_EQ(made[0].principal_id, "AIDA1");

  EXPECT_TRUE(refused_update(Mode::kConfigMap));
  EXPECT_TRUE(refused_update(Mode::kApiAndConfigMap));
  EXPECT_EQ(world_.finished(world_.update("c", UpdateAuthenticationModeRequest{Mode::kApi}).value()).status,
            model::UpdateStatus::kSuccessful);
  EXPECT_EQ(world_.active("c").authentication_mode, Mode::kApi);
  EXPECT_EQ(entries(), made);
  for (const Mode back : {Mode::kApi, Mode::kConfigMap, Mode::kApiAndConfigMap})
    EXPECT_TRUE(refused_update(back));
}

TEST_F(Entries, ACreatorWhoIsGoneStaysOutWhenTheModeChanges) {
  create("c", AuthenticationMode::kConfigMap, true, kAnn);
  forget(model::IamUserId("AIDA1"));
  model::IamUser other;
  other.id = model::IamUserId("AIDA2");
  other.name = "ann";
  other.path = "/ops/";
  store::Transaction made_again;
  made_again.puts = {other};
  commit(made_again);
  world_.finished(world_.update("c", UpdateAuthenticationModeRequest{AuthenticationMode::kApiAndConfigMap}).value());
  EXPECT_THAT(entries(), IsEmpty()) << "another of the same ARN is not the creator";
}

TEST_F(Entries, AModeUpdateResumesAfterARestart) {
  create("c", AuthenticationMode::kConfigMap, true, kSession);
  world_.gateway().hold();
  const auto update = world_.update("c", UpdateAuthenticationModeRequest{AuthenticationMode::kApiAndConfigMap}).value();
  ASSERT_TRUE(eventually([&] { return world_.describe(update).step == model::UpdateStep::kPublished; }));
  world_.restart();
  EXPECT_EQ(world_.describe(update).status, model::UpdateStatus::kInProgress);
  world_.gateway().release();
  EXPECT_EQ(world_.finished(update).status, model::UpdateStatus::kSuccessful);
  EXPECT_EQ(world_.active("c").authentication_mode, AuthenticationMode::kApiAndConfigMap);
  ASSERT_THAT(entries(), SizeIs(1));
  EXPECT_EQ(entries()[0].principal_id, "AROA1");
}

TEST_F(Entries, AFailedModeUpdateGivesThePreviousModeBackAndMayBeTriedAgain) {
  create("c", AuthenticationMode::kConfigMap, true);
  world_.gateway().judge([](const model::Snapshot& snapshot) -> std::optional<base::Error> {
    const auto* cluster = snapshot.find_cluster(kName);
    if (cluster == nullptr || cluster->authentication_mode == AuthenticationMode::kConfigMap) return std::nullopt;
    return base::Error{ErrorKind::kInternal, "no", ""};
  });
  const UpdateAuthenticationModeRequest request{AuthenticationMode::kApiAndConfigMap};
  EXPECT_EQ(world_.finished(world_.update("c", request).value()).status, model::UpdateStatus::kFailed);
  EXPECT_EQ(world_.active("c").authentication_mode, AuthenticationMode::kConfigMap);
  const auto waiting = entries();
  world_.gateway().judge(nullptr);
  EXPECT_EQ(world_.finished(world_.update("c", request).value()).status, model::UpdateStatus::kSuccessful);
  EXPECT_THAT(entries(), SizeIs(1));
  EXPECT_EQ(entries(), waiting);
}

TEST_F(Entries, TheirChangesAreAudited) {
  create("c", std::nullopt, std::nullopt);
  ASSERT_TRUE(add("arn:aws:iam::000000000000:role/teams/dev"));
  const auto events = world_.store().recent_events(1).value();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].action, "eks:CreateAccessEntry");
  EXPECT_EQ(events[0].resource, "arn:aws:eks:us-east-1:000000000000:cluster/c");
}

}  // namespace
}  // namespace sallyport::control
