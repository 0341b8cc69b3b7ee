#include "api/identity/identity_fixture.h"

namespace sallyport::api::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class InlinePolicies : public IdentityTest {
 protected:
  InlinePolicies() {
    make_user("ann");
    make_role("ops");
  }
  QueryAnswer put_user(const std::string& name, const std::string& document) {
    return call("PutUserPolicy", {{"UserName", "ann"}, {"PolicyName", name}, {"PolicyDocument", document}});
  }
  QueryAnswer put_role(const std::string& name, const std::string& document) {
    return call("PutRolePolicy", {{"RoleName", "ops"}, {"PolicyName", name}, {"PolicyDocument", document}});
  }
};

TEST_F(InlinePolicies, OfUsers) {
  ASSERT_TRUE(put_user("b", kAllowAll).ok());
  ASSERT_TRUE(put_user("a", document_of(100)).ok());
  ASSERT_TRUE(put_user("a", kAllowAll).ok());  // in its place
  const wire::Pairs ann{{"UserName", "ann"}};
  EXPECT_EQ(call("ListUserPolicies", ann).text("PolicyNames"), "<member>a</member><member>b</member>");
  const QueryAnswer got = call("GetUserPolicy", {{"UserName", "ann"}, {"PolicyName", "a"}});
  EXPECT_EQ(got.text("UserName"), "ann");
  EXPECT_EQ(got.text("PolicyName"), "a");
  EXPECT_EQ(got.text("PolicyDocument"), wire::percent_encode(kAllowAll));
  do_it("DeleteUserPolicy", {{"UserName", "ann"}, {"PolicyName", "a"}});
  EXPECT_EQ(code("DeleteUserPolicy", {{"UserName", "ann"}, {"PolicyName", "a"}}), "NoSuchEntity");
  EXPECT_THAT(call("ListUserPolicies", ann).texts("member"), ElementsAre("b"));
}

TEST_F(InlinePolicies, OfRoles) {
  ASSERT_TRUE(put_role("a", kAllowAll).ok());
  EXPECT_THAT(call("ListRolePolicies", {{"RoleName", "ops"}}).texts("member"), ElementsAre("a"));
  const wire::Pairs place{{"RoleName", "ops"}, {"PolicyName", "a"}};
  EXPECT_EQ(made("GetRolePolicy", "RoleName", place), "ops");
  do_it("DeleteRolePolicy", place);
  const QueryAnswer refused = call("GetRolePolicy", place);
  EXPECT_EQ(refused.code(), "NoSuchEntity");
  EXPECT_EQ(refused.message(), "The role policy with name a cannot be found.");
}

TEST_F(InlinePolicies, AreChecked) {
  EXPECT_EQ(put_user("a", "{}").code(), "MalformedPolicyDocument");
  EXPECT_EQ(put_user("a b", kAllowAll).code(), "ValidationError");
  EXPECT_EQ(put_user("", kAllowAll).code(), "ValidationError");
  EXPECT_EQ(code("PutUserPolicy", {{"UserName", "eve"}, {"PolicyName", "a"}, {"PolicyDocument", kAllowAll}}),
            "NoSuchEntity");
  EXPECT_EQ(code("ListRolePolicies", {{"RoleName", "eve"}}), "NoSuchEntity");
}

TEST_F(InlinePolicies, AreLimitedTogether) {
  ASSERT_TRUE(put_user("a", document_of(1'024)).ok());
  ASSERT_TRUE(put_user("b", document_of(1'024) + std::string(500, ' ')).ok());  // white space does not count
  const QueryAnswer refused = put_user("c", document_of(100));
  EXPECT_EQ(refused.code(), "LimitExceeded");
  EXPECT_THAT(refused.message(), HasSubstr("2048"));
  EXPECT_THAT(refused.message(), HasSubstr("would be 2148"));
  EXPECT_EQ(put_user("a", document_of(1'025)).code(), "LimitExceeded");
  ASSERT_TRUE(put_role("a", document_of(5'120)).ok());
  ASSERT_TRUE(put_role("b", document_of(5'120)).ok());
  EXPECT_EQ(put_role("c", document_of(100)).code(), "LimitExceeded");
}

}  // namespace
}  // namespace sallyport::api::identity
