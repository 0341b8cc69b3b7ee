#include "iam/entry_policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/limits.h"

namespace sallyport::iam {
namespace {

using base::ErrorKind;
using testing::HasSubstr;

std::string refusal(bool whole_cluster, std::vector<std::string> namespaces) {
  const auto checked = check_access_scope({.whole_cluster = whole_cluster, .namespaces = std::move(namespaces)});
  if (checked) return "accepted";
  EXPECT_EQ(checked.error().kind, ErrorKind::kInvalidParameter);
  EXPECT_EQ(checked.error().field, "accessScope.namespaces");
  return checked.error().message;
}

TEST(EntryPolicies, AreThoseThatSallyportAnswersFor) {
  std::vector<std::string_view> names(entry_policy_names().begin(), entry_policy_names().end());
  EXPECT_TRUE(std::ranges::is_sorted(names));
  for (const std::string_view name : names)
    EXPECT_TRUE(check_entry_policy(entry_policy_arn(name))) << name;
  EXPECT_EQ(entry_policy_arn("AmazonEKSViewPolicy").str(),
            "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy");
}

TEST(EntryPolicies, OthersAreNotFoundAndOtherArnsAreRefused) {
  for (const char* name : {"AmazonEKSAutoNodePolicy", "AmazonEKSviewPolicy", "amazonEKSViewPolicy"}) {
    EXPECT_EQ(check_entry_policy(entry_policy_arn(name)).error().kind, ErrorKind::kNotFound) << name;
    EXPECT_TRUE(check_entry_policy_form(entry_policy_arn(name)));
  }
  for (const char* arn : {"", "AmazonEKSViewPolicy", "arn:aws:iam::aws:policy/AmazonEKSViewPolicy",
                          "arn:aws:eks::aws:cluster-access-policy/", "arn:aws:eks::aws:cluster-access-policy/a/b",
                          "arn:aws:eks::000000000000:cluster-access-policy/AmazonEKSViewPolicy",
                          "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy "}) {
    const auto checked = check_entry_policy(model::Arn(arn));
    ASSERT_FALSE(checked) << arn;
    EXPECT_EQ(checked.error().kind, ErrorKind::kInvalidParameter) << arn;
    EXPECT_THAT(checked.error().message, HasSubstr("The policyArn parameter format is not valid"));
  }
}

TEST(AccessScope, NamespacesWhereTheyBelong) {
  EXPECT_EQ(refusal(true, {}), "accepted");
  EXPECT_THAT(refusal(true, {"dev"}), HasSubstr("has no place in a scope of type cluster"));
  EXPECT_THAT(refusal(false, {}), HasSubstr("is required in a scope of type namespace"));
  EXPECT_EQ(refusal(false, {"dev", "dev-*", "*", "1", "a-b", "*-team", std::string(63, 'a')}), "accepted");
  for (const std::string& bad :
       {std::string(), std::string("Dev"), std::string("a_b"), std::string("-a"), std::string("a-"), std::string("a.b"),
        std::string("a b"), std::string("a\n"), std::string("é"), std::string(64, 'a')}) {
    EXPECT_THAT(refusal(false, {"dev", bad}), HasSubstr("is no name of a namespace")) << bad;
  }
  EXPECT_THAT(refusal(false, {"dev", "dev"}), HasSubstr("repeats dev"));
}

TEST(AccessScope, HasALimit) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < base::limits::kNamespacesPerAccessScope; ++i)
    names.push_back("n" + std::to_string(i));
  EXPECT_EQ(refusal(false, names), "accepted");
  names.emplace_back("more");
  EXPECT_THAT(refusal(false, names), HasSubstr("has 101 entries; at most 100 are allowed"));
}

RC_GTEST_PROP(AccessScope, AnyTextIsAcceptedOrRefused, (const std::string& name)) {
  const bool kept = std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '*'; });
  if (check_access_scope({.whole_cluster = false, .namespaces = {name}})) RC_ASSERT(kept && !name.empty());
}

}  // namespace
}  // namespace sallyport::iam
