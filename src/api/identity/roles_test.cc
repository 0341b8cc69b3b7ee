#include "api/identity/identity_fixture.h"
#include "base/limits.h"

namespace sallyport::api::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Roles : public IdentityTest {
 protected:
  QueryAnswer create(wire::Pairs more) {
    more.emplace_back("RoleName", "ops");
    more.emplace_back("AssumeRolePolicyDocument", kTrustAll);
    return call("CreateRole", std::move(more));
  }
  const wire::Pairs ops_{{"RoleName", "ops"}};
};

TEST_F(Roles, AreMadeWithAllThereIsOfThem) {
  const QueryAnswer created = create({{"Path", "/night/"},
                                      {"Description", "On call"},
                                      {"MaxSessionDuration", "7200"},
                                      {"Tags.member.1.Key", "team"},
                                      {"Tags.member.1.Value", "blue"}});
  ASSERT_TRUE(created.ok()) << created.message();
  const QueryAnswer got = call("GetRole", ops_);
  EXPECT_EQ(got.xml, created.xml);
  EXPECT_EQ(got.text("Arn"), "arn:aws:iam::000000000000:role/night/ops");
  EXPECT_EQ(got.text("RoleId").substr(0, 4), "AROA");
  EXPECT_EQ(got.text("Description"), "On call");
  EXPECT_EQ(got.text("MaxSessionDuration"), "7200");
  EXPECT_EQ(got.text("Value"), "blue");
  EXPECT_EQ(got.text("AssumeRolePolicyDocument").substr(0, 30), "%7B%22Version%22%3A%20%222012-");
  EXPECT_EQ(wire::percent_decode(got.text("AssumeRolePolicyDocument")), kTrustAll);
}

TEST_F(Roles, NeedATrustPolicy) {
  EXPECT_EQ(code("CreateRole", ops_), "ValidationError");
  const QueryAnswer refused = call("CreateRole", {{"RoleName", "ops"}, {"AssumeRolePolicyDocument", kAllowAll}});
  EXPECT_EQ(refused.code(), "MalformedPolicyDocument");
  EXPECT_EQ(refused.fault->status, 400);
  EXPECT_THAT(refused.message(), HasSubstr("Statement[0].Resource (line 1)"));
  EXPECT_EQ(code("CreateRole", {{"RoleName", "ops"}, {"AssumeRolePolicyDocument", "{"}}), "MalformedPolicyDocument");
}

TEST_F(Roles, TrustPoliciesHaveAQuota) {
  const auto trust = [](std::size_t characters) {
    const std::string start = R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Sid":")";
    const std::string end = R"("}]})";
    return start + std::string(characters - start.size() - end.size(), 'x') + end;
  };
  const QueryAnswer refused = call("CreateRole", {{"RoleName", "ops"}, {"AssumeRolePolicyDocument", trust(2'049)}});
  EXPECT_EQ(refused.code(), "LimitExceeded");
  EXPECT_THAT(refused.message(), HasSubstr("Cannot exceed quota for ACLSizePerRole: 2048"));
  EXPECT_EQ(code("CreateRole", {{"RoleName", "ops"}, {"AssumeRolePolicyDocument", "\n\n" + trust(2'048)}}), "");
  EXPECT_EQ(code("UpdateAssumeRolePolicy", {{"RoleName", "ops"}, {"PolicyDocument", trust(2'049)}}), "LimitExceeded");
}

TEST_F(Roles, AreCheckedLikeUsers) {
  EXPECT_EQ(create({{"MaxSessionDuration", "3599"}}).code(), "ValidationError");
  EXPECT_EQ(create({{"MaxSessionDuration", "43201"}}).code(), "ValidationError");
  EXPECT_EQ(create({{"Description", std::string(1001, 'd')}}).code(), "ValidationError");
  EXPECT_EQ(create({{"PermissionsBoundary", kReadOnly}}).code(), "ValidationError");
  make_role("OPS");
  EXPECT_EQ(create({}).code(), "EntityAlreadyExists");
  EXPECT_EQ(code("GetRole", ops_), "NoSuchEntity");
}

TEST_F(Roles, ThereAreAsManyAsTheQuotaSays) {
  fill<model::IamRole>(base::limits::kIamRoles);
  const QueryAnswer refused = create({});
  EXPECT_EQ(refused.code(), "LimitExceeded");
  EXPECT_THAT(refused.message(), HasSubstr("RolesPerAccount: 1000"));
}

TEST_F(Roles, ChangeInWhatIsGiven) {
  ASSERT_TRUE(create({{"Description", "On call"}, {"MaxSessionDuration", "7200"}}).ok());
  do_it("UpdateRole", {{"RoleName", "ops"}, {"MaxSessionDuration", "3600"}});
  EXPECT_EQ(role("ops").max_session_seconds, 3600U);
  EXPECT_EQ(role("ops").description, "On call");
  EXPECT_EQ(made("UpdateRoleDescription", "Description", {{"RoleName", "ops"}, {"Description", "By day"}}), "By day");
  do_it("UpdateRole", {{"RoleName", "ops"}, {"Description", ""}});
  EXPECT_EQ(role("ops").description, "");
  EXPECT_EQ(role("ops").max_session_seconds, 3600U);
  EXPECT_EQ(code("UpdateRole", {{"RoleName", "ops"}, {"MaxSessionDuration", "1"}}), "ValidationError");
  EXPECT_EQ(code("UpdateRole", {{"RoleName", "eve"}}), "NoSuchEntity");
  EXPECT_EQ(code("UpdateRoleDescription", {{"RoleName", "ops"}, {"Description", std::string(1001, 'd')}}),
            "ValidationError");
}

TEST_F(Roles, AreTrustedAnew) {
  make_role("ops");
  const std::string trust =
      R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "000000000000"}}})";
  do_it("UpdateAssumeRolePolicy", {{"RoleName", "ops"}, {"PolicyDocument", trust}});
  EXPECT_EQ(role("ops").trust_policy, trust);
  EXPECT_EQ(code("UpdateAssumeRolePolicy", {{"RoleName", "ops"}, {"PolicyDocument", kAllowAll}}),
            "MalformedPolicyDocument");
  EXPECT_EQ(code("UpdateAssumeRolePolicy", {{"RoleName", "eve"}, {"PolicyDocument", trust}}), "NoSuchEntity");
}

TEST_F(Roles, GoWhenTheyMayDoNothing) {
  make_role("ops");
  do_it("AttachRolePolicy", {{"RoleName", "ops"}, {"PolicyArn", kReadOnly}});
  do_it("PutRolePolicy", {{"RoleName", "ops"}, {"PolicyName", "own"}, {"PolicyDocument", kAllowAll}});
  EXPECT_EQ(code("DeleteRole", ops_), "DeleteConflict");
  do_it("DetachRolePolicy", {{"RoleName", "ops"}, {"PolicyArn", kReadOnly}});
  EXPECT_EQ(code("DeleteRole", ops_), "DeleteConflict");
  do_it("DeleteRolePolicy", {{"RoleName", "ops"}, {"PolicyName", "own"}});
  do_it("DeleteRole", ops_);
  EXPECT_EQ(code("DeleteRole", ops_), "NoSuchEntity");
}

TEST_F(Roles, AreListedByPathWithTheirTrust) {
  ASSERT_TRUE(create({{"Path", "/night/"}}).ok());
  make_role("build");
  const QueryAnswer all = call("ListRoles");
  EXPECT_THAT(all.texts("RoleName"), ElementsAre("build", "ops"));
  EXPECT_EQ(wire::percent_decode(all.text("AssumeRolePolicyDocument")), kTrustAll);
  EXPECT_THAT(call("ListRoles", {{"PathPrefix", "/night/"}}).texts("RoleName"), ElementsAre("ops"));
}

}  // namespace
}  // namespace sallyport::api::identity
