#include "api/identity/page.h"

#include "api/identity/identity_fixture.h"

namespace sallyport::api::identity {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Pages = IdentityTest;

TEST_F(Pages, GoOnWhereTheLastEndedWhateverCameInBetween) {
  for (const char* name : {"b", "d", "f", "h"})
    make_user(name);
  const QueryAnswer first = call("ListUsers", {{"MaxItems", "2"}});
  EXPECT_THAT(first.texts("UserName"), ElementsAre("b", "d"));
  EXPECT_EQ(first.text("IsTruncated"), "true");
  make_user("a");
  make_user("e");
  do_it("DeleteUser", {{"UserName", "d"}});
  const QueryAnswer second = call("ListUsers", {{"MaxItems", "2"}, {"Marker", first.text("Marker")}});
  EXPECT_THAT(second.texts("UserName"), ElementsAre("e", "f"));
  const QueryAnswer last = call("ListUsers", {{"MaxItems", "2"}, {"Marker", second.text("Marker")}});
  EXPECT_THAT(last.texts("UserName"), ElementsAre("h"));
  EXPECT_EQ(last.text("IsTruncated"), "false");
  EXPECT_THAT(last.texts("Marker"), IsEmpty());
}

TEST_F(Pages, HoldAHundredUnlessAsked) {
  fill<model::IamUser>(150);
  EXPECT_EQ(call("ListUsers").texts("UserName").size(), 100U);
  EXPECT_EQ(call("ListUsers", {{"MaxItems", "1000"}}).texts("UserName").size(), 150U);
  EXPECT_EQ(code("ListUsers", {{"MaxItems", "0"}}), "ValidationError");
  EXPECT_EQ(code("ListUsers", {{"MaxItems", "1001"}}), "ValidationError");
}

TEST_F(Pages, MarkersAreOfTheirOperation) {
  fill<model::IamUser>(3);
  const std::string marker = made("ListUsers", "Marker", {{"MaxItems", "1"}});
  EXPECT_EQ(code("ListRoles", {{"Marker", marker}}), "ValidationError");
  EXPECT_EQ(code("ListUsers", {{"Marker", marker + "x"}}), "ValidationError");
  EXPECT_EQ(code("ListUsers", {{"Marker", "filler1"}}), "ValidationError");
}

}  // namespace
}  // namespace sallyport::api::identity
