#include "api/identity/identity_fixture.h"

namespace sallyport::api::identity {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class PolicyLists : public IdentityTest {
 protected:
  PolicyLists() {
    make_user("ann");
    make_role("ops");
    do_it("AttachUserPolicy", {{"UserName", "ann"}, {"PolicyArn", look_}});
    do_it("AttachRolePolicy", {{"RoleName", "ops"}, {"PolicyArn", look_}});
    do_it("AttachRolePolicy", {{"RoleName", "ops"}, {"PolicyArn", kReadOnly}});
  }
  std::vector<std::string> names(wire::Pairs parameters) {
    return call("ListPolicies", std::move(parameters)).texts("PolicyName");
  }

  const std::string look_ = make_policy("look", "/ops/");
  const std::string touch_ = make_policy("touch");
};

TEST_F(PolicyLists, HaveAScope) {
  EXPECT_THAT(names({{"Scope", "Local"}}), ElementsAre("look", "touch"));
  EXPECT_THAT(names({{"Scope", "AWS"}}), Contains("AdministratorAccess"));
  EXPECT_THAT(names({{"Scope", "AWS"}}), Not(Contains("look")));
  EXPECT_EQ(names({}).size(), names({{"Scope", "AWS"}}).size() + 2);
  EXPECT_EQ(code("ListPolicies", {{"Scope", "local"}}), "ValidationError");
}

TEST_F(PolicyLists, AreOfThoseInUse) {
  const QueryAnswer attached = call("ListPolicies", {{"OnlyAttached", "true"}});
  EXPECT_THAT(attached.texts("PolicyName"), ElementsAre("ReadOnlyAccess", "look"));
  EXPECT_THAT(attached.texts("AttachmentCount"), ElementsAre("1", "2"));
  EXPECT_THAT(names({{"PolicyUsageFilter", "PermissionsPolicy"}}), ElementsAre("ReadOnlyAccess", "look"));
  EXPECT_THAT(names({{"PolicyUsageFilter", "PermissionsBoundary"}}), IsEmpty());
  EXPECT_THAT(names({{"PathPrefix", "/ops/"}}), ElementsAre("look"));
  EXPECT_EQ(code("ListPolicies", {{"OnlyAttached", "maybe"}}), "ValidationError");
  EXPECT_EQ(code("ListPolicies", {{"PolicyUsageFilter", "x"}}), "ValidationError");
}

TEST_F(PolicyLists, ASameNameStandsTwice) {
  make_policy("ReadOnlyAccess");
  EXPECT_EQ(names({{"OnlyAttached", "false"}}).size(), names({{"Scope", "AWS"}}).size() + 3);
}

TEST_F(PolicyLists, SayWhoHasAPolicy) {
  const wire::Pairs look{{"PolicyArn", look_}};
  const QueryAnswer all = call("ListEntitiesForPolicy", look);
  EXPECT_THAT(all.texts("UserName"), ElementsAre("ann"));
  EXPECT_THAT(all.texts("UserId"), ElementsAre(user("ann").id.str()));
  EXPECT_THAT(all.texts("RoleName"), ElementsAre("ops"));
  EXPECT_THAT(all.texts("PolicyGroups"), ElementsAre(""));
  EXPECT_EQ(all.text("IsTruncated"), "false");

  const QueryAnswer users = call("ListEntitiesForPolicy", {look.front(), {"EntityFilter", "User"}});
  EXPECT_THAT(users.texts("UserName"), ElementsAre("ann"));
  EXPECT_THAT(users.texts("RoleName"), IsEmpty());
  EXPECT_THAT(call("ListEntitiesForPolicy", {look.front(), {"PathPrefix", "/none/"}}).texts("UserName"), IsEmpty());
  EXPECT_THAT(call("ListEntitiesForPolicy", {{"PolicyArn", touch_}}).texts("UserName"), IsEmpty());
  EXPECT_EQ(code("ListEntitiesForPolicy", {look.front(), {"EntityFilter", "Robot"}}), "ValidationError");
  EXPECT_EQ(code("ListEntitiesForPolicy", {{"PolicyArn", look_ + "x"}}), "NoSuchEntity");
}

TEST_F(PolicyLists, WhoHasAPolicyComesInPages) {
  const QueryAnswer first = call("ListEntitiesForPolicy", {{"PolicyArn", look_}, {"MaxItems", "1"}});
  EXPECT_THAT(first.texts("RoleName"), ElementsAre("ops"));
  EXPECT_THAT(first.texts("UserName"), IsEmpty());
  const QueryAnswer second =
      call("ListEntitiesForPolicy", {{"PolicyArn", look_}, {"MaxItems", "1"}, {"Marker", first.text("Marker")}});
  EXPECT_THAT(second.texts("UserName"), ElementsAre("ann"));
  EXPECT_EQ(second.text("IsTruncated"), "false");
}

}  // namespace
}  // namespace sallyport::api::identity
