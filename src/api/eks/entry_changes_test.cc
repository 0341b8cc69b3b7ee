#include "api/eks/entry_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "control/tables.h"
#include "iam/entry_policies.h"

namespace sallyport::api::eks {
namespace {

using base::ErrorKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const model::Arn kAnn("arn:aws:iam::000000000000:user/ann");
const model::Arn kDev("arn:aws:iam::000000000000:role/dev");
const model::Arn kView = iam::entry_policy_arn("AmazonEKSViewPolicy");
const model::Arn kEdit = iam::entry_policy_arn("AmazonEKSEditPolicy");

class EntryChanges : public testing::Test {
 protected:
  EntryChanges() {
    cluster_.name = model::ClusterName("demo");
    model::IamUser ann;
    ann.id = model::IamUserId("AIDA1");
    ann.name = "ann";
    model::IamRole dev;
    dev.id = model::IamRoleId("AROA1");
    dev.name = "dev";
    control::put_into(identities_, ann);
    control::put_into(identities_, dev);
  }
  EntryContext context() { return {cluster_, identities_, account_, now_, entropy_}; }
  // Applied as the store would.
  base::Result<model::AccessEntry> done(base::Result<EntryChange> change) {
    if (!change) return base::fail(change.error());
    changed_ = change->transaction.has_value();
    if (changed_) {
      for (const store::Entity& entity : change->transaction->puts)
        std::visit([&](const auto& one) { control::put_into(identities_, one); }, entity);
      for (const store::EntityId& id : change->transaction->erases)
        std::visit([&](const auto& one) { control::erase_from(identities_, one); }, id);
    }
    return change->entry;
  }
  base::Result<model::AccessEntry> create(const model::Arn& principal, const std::string& token = {},
                                          const std::string& hash = "create") {
    CreateEntryRequest request{.principal = principal,
                               .type = "STANDARD",
                               .username = std::nullopt,
                               .groups = {},
                               .tags = {},
                               .request = {token, hash}};
    return done(create_entry(context(), request));
  }
  base::Result<model::AccessEntry> update(const model::Arn& principal, std::optional<std::string> username,
                                          std::optional<std::vector<std::string>> groups, const std::string& token = {},
                                          const std::string& hash = "update") {
    return done(update_entry(context(), principal, {std::move(username), std::move(groups), {token, hash}}));
  }
  base::Result<model::AccessEntry> associate(const model::Arn& principal, const model::Arn& policy,
                                             std::vector<std::string> namespaces = {}) {
    const bool whole = namespaces.empty();
    return done(associate_policy(context(), principal,
                                 {policy, {.whole_cluster = whole, .namespaces = std::move(namespaces)}}));
  }
  void tick() { now_ += base::Millis(1'000); }

  model::Cluster cluster_;
  model::IdentityObjects identities_;
  const model::AccountId account_{"000000000000"};
  base::Time now_{base::Millis(1'764'000'000'000)};
  base::SystemEntropy entropy_;
  bool changed_ = false;
};

TEST_F(EntryChanges, APrincipalHasOneEntry) {
  const auto made = create(kAnn);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->principal_id, "AIDA1");
  const auto again = create(kAnn);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kInUse);
  EXPECT_THAT(again.error().message,
              HasSubstr("The specified access entry resource is already in use on this cluster"));
  EXPECT_TRUE(create(kDev));
  EXPECT_EQ(create(model::Arn("arn:aws:iam::000000000000:user/eve")).error().field, "principalArn");
}

TEST_F(EntryChanges, MeanNothingInConfigMapMode) {
  ASSERT_TRUE(create(kAnn));
  cluster_.authentication_mode = model::AuthenticationMode::kConfigMap;
  for (const auto& result :
       {create(kDev), update(kAnn, "x", std::nullopt), associate(kAnn, kView), done(delete_entry(context(), kAnn)),
        done(disassociate_policy(context(), kAnn, kView)), done(tag_entry(context(), kAnn, {{"a", "b"}})),
        done(untag_entry(context(), kAnn, {"a"}))}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::kInvalidRequest);
    EXPECT_EQ(result.error().message,
              "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this "
              "operation.");
  }
}

TEST_F(EntryChanges, OfNobodyAreNotFound) {
  for (const auto& result :
       {update(kAnn, "x", std::nullopt), associate(kAnn, kView), done(delete_entry(context(), kAnn)),
        done(disassociate_policy(context(), kAnn, kView)), done(tag_entry(context(), kAnn, {{"a", "b"}})),
        done(untag_entry(context(), kAnn, {"a"}))}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::kNotFound);
    EXPECT_THAT(result.error().message, HasSubstr("The specified principalArn could not be found."));
  }
}

TEST_F(EntryChanges, ATokenGivesTheFirstAnswerAgain) {
  const auto first = create(kAnn, "t-1");
  ASSERT_TRUE(first);
  tick();
  const auto again = create(kAnn, "t-1");
  ASSERT_TRUE(again);
  EXPECT_FALSE(changed_);
  EXPECT_EQ(*again, *first);
  const auto clash = create(kDev, "t-1", "other");
  ASSERT_FALSE(clash);
  EXPECT_EQ(clash.error().field, "clientRequestToken");
  EXPECT_EQ(update(kAnn, "x", std::nullopt, "t-1").error().field, "clientRequestToken");

  const auto second = update(kAnn, "two", std::nullopt, "t-2", "two");
  ASSERT_TRUE(update(kAnn, "three", std::nullopt, "t-3", "three"));
  const auto late = update(kAnn, "two", std::nullopt, "t-2", "two");
  ASSERT_TRUE(late);
  EXPECT_FALSE(changed_);
  EXPECT_EQ(late->username, "three") << "a late repetition undoes nothing";

  ASSERT_TRUE(done(delete_entry(context(), kAnn)));
  EXPECT_TRUE(create(kAnn, "t-1")) << "the token went with the entry";
  EXPECT_TRUE(changed_);
}

TEST_F(EntryChanges, RememberOnlySoManyTokens) {
  ASSERT_TRUE(create(kAnn, "first"));
  for (std::size_t i = 0; i < base::limits::kRequestsPerAccessEntry; ++i)
    ASSERT_TRUE(update(kAnn, "n" + std::to_string(i), std::nullopt, "t" + std::to_string(i)));
  const auto* entry = existing_entry(identities_, cluster_.name, kAnn).value();
  EXPECT_THAT(entry->requests, SizeIs(base::limits::kRequestsPerAccessEntry));
  EXPECT_EQ(entry->requests.front().token, "t0");
}

TEST_F(EntryChanges, UpdatesKeepWhatIsNotGiven) {
  const auto made = create(kDev).value();
  tick();
  const auto grouped = update(kDev, std::nullopt, std::vector<std::string>{"viewers"}).value();
  EXPECT_EQ(grouped.username, made.username);
  EXPECT_THAT(grouped.groups, ElementsAre("viewers"));
  EXPECT_EQ(grouped.created_at, made.created_at);
  EXPECT_EQ(grouped.modified_at, now_);
  tick();
  EXPECT_EQ(update(kDev, std::nullopt, std::nullopt).value().modified_at, grouped.modified_at);
  EXPECT_FALSE(changed_);
  const auto named = update(kDev, "dev:{{SessionName}}", std::nullopt).value();
  EXPECT_EQ(named.username, "dev:{{SessionName}}");
  EXPECT_THAT(named.groups, ElementsAre("viewers"));
  EXPECT_THAT(update(kDev, std::nullopt, std::vector<std::string>{}).value().groups, IsEmpty());

  EXPECT_EQ(update(kDev, std::nullopt, std::vector<std::string>{"system:masters"}).error().field, "kubernetesGroups");
  EXPECT_EQ(update(kDev, "system:admin", std::nullopt).error().field, "username");
  ASSERT_TRUE(create(kAnn));
  EXPECT_EQ(update(kAnn, "a:{{SessionName}}", std::nullopt).error().field, "username") << "users have no sessions";
}

TEST_F(EntryChanges, ThoseOfNodesAreFixed) {
  CreateEntryRequest request{
      .principal = kDev, .type = "EC2_LINUX", .username = std::nullopt, .groups = {}, .tags = {}, .request = {}};
  request.username = "node";
  EXPECT_EQ(done(create_entry(context(), request)).error().field, "username");
  request.username.reset();
  request.groups = {"nodes"};
  EXPECT_EQ(done(create_entry(context(), request)).error().field, "kubernetesGroups");
  request.groups.clear();
  ASSERT_TRUE(done(create_entry(context(), request)));
  EXPECT_EQ(update(kDev, "node", std::nullopt).error().field, "username");
  EXPECT_EQ(update(kDev, std::nullopt, std::vector<std::string>{"nodes"}).error().field, "kubernetesGroups");
  EXPECT_THAT(update(kDev, std::nullopt, std::vector<std::string>{}).value().groups, ElementsAre("system:nodes"));
  const auto refused = associate(kDev, kView);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidRequest);
}

TEST_F(EntryChanges, APolicyIsAssociatedOnceWithTheLastScope) {
  ASSERT_TRUE(create(kAnn));
  const auto first = associate(kAnn, kView, {"dev"}).value();
  ASSERT_THAT(first.policies, SizeIs(1));
  const base::Time associated = now_;
  tick();
  ASSERT_TRUE(associate(kAnn, kView, {"dev"}));
  EXPECT_FALSE(changed_);
  ASSERT_TRUE(associate(kAnn, kEdit));
  const auto wider = associate(kAnn, kView).value();
  ASSERT_THAT(wider.policies, SizeIs(2));
  EXPECT_EQ(wider.policies[0].policy, kView);
  EXPECT_TRUE(wider.policies[0].scope.whole_cluster);
  EXPECT_EQ(wider.policies[0].associated_at, associated);
  EXPECT_EQ(wider.policies[0].modified_at, now_);

  EXPECT_EQ(done(disassociate_policy(context(), kAnn, kView)).value().policies.size(), 1U);
  const auto gone = done(disassociate_policy(context(), kAnn, kView));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::kNotFound);
  EXPECT_THAT(gone.error().message, HasSubstr("is not associated with the access entry of " + kAnn.str()));

  EXPECT_EQ(associate(kAnn, iam::entry_policy_arn("AmazonEKSAutoNodePolicy")).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(associate(kAnn, kView, {"Dev"}).error().field, "accessScope.namespaces");
}

TEST_F(EntryChanges, ALaterPrincipalOfTheArnIsNotTheOneMeant) {
  ASSERT_TRUE(create(kAnn));
  control::erase_from(identities_, model::IamUserId("AIDA1"));
  model::IamUser ann;
  ann.id = model::IamUserId("AIDA2");
  ann.name = "ann";
  control::put_into(identities_, ann);
  EXPECT_EQ(update(kAnn, "ann", std::nullopt).value().principal_id, "AIDA1") << "a change does not hand it over";
  ASSERT_TRUE(done(delete_entry(context(), kAnn)));
  EXPECT_EQ(create(kAnn).value().principal_id, "AIDA2");
}

TEST_F(EntryChanges, ThereAreAsManyAsTheLimitSays) {
  for (std::size_t i = 0; i < base::limits::kAccessEntriesPerCluster; ++i) {
    model::AccessEntry entry;
    entry.cluster = cluster_.name;
    entry.principal = model::Arn("filler" + std::to_string(i));
    entry.id = model::access_entry_id(entry.cluster, entry.principal);
    control::put_into(identities_, entry);
  }
  const auto refused = create(kAnn);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kLimitExceeded);
  EXPECT_THAT(refused.error().message, HasSubstr("1000 access entries of cluster demo, the limit is 1000"));
}

TEST_F(EntryChanges, TagsAreMergedAndLimited) {
  ASSERT_TRUE(create(kAnn));
  ASSERT_TRUE(done(tag_entry(context(), kAnn, {{"a", "1"}, {"b", "2"}})));
  const auto tagged = done(tag_entry(context(), kAnn, {{"b", "3"}})).value();
  EXPECT_EQ(tagged.tags, (model::Tags{{"a", "1"}, {"b", "3"}}));
  EXPECT_EQ(done(untag_entry(context(), kAnn, {"a", "c"})).value().tags, (model::Tags{{"b", "3"}}));
  ASSERT_TRUE(done(untag_entry(context(), kAnn, {"a"})));
  EXPECT_FALSE(changed_);
  model::Tags many;
  for (std::size_t i = 0; i < base::limits::kTagsPerResource; ++i)
    many["k" + std::to_string(i)] = "v";
  EXPECT_EQ(done(tag_entry(context(), kAnn, many)).error().kind, ErrorKind::kLimitExceeded);
}

}  // namespace
}  // namespace sallyport::api::eks
