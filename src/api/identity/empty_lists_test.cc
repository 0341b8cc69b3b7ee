#include "api/identity/identity_fixture.h"

namespace sallyport::api::identity {
namespace {

using EmptyLists = IdentityTest;

TEST_F(EmptyLists, AreEmptyForWhoThereIs) {
  make_user("ann");
  make_role("ops");
  const wire::Pairs ann{{"UserName", "ann"}};
  for (const auto& [operation, list] :
       {std::pair{"ListGroupsForUser", "Groups"}, std::pair{"ListMFADevices", "MFADevices"},
        std::pair{"ListSigningCertificates", "Certificates"}, std::pair{"ListSSHPublicKeys", "SSHPublicKeys"},
        std::pair{"ListServiceSpecificCredentials", "ServiceSpecificCredentials"}}) {
    EXPECT_EQ(call(operation, ann).xml,
              "<IsTruncated>false</IsTruncated><" + std::string(list) + "></" + std::string(list) + ">");
    EXPECT_EQ(code(operation, {{"UserName", "eve"}}), "NoSuchEntity") << operation;
  }
  EXPECT_EQ(made("ListInstanceProfilesForRole", "InstanceProfiles", {{"RoleName", "ops"}}), "");
  EXPECT_EQ(code("ListInstanceProfilesForRole", {{"RoleName", "eve"}}), "NoSuchEntity");
}

TEST_F(EmptyLists, NobodyHasAPassword) {
  make_user("ann");
  const QueryAnswer refused = call("GetLoginProfile", {{"UserName", "ann"}});
  EXPECT_EQ(refused.code(), "NoSuchEntity");
  EXPECT_EQ(refused.message(), "The Login Profile of user with name ann cannot be found.");
}

TEST_F(EmptyLists, OfTheCallerAndOfAll) {
  EXPECT_TRUE(call("ListMFADevices").ok());  // of root
  EXPECT_TRUE(call("ListServiceSpecificCredentials", {{"AllUsers", "true"}}).ok());
  EXPECT_EQ(code("ListSSHPublicKeys"), "ValidationError");
  make_user("ann");
  call_as("ann");
  EXPECT_TRUE(call("ListSSHPublicKeys").ok());
}

TEST_F(EmptyLists, TheSummaryCountsWhatThereIs) {
  make_user("ann");
  make_policy("look");
  const QueryAnswer summary = call("GetAccountSummary");
  EXPECT_THAT(summary.xml, testing::HasSubstr("<entry><key>Users</key><value>1</value></entry>"));
  EXPECT_THAT(summary.xml, testing::HasSubstr("<entry><key>PolicyVersionsInUse</key><value>1</value></entry>"));
  EXPECT_THAT(summary.xml, testing::HasSubstr("<entry><key>UsersQuota</key><value>5000</value></entry>"));
}

}  // namespace
}  // namespace sallyport::api::identity
