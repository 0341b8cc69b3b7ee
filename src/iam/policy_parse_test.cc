#include "iam/policy_parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace sallyport::iam {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kWhole = R"({
  "Version": "2012-10-17",
  "Id": "whole",
  "Statement": [
    {
      "Sid": "Look",
      "Effect": "Allow",
      "Action": ["eks:Describe*", "eks:List*"],
      "Resource": "*"
    },
    {
      "Effect": "Deny",
      "NotAction": "eks:DescribeCluster",
      "NotResource": ["arn:aws:eks:us-east-1:000000000000:cluster/dev-*"],
      "Condition": {
        "NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"]},
        "Bool": {"aws:SecureTransport": false},
        "NumericLessThan": {"aws:MultiFactorAuthAge": 300}
      }
    }
  ]
})";

TEST(ParsePolicy, EveryElement) {
  const auto policy = parse_policy(kWhole, PolicyKind::kIdentity);
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_TRUE(policy->has_variables);
  ASSERT_EQ(policy->statements.size(), 2U);
  const Statement& look = policy->statements[0];
  EXPECT_EQ(look.sid, "Look");
  EXPECT_EQ(look.effect, Effect::kAllow);
  EXPECT_FALSE(look.not_action);
  EXPECT_THAT(look.actions, ElementsAre("eks:Describe*", "eks:List*"));
  EXPECT_THAT(look.resources, ElementsAre("*"));
  const Statement& rest = policy->statements[1];
  EXPECT_EQ(rest.effect, Effect::kDeny);
  EXPECT_TRUE(rest.not_action);
  EXPECT_TRUE(rest.not_resource);
  ASSERT_EQ(rest.conditions.size(), 3U);
  EXPECT_EQ(rest.conditions[0].key, "aws:sourceip");
  EXPECT_THAT(rest.conditions[0].values, ElementsAre("203.0.113.0/24", "198.51.100.7"));
  EXPECT_THAT(rest.conditions[1].values, ElementsAre("false"));
  EXPECT_THAT(rest.conditions[2].values, ElementsAre("300"));
}

TEST(ParsePolicy, OneStatementAndTheOldVersion) {
  const auto policy =
      parse_policy(R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})", PolicyKind::kIdentity);
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_FALSE(policy->has_variables);
  EXPECT_EQ(policy->statements.size(), 1U);
}

TEST(ParsePolicy, TrustNamesPrincipals) {
  const auto policy = parse_policy(R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
      "Principal": {"AWS": ["arn:aws:iam::000000000000:user/ann", "000000000000"]}, "Action": "sts:AssumeRole"}]})",
                                   PolicyKind::kTrust);
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_THAT(policy->statements[0].principals, ElementsAre("arn:aws:iam::000000000000:user/ann", "000000000000"));
}

std::string refusal(const std::string& text, PolicyKind kind = PolicyKind::kIdentity) {
  const auto policy = parse_policy(text, kind);
  if (policy) return "accepted";
  EXPECT_EQ(policy.error().kind, base::ErrorKind::kInvalidParameter);
  return policy.error().message;
}

// The statement of the second line.
std::string with(const std::string& statement) {
  return "{\"Version\": \"2012-10-17\", \"Statement\": [\n{" + statement + "}]}";
}

TEST(ParsePolicy, FaultsAreNamedWithTheirLine) {
  const std::string valid = R"("Effect": "Allow", "Action": "eks:*", "Resource": "*")";
  ASSERT_EQ(refusal(with(valid)), "accepted");
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"("Action": "eks:*", "Resource": "*")", "Statement[0] (line 2) has no Effect"},
      {R"("Effect": "allow", "Action": "eks:*", "Resource": "*")", "Statement[0].Effect (line 2) must be \"Allow\""},
      {R"("Effect": "Allow", "Resource": "*")", "must have one of Action and NotAction"},
      {R"("Effect": "Allow", "Action": "eks:*", "NotAction": "eks:*", "Resource": "*")", "one of Action and NotAction"},
      {R"("Effect": "Allow", "Action": "eks:*")", "must have one of Resource and NotResource"},
      {R"("Effect": "Allow", "Action": [], "Resource": "*")", "Statement[0].Action (line 2) is an empty list"},
      {R"("Effect": "Allow", "Action": "describe", "Resource": "*")", "\"describe\" is no action"},
      {R"("Effect": "Allow", "Action": "eks:*", "Resource": "cluster/x")", "\"cluster/x\" is no resource"},
      {R"("Effect": "Allow", "Action": 5, "Resource": "*")", "must be a string or a list of strings"},
      {R"("Effect": "Allow", "Action": "eks:*", "Resource": "*", "Sid": "a b")", "letters and digits"},
      {R"("Effect": "Allow", "Action": "eks:*", "Resource": "*", "Principal": "*")", "Principal (line 2) has no place"},
      {R"("Effect": "Allow", "Action": "eks:*", "Resource": "*", "Efect": "x")", "Efect (line 2) has no place"},
      {valid + R"(, "Condition": 5)", "Condition (line 2) must be an object"},
      {valid + R"(, "Condition": {"StringIs": {"a": "b"}})", "Condition.StringIs (line 2) is no condition operator"},
      {valid + R"(, "Condition": {"StringEquals": "b"})", "must be an object of condition keys"},
      {valid + R"(, "Condition": {"StringEquals": {"a": {}}})", "or a list of them"},
      {valid + R"(, "Condition": {"StringEquals": {"a": []}})", "or a list of them"},
  };
  for (const auto& [statement, message] : rows)
    EXPECT_THAT(refusal(with(statement)), HasSubstr(message)) << statement;
  EXPECT_THAT(refusal(with(valid + ",\n\n\"Condition\": {\"IpAddress\":\n{\"aws:SourceIp\": \"10.0.0.0/33\"}}")),
              AllOf(HasSubstr("Statement[0].Condition.IpAddress.aws:SourceIp (line 5)"), HasSubstr("\"10.0.0.0/33\"")));
}

TEST(ParsePolicy, FaultsOfTheWhole) {
  EXPECT_THAT(refusal("{"), HasSubstr("line 1, column 2"));
  EXPECT_THAT(refusal("[]"), HasSubstr("must be an object"));
  EXPECT_THAT(refusal("{}"), HasSubstr("Statement (line 1) is missing"));
  EXPECT_THAT(refusal(R"({"Statement": []})"), HasSubstr("empty list"));
  EXPECT_THAT(refusal(R"({"Statement": [5]})"), HasSubstr("Statement[0] (line 1) must be an object"));
  EXPECT_THAT(refusal(R"({"Version": "2012-10-18", "Statement": {}})"), HasSubstr("Version (line 1) must be"));
  EXPECT_THAT(refusal(R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}, "Statment": 1})"),
              HasSubstr("Statment (line 1) has no place"));
  const std::string twice = R"({"Sid": "A", "Effect": "Allow", "Action": "*", "Resource": "*"})";
  EXPECT_THAT(refusal("{\"Statement\": [" + twice + "," + twice + "]}"), HasSubstr("\"A\" twice"));
  EXPECT_EQ(parse_policy(std::string(base::limits::kPolicyBytes + 1, ' '), PolicyKind::kIdentity).error().kind,
            base::ErrorKind::kLimitExceeded);
}

TEST(ParsePolicy, FaultsOfTrust) {
  const auto trust = [](const std::string& principal) {
    return refusal(with(R"("Effect": "Allow", "Action": "sts:AssumeRole")" + principal), PolicyKind::kTrust);
  };
  EXPECT_THAT(trust(""), HasSubstr("has no Principal"));
  EXPECT_THAT(trust(R"(, "Principal": "ann")"), HasSubstr("must be \"*\""));
  EXPECT_EQ(trust(R"(, "Principal": {"Service": "eks.amazonaws.com"})"), "accepted");
  EXPECT_THAT(trust(R"(, "Principal": {"Servant": "x"})"), HasSubstr("Principal.Servant (line 2) is no kind"));
  EXPECT_THAT(trust(R"(, "Principal": {})"), HasSubstr("must be \"*\""));
  EXPECT_THAT(trust(R"(, "Principal": {"AWS": "ann"})"), HasSubstr("is no principal"));
  EXPECT_THAT(trust(R"(, "Principal": "*", "Resource": "*")"), HasSubstr("Resource (line 2) has no place"));
  EXPECT_EQ(trust(R"(, "Principal": "*")"), "accepted");
}

}  // namespace
}  // namespace sallyport::iam
