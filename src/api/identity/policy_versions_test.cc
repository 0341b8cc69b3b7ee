#include "api/identity/identity_fixture.h"

namespace sallyport::api::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PolicyVersions : public IdentityTest {
 protected:
  QueryAnswer create(bool as_default = false) {
    return call("CreatePolicyVersion",
                {policy_, {"PolicyDocument", kOther}, {"SetAsDefault", as_default ? "true" : ""}});
  }
  std::vector<std::string> ids() { return call("ListPolicyVersions", {policy_}).texts("VersionId"); }

  static constexpr const char* kOther =
      R"({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "eks:*", "Resource": "*"}]})";
  const std::pair<std::string, std::string> policy_{"PolicyArn", make_policy("look")};
};

TEST_F(PolicyVersions, AreAddedAndPutInForce) {
  now_ += std::chrono::hours(1);
  const QueryAnswer second = create();
  EXPECT_EQ(second.text("VersionId"), "v2");
  EXPECT_EQ(second.text("IsDefaultVersion"), "false");
  EXPECT_EQ(create(true).text("IsDefaultVersion"), "true");
  const QueryAnswer policy = call("GetPolicy", {policy_});
  EXPECT_EQ(policy.text("DefaultVersionId"), "v3");
  EXPECT_EQ(policy.text("UpdateDate"), "2025-11-24T17:00:00.000Z");
  do_it("SetDefaultPolicyVersion", {policy_, {"VersionId", "v1"}});
  const QueryAnswer listed = call("ListPolicyVersions", {policy_});
  EXPECT_THAT(listed.texts("VersionId"), ElementsAre("v3", "v2", "v1"));
  EXPECT_THAT(listed.texts("IsDefaultVersion"), ElementsAre("false", "false", "true"));
}

TEST_F(PolicyVersions, TellTheirDocument) {
  create();
  const QueryAnswer got = call("GetPolicyVersion", {policy_, {"VersionId", "v2"}});
  EXPECT_EQ(wire::percent_decode(got.text("Document")), kOther);
  EXPECT_THAT(got.text("Document"), HasSubstr("%22Deny%22%2C%20"));
  EXPECT_EQ(code("GetPolicyVersion", {policy_, {"VersionId", "v3"}}), "NoSuchEntity");
  EXPECT_EQ(code("GetPolicyVersion", {policy_}), "ValidationError");
  const QueryAnswer built_in = call("GetPolicyVersion", {{"PolicyArn", kReadOnly}, {"VersionId", "v1"}});
  EXPECT_THAT(wire::percent_decode(built_in.text("Document")).value_or(""), HasSubstr("ec2:Describe*"));
}

TEST_F(PolicyVersions, AreFiveAtMostAndNumbersDoNotComeBack) {
  for (int i = 0; i < 4; ++i)
    ASSERT_TRUE(create().ok());
  const QueryAnswer refused = create();
  EXPECT_EQ(refused.code(), "LimitExceeded");
  EXPECT_EQ(refused.fault->status, 409);
  do_it("DeletePolicyVersion", {policy_, {"VersionId", "v5"}});
  EXPECT_EQ(create().text("VersionId"), "v6");
  EXPECT_THAT(ids(), ElementsAre("v6", "v4", "v3", "v2", "v1"));
}

TEST_F(PolicyVersions, TheOneInForceStays) {
  EXPECT_EQ(code("DeletePolicyVersion", {policy_, {"VersionId", "v1"}}), "DeleteConflict");
  create(true);
  do_it("DeletePolicyVersion", {policy_, {"VersionId", "v1"}});
  EXPECT_THAT(ids(), ElementsAre("v2"));
  EXPECT_EQ(code("DeletePolicyVersion", {policy_, {"VersionId", "v1"}}), "NoSuchEntity");
  EXPECT_EQ(code("SetDefaultPolicyVersion", {policy_, {"VersionId", "v1"}}), "NoSuchEntity");
}

TEST_F(PolicyVersions, AreChecked) {
  EXPECT_EQ(code("CreatePolicyVersion", {policy_}), "ValidationError");
  EXPECT_EQ(code("CreatePolicyVersion", {policy_, {"PolicyDocument", "[]"}}), "MalformedPolicyDocument");
}

TEST_F(PolicyVersions, ComeInPagesTheNewestFirst) {
  for (int i = 0; i < 4; ++i)
    create();
  const QueryAnswer first = call("ListPolicyVersions", {policy_, {"MaxItems", "2"}});
  EXPECT_THAT(first.texts("VersionId"), ElementsAre("v5", "v4"));
  do_it("DeletePolicyVersion", {policy_, {"VersionId", "v4"}});
  create();  // v6 comes before
  const QueryAnswer second = call("ListPolicyVersions", {policy_, {"MaxItems", "2"}, {"Marker", first.text("Marker")}});
  EXPECT_THAT(second.texts("VersionId"), ElementsAre("v3", "v2"));
}

}  // namespace
}  // namespace sallyport::api::identity
