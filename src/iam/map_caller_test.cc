#include "iam/map_caller.h"

#include <gtest/gtest.h>

#include "iam/test_people.h"

namespace sallyport::iam {
namespace {

using testing_people::kAccount;
using testing_people::kNow;
using testing_people::People;
using testing_people::put;
using namespace std::chrono_literals;

class MapCallerTest : public testing::Test {
 protected:
  auto map(const Principal& principal, const std::string& key = "AKIAANN") {
    return map_caller(people_.cluster, people_.identities, {principal, key});
  }
  std::optional<TokenRefusal> refusal(const Principal& principal) {
    const auto user = map(principal);
    return user ? std::nullopt : std::optional(user.error());
  }
  static std::string extra(const wire::KubernetesUser& user, std::string_view name) {
    for (const auto& [key, value] : user.extra) {
      if (key == name) return value;
    }
    return "none";
  }

  People people_;
};

TEST_F(MapCallerTest, AUserIsWhomItsEntrySays) {
  model::AccessEntry entry = people_.ann_entry();
  entry.username = "ann of {{AccountID}} by {{AccessKeyID}}";
  entry.groups = {"dev", "ops"};
  put(people_.identities, entry);
  const auto user = map(people_.ann_principal());
  ASSERT_TRUE(user);
  EXPECT_EQ(user->username, "ann of 000000000000 by AKIAANN");
  EXPECT_EQ(user->groups, entry.groups);
  EXPECT_EQ(user->uid, "aws-iam-authenticator:000000000000:AIDAANN");
  EXPECT_EQ(extra(*user, "arn"), "arn:aws:iam::000000000000:user/ann");
  EXPECT_EQ(extra(*user, "canonicalArn"), "arn:aws:iam::000000000000:user/ann");
  EXPECT_EQ(extra(*user, "principalId"), "AIDAANN");
  EXPECT_EQ(extra(*user, "sessionName"), "");
  EXPECT_EQ(extra(*user, "accessKeyId"), "AKIAANN");
  EXPECT_EQ(extra(*user, "sigs.k8s.io/aws-iam-authenticator/principalId"), "AIDAANN");
}

TEST_F(MapCallerTest, ASessionIsItsRolesWithItsName) {
  model::AccessEntry entry = people_.ops_entry();
  entry.username = "ops:{{SessionName}} {{SessionNameRaw}} {{Session}} {{";
  put(people_.identities, entry);
  const auto user = map(people_.ops_session("ann@example.com"));
  ASSERT_TRUE(user);
  EXPECT_EQ(user->username, "ops:ann-example.com ann@example.com {{Session}} {{");
  EXPECT_EQ(extra(*user, "arn"), "arn:aws:sts::000000000000:assumed-role/ops/ann@example.com");
  EXPECT_EQ(extra(*user, "canonicalArn"), "arn:aws:iam::000000000000:role/team/ops");
  EXPECT_EQ(extra(*user, "principalId"), "AROAOPS");
  EXPECT_EQ(extra(*user, "sessionName"), "ann@example.com");
}

TEST_F(MapCallerTest, ASessionNameIsNeverFilledInAgain) {
  model::AccessEntry entry = people_.ops_entry();
  entry.username = "{{SessionNameRaw}}";
  CallerNames names{.canonical_arn = entry.principal, .principal_id = "AROAOPS", .session = "{{AccountID}}"};
  EXPECT_EQ(username_of(entry, names, kAccount, "AKIA"), "{{AccountID}}");
}

TEST_F(MapCallerTest, RootHasAnEntryWithoutAnId) {
  EXPECT_EQ(refusal(people_.root.principal), TokenRefusal::kNoEntry);
  put(people_.identities, people_.entry_of(people_.root.principal.arn, ""));
  const auto user = map(people_.root.principal);
  ASSERT_TRUE(user);
  EXPECT_EQ(user->uid, "aws-iam-authenticator:000000000000:000000000000");
}

TEST_F(MapCallerTest, NobodyWithoutAnEntryOfThisCluster) {
  EXPECT_EQ(refusal(people_.ann_principal()), TokenRefusal::kNoEntry);
  put(people_.identities, people_.ops_entry());
  EXPECT_EQ(refusal(people_.ann_principal()), TokenRefusal::kNoEntry);
  model::AccessEntry elsewhere = people_.ann_entry();
  elsewhere.id = model::access_entry_id(model::ClusterName("demo2"), elsewhere.principal);
  put(people_.identities, elsewhere);
  EXPECT_EQ(refusal(people_.ann_principal()), TokenRefusal::kNoEntry);
}

TEST_F(MapCallerTest, AnEntryOfAnEarlierUserOfTheNameIsNobodys) {
  model::AccessEntry entry = people_.ann_entry();
  entry.principal_id = "AIDAEARLIER";
  put(people_.identities, entry);
  EXPECT_EQ(refusal(people_.ann_principal()), TokenRefusal::kOtherEntry);
  entry.principal_id.clear();
  put(people_.identities, entry);
  EXPECT_EQ(refusal(people_.ann_principal()), TokenRefusal::kOtherEntry);
}

TEST_F(MapCallerTest, NodesHaveNoInstances) {
  for (const char* type : {"EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "EC2"}) {
    model::AccessEntry entry = people_.ops_entry();
    entry.type = type;
    entry.username = "system:node:{{EC2PrivateDNSName}}";
    put(people_.identities, entry);
    EXPECT_EQ(refusal(people_.ops_session("i-0123456789abcdef0")), TokenRefusal::kNodeEntry) << type;
  }
}

class ConfigMapModeTest : public MapCallerTest {
 protected:
  ConfigMapModeTest() {
    people_.cluster.authentication_mode = model::AuthenticationMode::kConfigMap;
    people_.cluster.bootstrap_creator_admin = true;
  }
};

TEST_F(ConfigMapModeTest, TheCreatorIsAdministrator) {
  const auto user = map(people_.root.principal);
  ASSERT_TRUE(user);
  EXPECT_EQ(user->username, "kubernetes-admin");
  EXPECT_EQ(user->groups, std::vector<std::string>{"system:masters"});
  people_.cluster.creator = people_.ann_principal().arn;
  people_.cluster.creator_id = people_.ann.id.str();
  EXPECT_TRUE(map(people_.ann_principal()));
  EXPECT_EQ(refusal(people_.root.principal), TokenRefusal::kNoEntry);
  people_.cluster.bootstrap_creator_admin = false;
  EXPECT_EQ(refusal(people_.ann_principal()), TokenRefusal::kNoEntry);
}

TEST_F(ConfigMapModeTest, EntriesAreNotInForce) {
  put(people_.identities, people_.ann_entry());
  EXPECT_EQ(refusal(people_.ann_principal()), TokenRefusal::kNoEntry);
}

TEST_F(ConfigMapModeTest, ALaterUserOfTheCreatorsNameIsNot) {
  people_.cluster.creator = people_.ann_principal().arn;
  people_.cluster.creator_id = "AIDAEARLIER";
  EXPECT_EQ(refusal(people_.ann_principal()), TokenRefusal::kNoEntry);
}

TEST_F(ConfigMapModeTest, EverySessionOfTheRoleThatCreatedIs) {
  people_.cluster.creator = people_.ops_session("yesterday").arn;
  people_.cluster.creator_id = people_.ops.id.str();
  EXPECT_TRUE(map(people_.ops_session("today")));
  EXPECT_EQ(refusal(people_.root.principal), TokenRefusal::kNoEntry);
  people_.cluster.creator_id = "AROAEARLIER";
  EXPECT_EQ(refusal(people_.ops_session("today")), TokenRefusal::kNoEntry);
}

}  // namespace
}  // namespace sallyport::iam
