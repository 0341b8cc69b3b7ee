#include "iam/review_access.h"

#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"
#include "iam/map_caller.h"
#include "iam/test_people.h"

namespace sallyport::iam {
namespace {

using testing_people::kAccount;
using testing_people::People;
using testing_people::put;

class ReviewAccessTest : public testing::Test {
 protected:
  ReviewAccessTest() {
    entry_ = people_.ops_entry();
    entry_.username = "ops:{{SessionName}}";
    entry_.policies = {{.policy = model::Arn("arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"),
                        .scope = {.whole_cluster = false, .namespaces = {"web"}}}};
    put(people_.identities, entry_);
    const auto user =
        map_caller(people_.cluster, people_.identities, {people_.ops_session("ann@example.com"), "ASIA1"});
    asked_.user = user->username;
    for (const auto& [name, value] : user->extra)
      asked_.extra[name] = {value};
    asked_.verb = "get";
    asked_.resource = wire::ResourceAccess{.group = "", .resource = "pods", .subresource = "", .space = "web"};
  }
  AccessOutcome review() { return review_access(people_.cluster, people_.identities, kAccount, asked_).outcome; }

  People people_;
  model::AccessEntry entry_;
  wire::AccessReview asked_;
};

TEST_F(ReviewAccessTest, WhoCameByATokenMayWhatThePoliciesAllow) {
  EXPECT_EQ(review(), AccessOutcome::kAllowed);
  const AccessVerdict verdict = review_access(people_.cluster, people_.identities, kAccount, asked_);
  EXPECT_NE(verdict.reason.find("AmazonEKSViewPolicy"), std::string::npos);
  EXPECT_NE(verdict.reason.find("role/team/ops"), std::string::npos);
  asked_.verb = "delete";
  EXPECT_EQ(review(), AccessOutcome::kNoPolicy);
  asked_.verb = "get";
  asked_.resource->space = "db";
  EXPECT_EQ(review(), AccessOutcome::kNoPolicy);
}

TEST_F(ReviewAccessTest, WhatTheEntrySaysNowCounts) {
  entry_.policies.clear();
  put(people_.identities, entry_);
  EXPECT_EQ(review(), AccessOutcome::kNoPolicy);
  std::get<model::Table<model::AccessEntry>>(people_.identities).clear();
  EXPECT_EQ(review(), AccessOutcome::kNoEntry);
}

TEST_F(ReviewAccessTest, APrincipalThatIsGoneMayNothing) {
  std::get<model::Table<model::IamRole>>(people_.identities).clear();
  EXPECT_EQ(review(), AccessOutcome::kNoEntry);
  model::IamRole again = people_.ops;
  again.id = model::IamRoleId("AROAAGAIN");
  put(people_.identities, again);
  EXPECT_EQ(review(), AccessOutcome::kNoEntry);
}

TEST_F(ReviewAccessTest, TheEntryMustBeOfThePrincipalThatLoggedIn) {
  entry_.principal_id = "AROAOTHER";
  put(people_.identities, entry_);
  EXPECT_EQ(review(), AccessOutcome::kNoEntry);
}

TEST_F(ReviewAccessTest, TheUsernameMustBeTheEntrys) {
  asked_.user = "ops:bob";
  EXPECT_EQ(review(), AccessOutcome::kOtherUser);
  asked_.user = "system:serviceaccount:kube-system:default";
  EXPECT_EQ(review(), AccessOutcome::kOtherUser);
}

TEST_F(ReviewAccessTest, OthersAreNotOurs) {
  asked_.extra.clear();
  EXPECT_EQ(review(), AccessOutcome::kNotOurs);
  asked_.extra["authentication.kubernetes.io/credential-id"] = {"X509SHA256=1"};
  EXPECT_EQ(review(), AccessOutcome::kNotOurs);
  asked_.extra["canonicalArn"] = {entry_.principal.str()};
  EXPECT_EQ(review(), AccessOutcome::kNotOurs) << "without its id";
}

TEST_F(ReviewAccessTest, ANameWithSeveralValuesIsNone) {
  asked_.extra["principalId"].emplace_back("AROAOTHER");
  EXPECT_EQ(review(), AccessOutcome::kNotOurs);
  asked_.extra["principalId"].resize(1);
  EXPECT_EQ(review(), AccessOutcome::kAllowed);
  asked_.extra["principalid"] = {"AROAOPS"};
  EXPECT_EQ(review(), AccessOutcome::kNotOurs) << "twice, in two spellings";
}

TEST_F(ReviewAccessTest, NamesMayComeInLowerCaseThroughTheAggregationLayer) {
  std::map<std::string, std::vector<std::string>> lowered;
  for (const auto& [name, values] : asked_.extra)
    lowered[base::ascii_lower(name)] = values;
  asked_.extra = lowered;
  EXPECT_EQ(review(), AccessOutcome::kAllowed);
}

TEST_F(ReviewAccessTest, EntriesAreNotInForceInConfigMapMode) {
  people_.cluster.authentication_mode = model::AuthenticationMode::kConfigMap;
  EXPECT_EQ(review(), AccessOutcome::kConfigMapMode);
}

TEST_F(ReviewAccessTest, RootAndUsersAreFoundToo) {
  for (const Principal& principal : {people_.root.principal, people_.ann_principal()}) {
    model::AccessEntry entry = people_.entry_of(principal.arn, principal.is_root ? std::string() : principal.user_id);
    entry.policies = {{.policy = model::Arn("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")}};
    put(people_.identities, entry);
    const auto user = map_caller(people_.cluster, people_.identities, {principal, "AKIA1"});
    ASSERT_TRUE(user);
    asked_.user = user->username;
    asked_.extra.clear();
    for (const auto& [name, value] : user->extra)
      asked_.extra[name] = {value};
    EXPECT_EQ(review(), AccessOutcome::kAllowed) << principal.arn.str();
  }
}

TEST(AccessOutcomeTest, EachHasItsReason) {
  std::set<std::string_view> reasons;
  for (int i = 0; i <= static_cast<int>(kLastAccessOutcome); ++i)
    reasons.insert(reason_of(static_cast<AccessOutcome>(i)));
  EXPECT_EQ(reasons.size(), static_cast<std::size_t>(kLastAccessOutcome) + 1);
}

}  // namespace
}  // namespace sallyport::iam
