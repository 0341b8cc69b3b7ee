#include "api/identity/identity_fixture.h"
#include "iam/principals.h"

namespace sallyport::api::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class AccessKeys : public IdentityTest {
 protected:
  AccessKeys() { make_user("ann"); }
  const wire::Pairs ann_{{"UserName", "ann"}};
};

TEST_F(AccessKeys, TellTheirSecretOnceAndAreKeptSealed) {
  const QueryAnswer made = call("CreateAccessKey", ann_);
  const std::string id = made.text("AccessKeyId");
  const std::string secret = made.text("SecretAccessKey");
  EXPECT_EQ(id.size(), 20U);
  EXPECT_EQ(secret.size(), 40U);
  EXPECT_EQ(made.text("Status"), "Active");
  const auto* record = model::find_in<model::AccessKeyRecord>(identities_, model::AccessKeyId(id));
  ASSERT_NE(record, nullptr);
  EXPECT_THAT(record->sealed_secret, Not(HasSubstr(secret)));
  const auto key = iam::find_user_key(identities_, sealer_, account_, id);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->secret, secret);
  EXPECT_EQ(key->principal.name, "ann");

  const QueryAnswer listed = call("ListAccessKeys", ann_);
  EXPECT_THAT(listed.texts("AccessKeyId"), ElementsAre(id));
  EXPECT_THAT(listed.xml, Not(HasSubstr("Secret")));
}

TEST_F(AccessKeys, AreTwoAtMost) {
  const std::string first = made("CreateAccessKey", "AccessKeyId", ann_);
  made("CreateAccessKey", "AccessKeyId", ann_);
  const QueryAnswer refused = call("CreateAccessKey", ann_);
  EXPECT_EQ(refused.code(), "LimitExceeded");
  EXPECT_THAT(refused.message(), HasSubstr("AccessKeysPerUser: 2"));
  do_it("DeleteAccessKey", {{"UserName", "ann"}, {"AccessKeyId", first}});
  EXPECT_TRUE(call("CreateAccessKey", ann_).ok());
}

TEST_F(AccessKeys, AreTurnedOffAndOn) {
  const std::string id = made("CreateAccessKey", "AccessKeyId", ann_);
  do_it("UpdateAccessKey", {{"UserName", "ann"}, {"AccessKeyId", id}, {"Status", "Inactive"}});
  EXPECT_EQ(made("ListAccessKeys", "Status", ann_), "Inactive");
  EXPECT_FALSE(iam::find_user_key(identities_, sealer_, account_, id));
  do_it("UpdateAccessKey", {{"UserName", "ann"}, {"AccessKeyId", id}, {"Status", "Active"}});
  EXPECT_TRUE(iam::find_user_key(identities_, sealer_, account_, id));
  EXPECT_EQ(code("UpdateAccessKey", {{"UserName", "ann"}, {"AccessKeyId", id}, {"Status", "Expired"}}),
            "ValidationError");
}

TEST_F(AccessKeys, AreTheCallersWithoutAName) {
  EXPECT_EQ(code("CreateAccessKey"), "ValidationError");  // root, which is no user
  call_as("ann");
  const std::string id = made("CreateAccessKey", "AccessKeyId");
  EXPECT_EQ(made("ListAccessKeys", "UserName"), "ann");
  do_it("UpdateAccessKey", {{"AccessKeyId", id}, {"Status", "Inactive"}});
  do_it("DeleteAccessKey", {{"AccessKeyId", id}});
  EXPECT_TRUE(model::all_of<model::AccessKeyRecord>(identities_).empty());
}

TEST_F(AccessKeys, OfAnotherAreNotFound) {
  make_user("bob");
  const std::string id = made("CreateAccessKey", "AccessKeyId", ann_);
  EXPECT_EQ(code("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", id}}), "NoSuchEntity");
  EXPECT_EQ(code("UpdateAccessKey", {{"UserName", "bob"}, {"AccessKeyId", id}, {"Status", "Active"}}), "NoSuchEntity");
  EXPECT_EQ(code("DeleteAccessKey", {{"UserName", "ann"}, {"AccessKeyId", "AKIANONE"}}), "NoSuchEntity");
  EXPECT_EQ(code("CreateAccessKey", {{"UserName", "eve"}}), "NoSuchEntity");
  EXPECT_TRUE(call("ListAccessKeys", {{"UserName", "bob"}}).texts("AccessKeyId").empty());
}

TEST_F(AccessKeys, WereNeverUsedAsFarAsIsKnown) {
  const std::string id = made("CreateAccessKey", "AccessKeyId", ann_);
  EXPECT_EQ(call("GetAccessKeyLastUsed", {{"AccessKeyId", id}}).xml,
            "<UserName>ann</UserName><AccessKeyLastUsed><ServiceName>N/A</ServiceName><Region>N/A</Region>"
            "</AccessKeyLastUsed>");
  EXPECT_EQ(code("GetAccessKeyLastUsed", {{"AccessKeyId", "AKIANONE"}}), "NoSuchEntity");
}

}  // namespace
}  // namespace sallyport::api::identity
