#include "iam/assume.h"

#include <gtest/gtest.h>

#include <memory>

#include "iam/names.h"

namespace sallyport::iam {
namespace {

const model::AccountId kAccount("000000000000");

class MayAssume : public testing::Test {
 protected:
  void trust(const std::string& principal, const std::string& effect = "Allow") {
    role_.id = model::IamRoleId("AROA1");
    role_.name = "ops";
    role_.trust_policy = R"({"Version": "2012-10-17", "Statement": [{"Effect": ")" + effect +
                         R"(", "Principal": {"AWS": ")" + principal + R"("}, "Action": "sts:AssumeRole"}]})";
    std::get<model::Table<model::IamRole>>(identities_)[role_.id] = std::make_shared<const model::IamRole>(role_);
  }
  void user_with(const std::string& policy) {
    model::IamUser user;
    user.id = model::IamUserId("AIDA1");
    user.name = "ann";
    if (!policy.empty()) user.permissions.inline_policies["p"] = policy;
    std::get<model::Table<model::IamUser>>(identities_)[user.id] = std::make_shared<const model::IamUser>(user);
    ann_ = {.arn = arn_of(kAccount, user), .user_id = "AIDA1", .account = kAccount, .user = user.id, .name = "ann"};
  }
  Verdict verdict() {
    return may_assume(identities_, ann_, role_,
                      {.action = "sts:AssumeRole", .resource = arn_of(kAccount, role_).str()});
  }
  static std::string policy(const std::string& effect) {
    return R"({"Version": "2012-10-17", "Statement": [{"Effect": ")" + effect +
           R"(", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::000000000000:role/ops"}]})";
  }

  model::IdentityObjects identities_;
  model::IamRole role_;
  Principal ann_;
};

TEST_F(MayAssume, ANamedPrincipalNeedsNoPolicyOfItsOwn) {
  trust("arn:aws:iam::000000000000:user/ann");
  user_with("");
  EXPECT_EQ(verdict(), Verdict::kAllow);
  user_with(policy("Deny"));
  EXPECT_EQ(verdict(), Verdict::kExplicitDeny);
}

TEST_F(MayAssume, WhereTheAccountIsNamedAPolicyMustAllow) {
  trust("arn:aws:iam::000000000000:root");
  user_with("");
  EXPECT_EQ(verdict(), Verdict::kImplicitDeny);
  user_with(policy("Allow"));
  EXPECT_EQ(verdict(), Verdict::kAllow);
}

TEST_F(MayAssume, NobodyElse) {
  trust("arn:aws:iam::000000000000:user/bob");
  user_with(policy("Allow"));
  EXPECT_EQ(verdict(), Verdict::kImplicitDeny);
  trust("arn:aws:iam::000000000000:user/ann", "Deny");
  EXPECT_EQ(verdict(), Verdict::kExplicitDeny);
  role_.trust_policy = "broken";
  EXPECT_EQ(verdict(), Verdict::kImplicitDeny);
}

}  // namespace
}  // namespace sallyport::iam
