#include "api/identity/identity_fixture.h"

namespace sallyport::api::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The same for users and roles.
struct Holder {
  std::string kind;       // "User"
  std::string parameter;  // "UserName"
};

class Attachments : public IdentityTest, public testing::WithParamInterface<Holder> {
 protected:
  Attachments() { GetParam().kind == "User" ? make_user("one") : make_role("one"); }

  wire::Pairs with(const std::string& arn, const std::string& name = "one") const {
    return {{GetParam().parameter, name}, {"PolicyArn", arn}};
  }
  std::string operation(const std::string& verb) const { return verb + GetParam().kind + "Policy"; }
  QueryAnswer list(wire::Pairs more = {}) {
    more.emplace_back(GetParam().parameter, "one");
    return call("ListAttached" + GetParam().kind + "Policies", std::move(more));
  }
};

TEST_P(Attachments, AreMadeOnceAndTakenOff) {
  const std::string look = make_policy("look", "/ops/");
  do_it(operation("Attach"), with(look));
  do_it(operation("Attach"), with(look));
  do_it(operation("Attach"), with(kReadOnly));
  const QueryAnswer listed = list();
  EXPECT_THAT(listed.texts("PolicyName"), ElementsAre("ReadOnlyAccess", "look"));
  EXPECT_THAT(listed.texts("PolicyArn"), ElementsAre(kReadOnly, look));
  EXPECT_THAT(list({{"PathPrefix", "/ops/"}}).texts("PolicyArn"), ElementsAre(look));
  do_it(operation("Detach"), with(look));
  EXPECT_THAT(list().texts("PolicyArn"), ElementsAre(kReadOnly));
  EXPECT_EQ(code(operation("Detach"), with(look)), "NoSuchEntity");
}

TEST_P(Attachments, AreBetweenWhatThereIs) {
  EXPECT_EQ(code(operation("Attach"), with(kReadOnly, "eve")), "NoSuchEntity");
  EXPECT_EQ(code(operation("Detach"), with(kReadOnly, "eve")), "NoSuchEntity");
  EXPECT_EQ(code(operation("Attach"), with("arn:aws:iam::000000000000:policy/none")), "NoSuchEntity");
  EXPECT_EQ(code(operation("Attach"), with("none")), "InvalidInput");
  EXPECT_EQ(code(operation("Attach"), {{GetParam().parameter, "one"}}), "ValidationError");
}

TEST_P(Attachments, AreTenAtMost) {
  for (int i = 0; i < 10; ++i)
    do_it(operation("Attach"), with(make_policy("p" + std::to_string(i))));
  const QueryAnswer refused = call(operation("Attach"), with(kReadOnly));
  EXPECT_EQ(refused.code(), "LimitExceeded");
  EXPECT_THAT(refused.message(), HasSubstr(": 10"));
  EXPECT_TRUE(call(operation("Attach"), with("arn:aws:iam::000000000000:policy/p3")).ok());
}

INSTANTIATE_TEST_SUITE_P(Holders, Attachments, testing::Values(Holder{"User", "UserName"}, Holder{"Role", "RoleName"}),
                         [](const auto& of) { return of.param.kind; });

}  // namespace
}  // namespace sallyport::api::identity
