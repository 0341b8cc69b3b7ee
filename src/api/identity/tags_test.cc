#include "api/identity/tags.h"

#include "api/identity/identity_fixture.h"

namespace sallyport::api::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The same for all three kinds.
struct Subject {
  std::string kind;
  std::pair<std::string, std::string> name;
};

class IdentityTags : public IdentityTest, public testing::WithParamInterface<Subject> {
 protected:
  IdentityTags() {
    make_user("one");
    make_role("one");
    make_policy("one");
  }
  QueryAnswer tag(wire::Pairs tags) {
    tags.push_back(GetParam().name);
    return call("Tag" + GetParam().kind, std::move(tags));
  }
  QueryAnswer untag(wire::Pairs keys) {
    keys.push_back(GetParam().name);
    return call("Untag" + GetParam().kind, std::move(keys));
  }
  QueryAnswer list(wire::Pairs more = {}) {
    more.push_back(GetParam().name);
    return call("List" + GetParam().kind + "Tags", std::move(more));
  }
};

TEST_P(IdentityTags, ArePutAndTakenOff) {
  ASSERT_TRUE(tag({{"Tags.member.1.Key", "team"},
                   {"Tags.member.1.Value", "blue"},
                   {"Tags.member.2.Key", "cost centre"},
                   {"Tags.member.2.Value", ""}})
                  .ok());
  EXPECT_EQ(list().text("Tags"),
            "<member><Key>cost centre</Key><Value></Value></member>"
            "<member><Key>team</Key><Value>blue</Value></member>");
  ASSERT_TRUE(tag({{"Tags.member.1.Key", "Team"}, {"Tags.member.1.Value", "red"}}).ok());
  EXPECT_THAT(list().texts("Key"), ElementsAre("Team", "cost centre"));
  EXPECT_THAT(list().texts("Value"), ElementsAre("red", ""));
  EXPECT_THAT(list({{"MaxItems", "1"}}).texts("Key"), ElementsAre("Team"));
  ASSERT_TRUE(untag({{"TagKeys.member.1", "team"}, {"TagKeys.member.2", "never was"}}).ok());
  EXPECT_THAT(list().texts("Key"), ElementsAre("cost centre"));
}

TEST_P(IdentityTags, EmptyListsChangeNothing) {
  EXPECT_TRUE(tag({{"Tags", ""}}).ok());
  EXPECT_TRUE(untag({{"TagKeys", ""}}).ok());
}

TEST_P(IdentityTags, AreChecked) {
  const auto refusal = [&](const std::string& key, const std::string& value) {
    return tag({{"Tags.member.1.Key", key}, {"Tags.member.1.Value", value}}).code();
  };
  EXPECT_EQ(refusal("", "v"), "ValidationError");
  EXPECT_EQ(refusal(std::string(129, 'k'), "v"), "InvalidInput");
  EXPECT_EQ(refusal("k", std::string(257, 'v')), "InvalidInput");
  EXPECT_EQ(refusal("k*", "v"), "InvalidInput");
  EXPECT_EQ(refusal("k", "v;"), "InvalidInput");
  EXPECT_EQ(refusal("AWS:k", "v"), "InvalidInput");
  EXPECT_EQ(refusal("\u00e9t\u00e9", "\u00e9"), "");
  EXPECT_EQ(tag({{"Tags.member.1.Key", "k"}, {"Tags.member.2.Key", "K"}}).code(), "InvalidInput");
}

TEST_P(IdentityTags, AreFiftyAtMost) {
  const auto tags = [](int from, int to) {
    wire::Pairs pairs;
    for (int i = from; i < to; ++i)
      pairs.emplace_back("Tags.member." + std::to_string(i + 1) + ".Key", "k" + std::to_string(i));
    return pairs;
  };
  EXPECT_EQ(tag(tags(0, 51)).code(), "LimitExceeded");
  ASSERT_TRUE(tag(tags(0, 50)).ok());
  const QueryAnswer refused = tag(tags(50, 51));
  EXPECT_EQ(refused.code(), "LimitExceeded");
  EXPECT_THAT(refused.message(), HasSubstr("TagsPerResource: 50"));
  EXPECT_TRUE(tag(tags(3, 5)).ok());
}

INSTANTIATE_TEST_SUITE_P(Subjects, IdentityTags,
                         testing::Values(Subject{"User", {"UserName", "one"}}, Subject{"Role", {"RoleName", "one"}},
                                         Subject{"Policy", {"PolicyArn", "arn:aws:iam::000000000000:policy/one"}}),
                         [](const auto& of) { return of.param.kind; });

using TagsOfNothing = IdentityTest;

TEST_F(TagsOfNothing, AreNotFound) {
  EXPECT_EQ(code("TagUser", {{"UserName", "eve"}, {"Tags.member.1.Key", "k"}}), "NoSuchEntity");
  EXPECT_EQ(code("UntagRole", {{"RoleName", "eve"}, {"TagKeys.member.1", "k"}}), "NoSuchEntity");
  EXPECT_EQ(code("ListPolicyTags", {{"PolicyArn", "arn:aws:iam::000000000000:policy/eve"}}), "NoSuchEntity");
  EXPECT_EQ(made("ListPolicyTags", "Tags", {{"PolicyArn", kReadOnly}}), "");
}

}  // namespace
}  // namespace sallyport::api::identity
