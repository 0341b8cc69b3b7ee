#include "api/authorise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace sallyport::api {
namespace {

using testing::HasSubstr;

class AuthoriseTest : public testing::Test {
 protected:
  AuthoriseTest() {
    ann_.id = model::IamUserId("AIDA1");
    ann_.name = "ann";
    principal_ = {.arn = model::Arn("arn:aws:iam::000000000000:user/ann"),
                  .user_id = "AIDA1",
                  .account = model::AccountId("000000000000"),
                  .user = ann_.id,
                  .name = "ann"};
    allow({});
  }
  void allow(const std::string& statements) {
    ann_.permissions.inline_policies.clear();
    if (!statements.empty())
      ann_.permissions.inline_policies["p"] = R"({"Version": "2012-10-17", "Statement": [)" + statements + "]}";
    std::get<model::Table<model::IamUser>>(identities_)[ann_.id] = std::make_shared<const model::IamUser>(ann_);
  }
  base::Status ask(const std::string& action, std::vector<AskedResource> resources) {
    return authorise(identities_, principal_, {.action = action, .resources = std::move(resources)});
  }

  model::IdentityObjects identities_;
  model::IamUser ann_;
  iam::Principal principal_;
};

TEST_F(AuthoriseTest, RootMayAll) {
  EXPECT_TRUE(
      authorise(identities_, iam::root_principal(model::AccountId("0")), {.action = "x:Y", .resources = {{"*"}}}));
}

TEST_F(AuthoriseTest, OthersWhatTheirPoliciesAllowNow) {
  const auto refused = ask("eks:DescribeCluster", {{"arn:aws:eks:r:0:cluster/a"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kAccessDenied);
  EXPECT_EQ(refused.error().message,
            "User: arn:aws:iam::000000000000:user/ann is not authorized to perform: eks:DescribeCluster on resource: "
            "arn:aws:eks:r:0:cluster/a because no identity-based policy allows the eks:DescribeCluster action");
  allow(R"({"Effect": "Allow", "Action": "eks:*", "Resource": "*"})");
  EXPECT_TRUE(ask("eks:DescribeCluster", {{"arn:aws:eks:r:0:cluster/a"}}));
  allow("");
  EXPECT_FALSE(ask("eks:DescribeCluster", {{"arn:aws:eks:r:0:cluster/a"}}));
}

TEST_F(AuthoriseTest, EveryoneMayAskWhoTheyAre) { EXPECT_TRUE(ask("sts:GetCallerIdentity", {{"*"}})); }

TEST_F(AuthoriseTest, EveryResourceMustBeAllowed) {
  allow(R"({"Effect": "Allow", "Action": "*", "Resource": "*"},
           {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/keep": "yes"}}})");
  EXPECT_TRUE(ask("ec2:DeleteThings", {{"arn:a"}, {"arn:b"}}));
  const auto refused = ask("ec2:DeleteThings", {{"arn:a"}, {.arn = "arn:b", .tags = {{"keep", "yes"}}}});
  ASSERT_FALSE(refused) << "the tag of one does not hide behind the other";
  EXPECT_THAT(refused.error().message, HasSubstr("arn:b with an explicit deny"));
}

}  // namespace
}  // namespace sallyport::api
