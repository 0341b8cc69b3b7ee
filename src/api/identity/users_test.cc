#include "api/identity/identity_fixture.h"
#include "base/limits.h"

namespace sallyport::api::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Users = IdentityTest;

TEST_F(Users, AreMadeWithPathAndTagsAndFoundAgain) {
  const QueryAnswer created =
      call("CreateUser",
           {{"UserName", "ann"}, {"Path", "/ops/"}, {"Tags.member.1.Key", "team"}, {"Tags.member.1.Value", "blue"}});
  ASSERT_TRUE(created.ok()) << created.message();
  const QueryAnswer got = call("GetUser", {{"UserName", "ann"}});
  EXPECT_EQ(got.xml, created.xml);
  EXPECT_EQ(got.xml, "<User><Path>/ops/</Path><UserName>ann</UserName><UserId>" + user("ann").id.str() +
                         "</UserId><Arn>arn:aws:iam::000000000000:user/ops/ann</Arn>"
                         "<CreateDate>2025-11-24T16:00:00.000Z</CreateDate>"
                         "<Tags><member><Key>team</Key><Value>blue</Value></member></Tags></User>");
  EXPECT_TRUE(user("ann").id.str().starts_with("AIDA"));
}

TEST_F(Users, NamesDifferByMoreThanCaseAndAreFoundByTheirOwn) {
  make_user("ann");
  const QueryAnswer refused = call("CreateUser", {{"UserName", "ANN"}});
  EXPECT_EQ(refused.code(), "EntityAlreadyExists");
  EXPECT_EQ(refused.fault->status, 409);
  const QueryAnswer missing = call("GetUser", {{"UserName", "Ann"}});
  EXPECT_EQ(missing.code(), "NoSuchEntity");
  EXPECT_EQ(missing.fault->status, 404);
  EXPECT_EQ(missing.message(), "The user with name Ann cannot be found.");
}

TEST_F(Users, NamesAndPathsAreChecked) {
  EXPECT_EQ(code("CreateUser"), "ValidationError");
  EXPECT_EQ(code("CreateUser", {{"UserName", "two words"}}), "ValidationError");
  EXPECT_EQ(code("CreateUser", {{"UserName", std::string(65, 'a')}}), "ValidationError");
  EXPECT_EQ(code("CreateUser", {{"UserName", "ann"}, {"Path", "ops"}}), "ValidationError");
  EXPECT_EQ(code("CreateUser", {{"UserName", "ann"}, {"PermissionsBoundary", kReadOnly}}), "ValidationError");
  EXPECT_TRUE(call("CreateUser", {{"UserName", std::string(64, 'a')}, {"Path", "/"}}).ok());
}

TEST_F(Users, ThereAreAsManyAsTheQuotaSays) {
  fill<model::IamUser>(base::limits::kIamUsers);
  const QueryAnswer refused = call("CreateUser", {{"UserName", "ann"}});
  EXPECT_EQ(refused.code(), "LimitExceeded");
  EXPECT_EQ(refused.fault->status, 409);
  EXPECT_THAT(refused.message(), HasSubstr("UsersPerAccount: 5000"));
}

TEST_F(Users, WithoutANameTheCallerIsMeant) {
  const QueryAnswer root = call("GetUser");
  EXPECT_EQ(root.text("Arn"), "arn:aws:iam::000000000000:root");
  EXPECT_EQ(root.text("UserId"), "000000000000");
  make_user("ann");
  call_as("ann");
  EXPECT_EQ(made("GetUser", "UserName"), "ann");
  do_it("DeleteUser", {{"UserName", "ann"}});
  EXPECT_EQ(code("GetUser"), "NoSuchEntity");
  caller_ = {.arn = model::Arn("arn:aws:sts::000000000000:assumed-role/ops/s"),
             .user_id = "AROA:s",
             .account = account_,
             .role = model::IamRoleId("AROA")};
  EXPECT_EQ(code("GetUser"), "ValidationError");
}

TEST_F(Users, AreRenamedAndMoved) {
  const std::string id = make_user("ann");
  make_user("bob");
  do_it("UpdateUser", {{"UserName", "ann"}, {"NewUserName", "Ann"}, {"NewPath", "/ops/"}});
  EXPECT_EQ(user("Ann").id.str(), id);
  EXPECT_EQ(made("GetUser", "Arn", {{"UserName", "Ann"}}), "arn:aws:iam::000000000000:user/ops/Ann");
  EXPECT_EQ(code("UpdateUser", {{"UserName", "Ann"}, {"NewUserName", "BOB"}}), "EntityAlreadyExists");
  EXPECT_EQ(code("UpdateUser", {{"UserName", "Ann"}, {"NewUserName", "a b"}}), "ValidationError");
  EXPECT_EQ(code("UpdateUser", {{"UserName", "Ann"}, {"NewPath", "x"}}), "ValidationError");
  EXPECT_EQ(code("UpdateUser", {{"UserName", "eve"}}), "NoSuchEntity");
}

TEST_F(Users, GoWhenNothingIsLeftOfThem) {
  make_user("ann");
  const wire::Pairs ann{{"UserName", "ann"}};
  const std::string key = made("CreateAccessKey", "AccessKeyId", ann);
  do_it("AttachUserPolicy", {{"UserName", "ann"}, {"PolicyArn", kReadOnly}});
  do_it("PutUserPolicy", {{"UserName", "ann"}, {"PolicyName", "own"}, {"PolicyDocument", kAllowAll}});

  EXPECT_THAT(call("DeleteUser", ann).message(), HasSubstr("access keys"));
  do_it("DeleteAccessKey", {{"UserName", "ann"}, {"AccessKeyId", key}});
  EXPECT_THAT(call("DeleteUser", ann).message(), HasSubstr("detach all policies"));
  do_it("DetachUserPolicy", {{"UserName", "ann"}, {"PolicyArn", kReadOnly}});
  const QueryAnswer refused = call("DeleteUser", ann);
  EXPECT_EQ(refused.code(), "DeleteConflict");
  EXPECT_EQ(refused.fault->status, 409);
  do_it("DeleteUserPolicy", {{"UserName", "ann"}, {"PolicyName", "own"}});
  do_it("DeleteUser", ann);
  EXPECT_EQ(code("DeleteUser", ann), "NoSuchEntity");
}

TEST_F(Users, AreListedByPath) {
  make_user("bob");
  do_it("CreateUser", {{"UserName", "ann"}, {"Path", "/ops/"}, {"Tags.member.1.Key", "team"}});
  const QueryAnswer all = call("ListUsers");
  EXPECT_THAT(all.texts("UserName"), ElementsAre("ann", "bob"));
  EXPECT_EQ(all.text("IsTruncated"), "false");
  EXPECT_EQ(all.text("Tags"), "");  // lists leave them out, as on AWS
  EXPECT_THAT(call("ListUsers", {{"PathPrefix", "/op"}}).texts("UserName"), ElementsAre("ann"));
  EXPECT_EQ(code("ListUsers", {{"PathPrefix", "op"}}), "ValidationError");
}

}  // namespace
}  // namespace sallyport::api::identity
