#include "api/identity/identity_fixture.h"
#include "base/limits.h"

namespace sallyport::api::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Policies : public IdentityTest {
 protected:
  QueryAnswer get(const std::string& arn) { return call("GetPolicy", {{"PolicyArn", arn}}); }
};

TEST_F(Policies, AreMadeWithTheirFirstVersion) {
  const QueryAnswer created = call("CreatePolicy", {{"PolicyName", "look"},
                                                    {"Path", "/ops/"},
                                                    {"Description", "Looking on"},
                                                    {"PolicyDocument", kAllowAll},
                                                    {"Tags.member.1.Key", "team"}});
  ASSERT_TRUE(created.ok()) << created.message();
  const std::string arn = created.text("Arn");
  EXPECT_EQ(arn, "arn:aws:iam::000000000000:policy/ops/look");
  EXPECT_EQ(get(arn).xml, created.xml);
  EXPECT_EQ(created.text("PolicyId").substr(0, 4), "ANPA");
  EXPECT_EQ(created.text("DefaultVersionId"), "v1");
  EXPECT_EQ(created.text("AttachmentCount"), "0");
  EXPECT_EQ(created.text("Description"), "Looking on");
  EXPECT_EQ(created.text("Key"), "team");
}

TEST_F(Policies, AreChecked) {
  EXPECT_EQ(code("CreatePolicy", {{"PolicyName", "p"}}), "ValidationError");
  EXPECT_EQ(code("CreatePolicy", {{"PolicyName", "p p"}, {"PolicyDocument", kAllowAll}}), "ValidationError");
  const QueryAnswer refused = call("CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", kTrustAll}});
  EXPECT_EQ(refused.code(), "MalformedPolicyDocument");
  EXPECT_THAT(refused.message(), HasSubstr("line 1"));
  const std::string long_one(base::limits::kPolicyBytes + 1, ' ');
  EXPECT_EQ(code("CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", long_one}}), "LimitExceeded");
  const QueryAnswer longer = call("CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", document_of(6'145)}});
  EXPECT_EQ(longer.code(), "LimitExceeded");
  EXPECT_THAT(longer.message(), HasSubstr("Cannot exceed quota for PolicySize: 6144"));
  EXPECT_EQ(code("CreatePolicy", {{"PolicyName", "just"}, {"PolicyDocument", document_of(6'144)}}), "");
  const std::string just = "arn:aws:iam::000000000000:policy/just";
  EXPECT_EQ(code("CreatePolicyVersion", {{"PolicyArn", just}, {"PolicyDocument", document_of(6'145)}}),
            "LimitExceeded");
  EXPECT_EQ(code("CreatePolicyVersion",
                 {{"PolicyArn", just}, {"PolicyDocument", std::string(20'000, '\n') + document_of(6'144)}}),
            "")
      << "white space does not count";
  make_policy("Look");
  EXPECT_EQ(code("CreatePolicy", {{"PolicyName", "look"}, {"PolicyDocument", kAllowAll}}), "EntityAlreadyExists");
}

TEST_F(Policies, ThereAreAsManyAsTheQuotaSays) {
  fill<model::IamPolicy>(base::limits::kIamPolicies);
  const QueryAnswer refused = call("CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", kAllowAll}});
  EXPECT_EQ(refused.code(), "LimitExceeded");
  EXPECT_THAT(refused.message(), HasSubstr("PoliciesPerAccount: 1500"));
}

TEST_F(Policies, AreNamedByTheirArn) {
  EXPECT_EQ(get("look").code(), "InvalidInput");
  EXPECT_EQ(get("arn:aws:iam::000000000000:policy/none").code(), "NoSuchEntity");
  EXPECT_EQ(get("arn:aws:iam::aws:policy/None").code(), "NoSuchEntity");
  make_policy("look", "/ops/");
  EXPECT_EQ(get("arn:aws:iam::000000000000:policy/look").code(), "NoSuchEntity");
}

TEST_F(Policies, OfAwsAreThereAndStayAsTheyAre) {
  const QueryAnswer got = get(kReadOnly);
  EXPECT_EQ(got.text("PolicyName"), "ReadOnlyAccess");
  EXPECT_EQ(got.text("Arn"), kReadOnly);
  EXPECT_EQ(got.text("DefaultVersionId"), "v1");
  const QueryAnswer refused = call("DeletePolicy", {{"PolicyArn", kReadOnly}});
  EXPECT_EQ(refused.code(), "UnmodifiableEntity");
  EXPECT_EQ(refused.fault->status, 400);
  EXPECT_THAT(refused.message(), HasSubstr(kReadOnly));
  EXPECT_EQ(code("CreatePolicyVersion", {{"PolicyArn", kReadOnly}, {"PolicyDocument", kAllowAll}}),
            "UnmodifiableEntity");
  EXPECT_EQ(code("SetDefaultPolicyVersion", {{"PolicyArn", kReadOnly}, {"VersionId", "v1"}}), "UnmodifiableEntity");
  EXPECT_EQ(code("DeletePolicyVersion", {{"PolicyArn", kReadOnly}, {"VersionId", "v1"}}), "UnmodifiableEntity");
  EXPECT_EQ(code("TagPolicy", {{"PolicyArn", kReadOnly}, {"Tags.member.1.Key", "k"}}), "UnmodifiableEntity");
  // One's own may have the same name.
  EXPECT_EQ(make_policy("ReadOnlyAccess"), "arn:aws:iam::000000000000:policy/ReadOnlyAccess");
}

TEST_F(Policies, GoWhenNobodyHasThemAndOneVersionIsLeft) {
  const wire::Pairs policy{{"PolicyArn", make_policy("look")}};
  make_role("ops");
  const wire::Pairs pair{{"RoleName", "ops"}, policy.front()};
  do_it("AttachRolePolicy", pair);
  EXPECT_EQ(get(policy.front().second).text("AttachmentCount"), "1");
  EXPECT_EQ(code("DeletePolicy", policy), "DeleteConflict");
  do_it("DetachRolePolicy", pair);
  do_it("CreatePolicyVersion", {policy.front(), {"PolicyDocument", kAllowAll}});
  EXPECT_THAT(call("DeletePolicy", policy).message(), HasSubstr("more than one version"));
  do_it("DeletePolicyVersion", {policy.front(), {"VersionId", "v2"}});
  do_it("DeletePolicy", policy);
  EXPECT_EQ(code("DeletePolicy", policy), "NoSuchEntity");
}

}  // namespace
}  // namespace sallyport::api::identity
