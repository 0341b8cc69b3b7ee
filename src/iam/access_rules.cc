#include "iam/access_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "iam/pattern.h"

namespace sallyport::iam {

namespace {

using Words = std::span<const std::string_view>;

// Everything of an API group in it may be done with every verb of it; "*" is any.
struct AccessRule {
  std::string_view group;
  Words resources;  // "pods", "pods/log"
  Words verbs;
};

constexpr auto kAny = std::to_array<std::string_view>({"*"});
constexpr auto kRead = std::to_array<std::string_view>({"get", "list", "watch"});
constexpr auto kWrite = std::to_array<std::string_view>({"create", "delete", "deletecollection", "patch", "update"});
constexpr auto kCreate = std::to_array<std::string_view>({"create"});
constexpr auto kImpersonate = std::to_array<std::string_view>({"impersonate"});

constexpr auto kAppsRead = std::to_array<std::string_view>(
    {"controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status",
     "replicasets", "replicasets/scale", "replicasets/status", "statefulsets", "statefulsets/scale",
     "statefulsets/status"});
constexpr auto kAppsWrite =
    std::to_array<std::string_view>({"daemonsets", "deployments", "deployments/rollback", "deployments/scale",
                                     "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale"});
constexpr auto kScalersRead =
    std::to_array<std::string_view>({"horizontalpodautoscalers", "horizontalpodautoscalers/status"});
constexpr auto kScalersWrite = std::to_array<std::string_view>({"horizontalpodautoscalers"});
constexpr auto kBatchRead = std::to_array<std::string_view>({"cronjobs", "cronjobs/status", "jobs", "jobs/status"});
constexpr auto kBatchWrite = std::to_array<std::string_view>({"cronjobs", "jobs"});
constexpr auto kSlices = std::to_array<std::string_view>({"endpointslices"});
constexpr auto kExtensionsRead = std::to_array<std::string_view>(
    {"daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "ingresses",
     "ingresses/status", "networkpolicies", "replicasets", "replicasets/scale", "replicasets/status",
     "replicationcontrollers/scale"});
constexpr auto kExtensionsWrite = std::to_array<std::string_view>(
    {"daemonsets", "deployments", "deployments/rollback", "deployments/scale", "ingresses", "networkpolicies",
     "replicasets", "replicasets/scale", "replicationcontrollers/scale"});
constexpr auto kNetworkRead = std::to_array<std::string_view>({"ingresses", "ingresses/status", "networkpolicies"});
constexpr auto kNetworkWrite = std::to_array<std::string_view>({"ingresses", "networkpolicies"});
constexpr auto kBudgetsRead = std::to_array<std::string_view>({"poddisruptionbudgets", "poddisruptionbudgets/status"});
constexpr auto kBudgetsWrite = std::to_array<std::string_view>({"poddisruptionbudgets"});
constexpr auto kCoreRead = std::to_array<std::string_view>(
    {"configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods",
     "replicationcontrollers", "replicationcontrollers/scale", "serviceaccounts", "services", "services/status"});
constexpr auto kCoreState = std::to_array<std::string_view>({"bindings", "events", "limitranges", "namespaces/status",
                                                             "pods/log", "pods/status", "replicationcontrollers/status",
                                                             "resourcequotas", "resourcequotas/status", "namespaces"});
constexpr auto kCoreInside = std::to_array<std::string_view>(
    {"pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"});
constexpr auto kCoreWrite = std::to_array<std::string_view>(
    {"configmaps", "events", "persistentvolumeclaims", "replicationcontrollers", "replicationcontrollers/scale",
     "secrets", "serviceaccounts", "services", "services/proxy"});
constexpr auto kPodsWrite =
    std::to_array<std::string_view>({"pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"});
constexpr auto kAccounts = std::to_array<std::string_view>({"serviceaccounts"});
constexpr auto kRoles = std::to_array<std::string_view>({"rolebindings", "roles"});
constexpr auto kLocalReviews = std::to_array<std::string_view>({"localsubjectaccessreviews"});

constexpr std::array kView = {
    AccessRule{"", kCoreRead, kRead},
    AccessRule{"", kCoreState, kRead},
    AccessRule{"apps", kAppsRead, kRead},
    AccessRule{"autoscaling", kScalersRead, kRead},
    AccessRule{"batch", kBatchRead, kRead},
    AccessRule{"discovery.k8s.io", kSlices, kRead},
    AccessRule{"extensions", kExtensionsRead, kRead},
    AccessRule{"networking.k8s.io", kNetworkRead, kRead},
    AccessRule{"policy", kBudgetsRead, kRead},
};
// What an editor has beyond a viewer, and an administrator beyond an editor.
constexpr std::array kEdit = {
    AccessRule{"", kCoreInside, kRead},
    AccessRule{"", kCoreWrite, kWrite},
    AccessRule{"", kPodsWrite, kWrite},
    AccessRule{"", kAccounts, kImpersonate},
    AccessRule{"apps", kAppsWrite, kWrite},
    AccessRule{"autoscaling", kScalersWrite, kWrite},
    AccessRule{"batch", kBatchWrite, kWrite},
    AccessRule{"extensions", kExtensionsWrite, kWrite},
    AccessRule{"networking.k8s.io", kNetworkWrite, kWrite},
    AccessRule{"policy", kBudgetsWrite, kWrite},
};
constexpr std::array kAdmin = {
    AccessRule{"authorization.k8s.io", kLocalReviews, kCreate},
    AccessRule{"rbac.authorization.k8s.io", kRoles, kRead},
    AccessRule{"rbac.authorization.k8s.io", kRoles, kWrite},
};
constexpr std::array kAdminView = {AccessRule{"*", kAny, kRead}};
constexpr std::array kEverything = {AccessRule{"*", kAny, kAny}};

using Rules = std::span<const AccessRule>;

struct AccessPolicy {
  std::string_view name;
  std::array<Rules, 3> parts;
  bool paths = false;  // every path with every verb, too
};

constexpr std::array kPolicies = {
    AccessPolicy{"AmazonEKSAdminPolicy", {kView, kEdit, kAdmin}},
    AccessPolicy{"AmazonEKSAdminViewPolicy", {kAdminView, Rules{}, Rules{}}},
    AccessPolicy{"AmazonEKSClusterAdminPolicy", {kEverything, Rules{}, Rules{}}, true},
    AccessPolicy{"AmazonEKSEditPolicy", {kView, kEdit, Rules{}}},
    AccessPolicy{"AmazonEKSViewPolicy", {kView, Rules{}, Rules{}}},
};
bool has(Words words, std::string_view wanted) {
  return std::ranges::any_of(words, [&](std::string_view word) { return word == "*" || word == wanted; });
}

bool in_scope(const model::AccessScope& scope, const wire::AccessReview& asked) {
  if (scope.whole_cluster) return true;
  if (!asked.resource || asked.resource->space.empty()) return false;
  return std::ranges::any_of(scope.namespaces, [&](const std::string& pattern) {
    const auto none = [](std::string_view) -> std::optional<std::string> { return std::nullopt; };
    const auto compiled = Pattern::of(pattern, none, false);
    return compiled && compiled->matches(asked.resource->space);
  });
}

}  // namespace

bool policy_allows(const model::AssociatedAccessPolicy& policy, const wire::AccessReview& asked) {
  constexpr std::string_view kPrefix = "arn:aws:eks::aws:cluster-access-policy/";
  if (!policy.policy.str().starts_with(kPrefix)) return false;
  const auto known =
      std::ranges::find(kPolicies, std::string_view(policy.policy.str()).substr(kPrefix.size()), &AccessPolicy::name);
  if (known == kPolicies.end() || !in_scope(policy.scope, asked)) return false;
  if (!asked.resource) return known->paths;
  const wire::ResourceAccess& wanted = *asked.resource;
  const std::string resource =
      wanted.subresource.empty() ? wanted.resource : wanted.resource + "/" + wanted.subresource;
  const auto allows = [&](const AccessRule& rule) {
    return (rule.group == "*" || rule.group == wanted.group) && has(rule.resources, resource) &&
           has(rule.verbs, asked.verb);
  };
  return std::ranges::any_of(known->parts, [&](Rules rules) { return std::ranges::any_of(rules, allows); });
}

}  // namespace sallyport::iam
