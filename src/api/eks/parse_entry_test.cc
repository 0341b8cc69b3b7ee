#include "api/eks/parse_entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::api::eks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const model::ClusterName kName("demo");
const model::Arn kAnn("arn:aws:iam::000000000000:user/ann");

template <class Parsed>
std::string message(const Parsed& parsed) {
  return parsed ? "accepted" : parsed.error().message;
}

TEST(ParseCreateEntry, ReadsAll) {
  const auto request = parse_create_entry(
      kName, R"({"principalArn":"arn:aws:iam::000000000000:user/ann","kubernetesGroups":["a","b"],"username":"ann",)"
             R"("type":"STANDARD","tags":{"team":"blue"},"clientRequestToken":"t-1"})");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->principal, kAnn);
  EXPECT_EQ(request->type, "STANDARD");
  EXPECT_EQ(request->username, "ann");
  EXPECT_THAT(request->groups, ElementsAre("a", "b"));
  EXPECT_EQ(request->tags, (model::Tags{{"team", "blue"}}));
  EXPECT_EQ(request->request.token, "t-1");
  EXPECT_EQ(request->request.hash.size(), 64U);
}

TEST(ParseCreateEntry, FillsInTheType) {
  const auto request = parse_create_entry(kName, R"({"principalArn":"x"})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->type, "STANDARD");
  EXPECT_EQ(request->username, std::nullopt);
  EXPECT_THAT(request->groups, IsEmpty());
}

TEST(ParseCreateEntry, RefusesByTheMembersName) {
  const auto refusal = [](const char* text) { return message(parse_create_entry(kName, text)); };
  EXPECT_EQ(refusal("{}"), "principalArn is required: the ARN of a user, of a role or of root");
  EXPECT_EQ(refusal(R"({"principalArn":""})"), "principalArn is required: the ARN of a user, of a role or of root");
  EXPECT_EQ(refusal(R"({"principalArn":"x","type":"Standard"})"),
            "type must be one of STANDARD, FARGATE_LINUX, EC2_LINUX, EC2_WINDOWS, EC2, HYBRID_LINUX, HYPERPOD_LINUX, "
            "is \"Standard\"");
  EXPECT_EQ(refusal(R"({"principalArn":"x","kubernetesGroups":"a"})").substr(0, 16), "kubernetesGroups");
  EXPECT_EQ(refusal(R"({"principalArn":"x","groups":[]})").substr(0, 6), "groups");
  EXPECT_EQ(parse_create_entry(kName, "").error().kind, base::ErrorKind::kCorrupt);
}

TEST(ParseCreateEntry, TheHashCoversTheClusterAndNotTheToken) {
  const auto hash = [](const char* cluster, const char* text) {
    return parse_create_entry(model::ClusterName(cluster), text)->request.hash;
  };
  EXPECT_EQ(hash("a", R"({"principalArn":"x","clientRequestToken":"1"})"), hash("a", R"({"principalArn":"x"})"));
  EXPECT_NE(hash("a", R"({"principalArn":"x"})"), hash("b", R"({"principalArn":"x"})"));
  EXPECT_NE(hash("a", R"({"principalArn":"x"})"), hash("a", R"({"principalArn":"y"})"));
}

TEST(ParseUpdateEntry, TellsNothingFromAnEmptyList) {
  const auto none = parse_update_entry(kName, kAnn, "{}");
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->username);
  EXPECT_FALSE(none->groups);
  const auto empty = parse_update_entry(kName, kAnn, R"({"kubernetesGroups":[],"username":"ann"})");
  ASSERT_TRUE(empty);
  EXPECT_THAT(*empty->groups, IsEmpty());
  EXPECT_EQ(empty->username, "ann");
  EXPECT_NE(none->request.hash, parse_update_entry(kName, model::Arn("other"), "{}")->request.hash);
  EXPECT_EQ(message(parse_update_entry(kName, kAnn, R"({"type":"EC2"})")).substr(0, 4), "type");
}

TEST(ParseAssociatePolicy, ReadsThePolicyAndItsScope) {
  const auto whole = parse_associate_policy(R"({"policyArn":"arn","accessScope":{"type":"cluster"}})");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->policy.str(), "arn");
  EXPECT_TRUE(whole->scope.whole_cluster);
  EXPECT_THAT(whole->scope.namespaces, IsEmpty());
  const auto some =
      parse_associate_policy(R"({"policyArn":"arn","accessScope":{"type":"namespace","namespaces":["a","b-*"]}})");
  ASSERT_TRUE(some);
  EXPECT_FALSE(some->scope.whole_cluster);
  EXPECT_THAT(some->scope.namespaces, ElementsAre("a", "b-*"));
}

TEST(ParseAssociatePolicy, NeedsBoth) {
  const auto refusal = [](const char* text) { return message(parse_associate_policy(text)); };
  EXPECT_EQ(refusal(R"({"accessScope":{"type":"cluster"}})"), "policyArn is required: the ARN of an access policy");
  EXPECT_EQ(refusal(R"({"policyArn":"arn"})"),
            "accessScope is required: its type, and the namespaces where that is namespace");
  EXPECT_EQ(refusal(R"({"policyArn":"arn","accessScope":{}})"), "accessScope.type must be cluster or namespace");
  EXPECT_EQ(refusal(R"({"policyArn":"arn","accessScope":{"type":"Cluster"}})"),
            "accessScope.type must be cluster or namespace, is \"Cluster\"");
  EXPECT_EQ(refusal(R"({"policyArn":"arn","accessScope":{"type":"cluster","namespace":"a"}})").substr(0, 21),
            "accessScope.namespace");
}

}  // namespace
}  // namespace sallyport::api::eks
