#include "iam/evaluate.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "iam/policy_parse.h"

namespace sallyport::iam {
namespace {

constexpr const char* kCluster = "arn:aws:eks:us-east-1:000000000000:cluster/prod";

Policy policy(const std::string& statements) {
  auto parsed =
      parse_policy("{\"Version\": \"2012-10-17\", \"Statement\": [" + statements + "]}", PolicyKind::kIdentity);
  if (!parsed) throw std::runtime_error(parsed.error().message);
  return *std::move(parsed);
}

AccessRequest to(const std::string& action, const std::string& resource = kCluster) {
  return {.action = action, .resource = resource};
}

Verdict verdict(const std::vector<Policy>& policies, const AccessRequest& request) {
  return evaluate(policies, request);
}

TEST(Evaluate, NothingAllowsNothing) {
  EXPECT_EQ(verdict({}, to("eks:DescribeCluster")), Verdict::kImplicitDeny);
  EXPECT_EQ(verdict({policy(R"({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})")}, to("eks:DescribeCluster")),
            Verdict::kImplicitDeny);
}

TEST(Evaluate, AnAllowOfAnyPolicyCounts) {
  const Policy look = policy(R"({"Effect": "Allow", "Action": "eks:describe*", "Resource": "*"})");
  const Policy other = policy(R"({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})");
  EXPECT_EQ(verdict({other, look}, to("eks:DescribeCluster")), Verdict::kAllow);
  EXPECT_EQ(verdict({other, look}, to("eks:DeleteCluster")), Verdict::kImplicitDeny);
}

TEST(Evaluate, ADenyComesFirstWhereverItStands) {
  const Policy all = policy(R"({"Effect": "Allow", "Action": "*", "Resource": "*"})");
  const Policy never = policy(R"({"Effect": "Deny", "Action": "eks:DeleteCluster", "Resource": "*"})");
  EXPECT_EQ(verdict({all, never}, to("eks:DeleteCluster")), Verdict::kExplicitDeny);
  EXPECT_EQ(verdict({never, all}, to("eks:DeleteCluster")), Verdict::kExplicitDeny);
  EXPECT_EQ(verdict({never, all}, to("eks:DescribeCluster")), Verdict::kAllow);
}

TEST(Evaluate, ResourcesAndWhatIsNot) {
  const Policy dev = policy(R"({"Effect": "Allow", "Action": "eks:*", "Resource": "arn:aws:eks:*:*:cluster/dev-*"})");
  EXPECT_EQ(verdict({dev}, to("eks:DeleteCluster")), Verdict::kImplicitDeny);
  EXPECT_EQ(verdict({dev}, to("eks:DeleteCluster", "arn:aws:eks:us-east-1:000000000000:cluster/dev-1")),
            Verdict::kAllow);
  const Policy rest =
      policy(R"({"Effect": "Allow", "NotAction": "eks:Delete*", "NotResource": ")" + std::string(kCluster) + R"("})");
  EXPECT_EQ(verdict({rest}, to("eks:DescribeCluster")), Verdict::kImplicitDeny);
  EXPECT_EQ(verdict({rest}, to("eks:DescribeCluster", "*")), Verdict::kAllow);
  EXPECT_EQ(verdict({rest}, to("eks:DeleteCluster", "*")), Verdict::kImplicitDeny);
}

TEST(Evaluate, ConditionsMustAllHold) {
  const Policy office = policy(R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
      "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "StringEquals": {"aws:ResourceTag/team": "blue"}}})");
  AccessRequest request = to("eks:DescribeCluster");
  EXPECT_EQ(verdict({office}, request), Verdict::kImplicitDeny);
  request.context.set("aws:SourceIp", "203.0.113.7");
  EXPECT_EQ(verdict({office}, request), Verdict::kImplicitDeny);
  request.context.set("aws:ResourceTag/team", "blue");
  EXPECT_EQ(verdict({office}, request), Verdict::kAllow);
}

TEST(Evaluate, AVariableWithoutAValueNeverWidensAccess) {
  const Policy allow =
      policy(R"({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:eks:*:*:cluster/${aws:username}"})");
  const Policy deny =
      policy(R"({"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:eks:*:*:cluster/${aws:username}"})");
  const Policy unless = policy(R"({"Effect": "Allow", "Action": "*", "Resource": "*",
      "Condition": {"StringNotEquals": {"eks:clusterName": "${aws:username}"}}})");
  AccessRequest request = to("eks:DescribeCluster");
  request.context.set("eks:clusterName", "prod");
  EXPECT_EQ(verdict({allow}, request), Verdict::kImplicitDeny);
  EXPECT_EQ(verdict({deny}, request), Verdict::kExplicitDeny);
  EXPECT_EQ(verdict({unless}, request), Verdict::kImplicitDeny);
  request.context.set("aws:username", "ann");
  EXPECT_EQ(verdict({allow}, request), Verdict::kAllow);
  EXPECT_EQ(verdict({unless}, request), Verdict::kAllow);
  request.context.set("aws:username", "prod");
  EXPECT_EQ(verdict({allow}, request), Verdict::kImplicitDeny);
  EXPECT_EQ(verdict({deny}, request), Verdict::kImplicitDeny);
  EXPECT_EQ(verdict({unless}, request), Verdict::kImplicitDeny);
}

TEST(Evaluate, TrustNamesWhoMay) {
  const auto trust = parse_policy(R"({"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:user/ann"}, "Action": "sts:AssumeRole"},
      {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
       "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}]})",
                                  PolicyKind::kTrust);
  ASSERT_TRUE(trust) << trust.error().message;
  const auto asks = [&](const std::string& who, const std::string& from) {
    AccessRequest request = to("sts:AssumeRole", "*");
    request.context.set("aws:SourceIp", from);
    return evaluate_trust(*trust, "arn:aws:iam::000000000000:user/" + who, "000000000000", request);
  };
  EXPECT_EQ(asks("ann", "203.0.113.7"), Verdict::kAllow);
  EXPECT_EQ(asks("bob", "203.0.113.7"), Verdict::kImplicitDeny);
  EXPECT_EQ(asks("ann", "198.51.100.7"), Verdict::kExplicitDeny);
  const auto account = parse_policy(R"({"Statement": {"Effect": "Allow", "Principal": {"AWS": "000000000000"},
      "Action": "sts:AssumeRole"}})",
                                    PolicyKind::kTrust);
  EXPECT_EQ(evaluate_trust(*account, "arn:aws:iam::000000000000:user/bob", "000000000000", to("sts:AssumeRole")),
            Verdict::kAllow);
  EXPECT_EQ(evaluate_trust(*account, "arn:aws:iam::111111111111:user/bob", "111111111111", to("sts:AssumeRole")),
            Verdict::kImplicitDeny);
}

// Statements of two actions and two resources in any number of policies: a deny that applies wins, then an allow.
RC_GTEST_PROP(EvaluateProperty, DenyThenAllowThenDefault, ()) {
  const std::array<std::string, 3> actions = {"eks:A", "eks:B", "*"};
  const std::array<std::string, 3> resources = {"arn:aws:eks:r:1:cluster/a", "arn:aws:eks:r:1:cluster/b", "*"};
  const std::string action = actions[*rc::gen::inRange<std::size_t>(0, 2)];
  const std::string resource = resources[*rc::gen::inRange<std::size_t>(0, 2)];
  bool allowed = false;
  bool denied = false;
  std::vector<Policy> policies;
  for (int p = *rc::gen::inRange(0, 4); p > 0; --p) {
    Policy made;
    for (int s = *rc::gen::inRange(1, 4); s > 0; --s) {
      Statement statement;
      statement.effect = *rc::gen::element(Effect::kAllow, Effect::kDeny);
      statement.not_action = *rc::gen::arbitrary<bool>();
      statement.not_resource = *rc::gen::arbitrary<bool>();
      statement.actions = {actions[*rc::gen::inRange<std::size_t>(0, 3)]};
      statement.resources = {resources[*rc::gen::inRange<std::size_t>(0, 3)]};
      const bool about_action = (statement.actions[0] == "*" || statement.actions[0] == action) != statement.not_action;
      const bool about_resource =
          (statement.resources[0] == "*" || statement.resources[0] == resource) != statement.not_resource;
      if (about_action && about_resource) (statement.effect == Effect::kDeny ? denied : allowed) = true;
      made.statements.push_back(std::move(statement));
    }
    policies.push_back(std::move(made));
  }
  const Verdict expected = denied ? Verdict::kExplicitDeny : allowed ? Verdict::kAllow : Verdict::kImplicitDeny;
  RC_ASSERT(evaluate(policies, to(action, resource)) == expected);
}

}  // namespace
}  // namespace sallyport::iam
