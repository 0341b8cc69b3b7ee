#include "iam/principals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "iam/evaluate.h"
#include "iam/managed_policies.h"
#include "iam/names.h"
#include "iam/policy_parse.h"

namespace sallyport::iam {
namespace {

using testing::SizeIs;

const model::AccountId kAccount("000000000000");
constexpr const char* kKeyId = "AKIAAAAAAAAAAAAAAAAA";
constexpr const char* kAllowLooking =
    R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "eks:Describe*", "Resource": "*"}]})";

class PrincipalsTest : public testing::Test {
 protected:
  PrincipalsTest() {
    user_.id = model::IamUserId("AIDA1");
    user_.name = "ann";
    user_.path = "/team/";
    user_.tags = {{"team", "blue"}};
    put(user_);
    key_.id = model::AccessKeyId(kKeyId);
    key_.user = user_.id;
    key_.sealed_secret = sealer_.seal("secret", seal_purpose(key_.id));
    put(key_);
  }
  template <class T>
  void put(const T& thing) {
    std::get<model::Table<T>>(identities_)[thing.id] = std::make_shared<const T>(thing);
  }
  std::optional<AccessKey> found(const std::string& id = kKeyId) {
    return find_user_key(identities_, sealer_, kAccount, id);
  }
  std::vector<Policy> policies() { return policies_of(identities_, found()->principal, kAccount); }

  base::SystemEntropy entropy_;
  Sealer sealer_{wire::AeadKey{}, entropy_};
  model::IdentityObjects identities_;
  model::IamUser user_;
  model::AccessKeyRecord key_;
};

TEST_F(PrincipalsTest, AKeyIsItsUsers) {
  const auto key = found();
  ASSERT_TRUE(key);
  EXPECT_EQ(key->secret, "secret");
  EXPECT_EQ(key->principal.arn.str(), "arn:aws:iam::000000000000:user/team/ann");
  EXPECT_EQ(key->principal.user_id, "AIDA1");
  EXPECT_FALSE(key->principal.is_root);
  EXPECT_FALSE(found("AKIABBBBBBBBBBBBBBBB"));
}

TEST_F(PrincipalsTest, AKeyThatIsOffOrNobodysOrDoesNotOpenIsNone) {
  key_.active = false;
  put(key_);
  EXPECT_FALSE(found());
  key_.active = true;
  key_.sealed_secret = sealer_.seal("secret", "another purpose");
  put(key_);
  EXPECT_FALSE(found());
  key_.sealed_secret = sealer_.seal("secret", seal_purpose(key_.id));
  key_.user = model::IamUserId("AIDA9");
  put(key_);
  EXPECT_FALSE(found());
}

TEST_F(PrincipalsTest, PoliciesAreInlineManagedAndBuiltIn) {
  EXPECT_THAT(policies(), SizeIs(0));
  model::IamPolicy managed;
  managed.id = model::IamPolicyId("ANPA1");
  managed.name = "look";
  managed.versions = {{.id = "v1", .document = "broken"}, {.id = "v2", .document = kAllowLooking}};
  managed.default_version = "v2";
  put(managed);
  user_.permissions.inline_policies = {{"look", kAllowLooking}, {"broken", "{"}};
  user_.permissions.attached_policies = {arn_of(kAccount, managed),
                                         model::Arn("arn:aws:iam::aws:policy/AdministratorAccess"),
                                         model::Arn("arn:aws:iam::000000000000:policy/gone")};
  put(user_);
  EXPECT_THAT(policies(), SizeIs(3));
  EXPECT_EQ(evaluate(policies(), {.action = "eks:CreateCluster", .resource = "*"}), Verdict::kAllow);
}

TEST_F(PrincipalsTest, TheContextSaysWhoItIs) {
  RequestContext context;
  add_principal(context, identities_, found()->principal);
  EXPECT_EQ(context.single("aws:username"), "ann");
  EXPECT_EQ(context.single("aws:PrincipalArn"), "arn:aws:iam::000000000000:user/team/ann");
  EXPECT_EQ(context.single("aws:PrincipalType"), "User");
  EXPECT_EQ(context.single("aws:PrincipalTag/team"), "blue");
  EXPECT_EQ(context.single("aws:userid"), "AIDA1");

  model::IamRole role;
  role.id = model::IamRoleId("AROA1");
  role.name = "ops";
  put(role);
  RequestContext session;
  add_principal(session, identities_,
                {.arn = session_arn(kAccount, role, "x"), .user_id = "AROA1:x", .account = kAccount, .role = role.id});
  EXPECT_EQ(session.single("aws:PrincipalArn"), "arn:aws:iam::000000000000:role/ops");
  EXPECT_FALSE(session.single("aws:username"));
}

TEST(ManagedPolicies, Parse) {
  for (const ManagedPolicy& policy : managed_policies()) {
    const auto parsed = parse_policy(policy.document, PolicyKind::kIdentity);
    EXPECT_TRUE(parsed) << policy.name << ": " << (parsed ? "" : parsed.error().message);
    EXPECT_EQ(managed_policy_document("arn:aws:iam::aws:policy/" + std::string(policy.name)), &policy.document);
  }
  EXPECT_EQ(managed_policy_document("arn:aws:iam::aws:policy/None"), nullptr);
}

}  // namespace
}  // namespace sallyport::iam
