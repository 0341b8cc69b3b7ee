#include "iam/access_rules.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "iam/entry_policies.h"

namespace sallyport::iam {
namespace {

model::AssociatedAccessPolicy policy(const std::string& name, std::vector<std::string> namespaces = {}) {
  return {.policy = model::Arn("arn:aws:eks::aws:cluster-access-policy/" + name),
          .scope = {.whole_cluster = namespaces.empty(), .namespaces = std::move(namespaces)}};
}

// "get apps/deployments/scale in web", "create pods in web", "list namespaces", "get /healthz".
wire::AccessReview asking(const std::string& text) {
  wire::AccessReview asked;
  asked.verb = text.substr(0, text.find(' '));
  std::string what = text.substr(text.find(' ') + 1);
  if (what.starts_with('/')) {
    asked.path = what;
    return asked;
  }
  wire::ResourceAccess resource;
  if (const std::size_t in = what.find(" in "); in != std::string::npos) {
    resource.space = what.substr(in + 4);
    what.resize(in);
  }
  if (const std::size_t of = what.find(" of "); of != std::string::npos) {
    resource.group = what.substr(of + 4);
    what.resize(of);
  }
  const std::size_t slash = what.find('/');
  resource.resource = what.substr(0, slash);
  if (slash != std::string::npos) resource.subresource = what.substr(slash + 1);
  asked.resource = resource;
  return asked;
}

struct Case {
  const char* asked;
  const char* allowed;  // initials of the policies that allow it, for the whole cluster
};
// v AmazonEKSViewPolicy, e …EditPolicy, a …AdminPolicy, w …AdminViewPolicy, c …ClusterAdminPolicy, s
// …SecretReaderPolicy
constexpr Case kCases[] = {
    {"get pods in web", "veawc"},
    {"list pods", "veawc"},
    {"watch deployments of apps in web", "veawc"},
    {"get deployments/scale of apps in web", "veawc"},
    {"get pods/log in web", "veawc"},
    {"list events in web", "veawc"},
    {"get namespaces in web", "veawc"},
    {"list namespaces", "veawc"},
    {"get endpointslices of discovery.k8s.io in web", "veawc"},
    {"get poddisruptionbudgets/status of policy in web", "veawc"},
    {"get horizontalpodautoscalers of autoscaling in web", "veawc"},
    {"get cronjobs of batch in web", "veawc"},
    {"get networkpolicies of networking.k8s.io in web", "veawc"},
    {"get ingresses of extensions in web", "veawc"},
    {"get secrets in web", "eawc"},
    {"list secrets", "eawc"},
    {"get pods/exec in web", "eawc"},
    {"create secrets in web", "eac"},
    {"create pods in web", "eac"},
    {"deletecollection pods in web", "eac"},
    {"create pods/exec in web", "eac"},
    {"create pods/portforward in web", "eac"},
    {"update deployments of apps in web", "eac"},
    {"patch deployments/scale of apps in web", "eac"},
    {"create jobs of batch in web", "eac"},
    {"delete ingresses of networking.k8s.io in web", "eac"},
    {"create poddisruptionbudgets of policy in web", "eac"},
    {"impersonate serviceaccounts in web", "eac"},
    {"get roles of rbac.authorization.k8s.io in web", "awc"},
    {"create rolebindings of rbac.authorization.k8s.io in web", "ac"},
    {"create localsubjectaccessreviews of authorization.k8s.io in web", "ac"},
    {"get clusterroles of rbac.authorization.k8s.io", "wc"},
    {"get nodes", "wc"},
    {"get customresourcedefinitions of apiextensions.k8s.io", "wc"},
    {"get pods of example.com in web", "wc"},
    {"escalate clusterroles of rbac.authorization.k8s.io", "c"},
    {"bind roles of rbac.authorization.k8s.io in web", "c"},
    {"impersonate users", "c"},
    {"impersonate userextras/canonicalArn of authentication.k8s.io", "c"},
    {"delete nodes", "c"},
    {"create namespaces", "c"},
    {"update deployments/status of apps in web", "c"},
    {"create pods/ephemeralcontainers in web", "c"},
    {"create serviceaccounts/token in web", "c"},
    {"update resourcequotas in web", "c"},
    {"approve certificatesigningrequests of certificates.k8s.io", "c"},
    {"* * of *", "c"},
    {"get *", "wc"},
    {"get /healthz", "c"},
    {"post /anything", "c"},
};
const std::vector<std::pair<char, std::string>> kPolicies = {{'v', "AmazonEKSViewPolicy"},
                                                             {'e', "AmazonEKSEditPolicy"},
                                                             {'a', "AmazonEKSAdminPolicy"},
                                                             {'w', "AmazonEKSAdminViewPolicy"},
                                                             {'c', "AmazonEKSClusterAdminPolicy"}};

TEST(AccessRulesTest, EachPolicyAllowsWhatItsTableSays) {
  for (const Case& one : kCases) {
    std::string allowed;
    for (const auto& [initial, name] : kPolicies) {
      if (policy_allows(policy(name), asking(one.asked))) allowed += initial;
    }
    EXPECT_EQ(allowed, one.allowed) << one.asked;
  }
}

TEST(AccessRulesTest, InANamespaceNothingBeyondItIsAllowed) {
  for (const Case& one : kCases) {
    const wire::AccessReview asked = asking(one.asked);
    for (const auto& [initial, name] : kPolicies) {
      const bool whole = policy_allows(policy(name), asked);
      const bool in_web = asked.resource && asked.resource->space == "web";
      EXPECT_EQ(policy_allows(policy(name, {"web"}), asked), whole && in_web) << name << ": " << one.asked;
      EXPECT_FALSE(policy_allows(policy(name, {"db", "webs", "we"}), asked)) << name << ": " << one.asked;
    }
  }
}

TEST(AccessRulesTest, ANamespaceMayHoldStars) {
  const auto sees = [](std::vector<std::string> patterns, const std::string& space) {
    return policy_allows(policy("AmazonEKSViewPolicy", std::move(patterns)), asking("get pods in " + space));
  };
  EXPECT_TRUE(sees({"dev-*"}, "dev-ann"));
  EXPECT_TRUE(sees({"db", "*"}, "anything"));
  EXPECT_TRUE(sees({"*-web"}, "dev-web"));
  EXPECT_FALSE(sees({"dev-*"}, "prod-ann"));
  EXPECT_FALSE(sees({"dev-*"}, "adev-ann"));
  EXPECT_FALSE(policy_allows(policy("AmazonEKSClusterAdminPolicy", {"*"}), asking("list nodes"))) << "no namespace";
  EXPECT_FALSE(policy_allows(policy("AmazonEKSClusterAdminPolicy", {"*"}), asking("get /healthz")));
}

TEST(AccessRulesTest, AnUnknownPolicyAllowsNothing) {
  model::AssociatedAccessPolicy unknown = policy("AmazonEKSNoSuchPolicy");
  EXPECT_FALSE(policy_allows(unknown, asking("get pods")));
  unknown.policy = model::Arn("arn:aws:iam::aws:policy/AmazonEKSClusterAdminPolicy");
  EXPECT_FALSE(policy_allows(unknown, asking("get pods")));
}

// A policy one can associate and that allows nothing would be a trap.
TEST(AccessRulesTest, EveryPolicyThatCanBeAssociatedHasItsTable) {
  std::set<std::string_view> names;
  for (const auto& [initial, name] : kPolicies)
    names.insert(name);
  const auto offered = entry_policy_names();
  EXPECT_EQ(std::set<std::string_view>(offered.begin(), offered.end()), names);
  for (const std::string_view name : offered)
    EXPECT_TRUE(policy_allows({.policy = entry_policy_arn(name)}, asking("get pods in web"))) << name;
}

}  // namespace
}  // namespace sallyport::iam
