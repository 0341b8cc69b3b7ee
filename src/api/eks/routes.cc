#include "api/eks/routes.h"

#include <array>
#include <utility>

#include "api/path_pattern.h"

namespace sallyport::api::eks {

namespace {

constexpr auto kPatterns = std::to_array<PathPattern>({
    {"POST", "/clusters", "CreateCluster"},
    {"GET", "/clusters/*", "DescribeCluster"},
    {"GET", "/clusters", "ListClusters"},
    {"DELETE", "/clusters/*", "DeleteCluster"},
    {"POST", "/clusters/*/update-config", "UpdateClusterConfig"},
    {"GET", "/clusters/*/updates/*", "DescribeUpdate"},
    {"GET", "/clusters/*/updates", "ListUpdates"},
    {"POST", "/tags/*", "TagResource"},
    {"DELETE", "/tags/*", "UntagResource"},
    {"GET", "/tags/*", "ListTagsForResource"},
    {"POST", "/clusters/*/access-entries/*/access-policies", "AssociateAccessPolicy"},
    {"POST", "/clusters/*/encryption-config/associate", "AssociateEncryptionConfig"},
    {"POST", "/clusters/*/identity-provider-configs/associate", "AssociateIdentityProviderConfig"},
    {"POST", "/clusters/*/access-entries", "CreateAccessEntry"},
    {"POST", "/clusters/*/addons", "CreateAddon"},
    {"POST", "/clusters/*/capabilities", "CreateCapability"},
    {"POST", "/eks-anywhere-subscriptions", "CreateEksAnywhereSubscription"},
    {"POST", "/clusters/*/fargate-profiles", "CreateFargateProfile"},
    {"POST", "/clusters/*/node-groups", "CreateNodegroup"},
    {"POST", "/clusters/*/pod-identity-associations", "CreatePodIdentityAssociation"},
    {"DELETE", "/clusters/*/access-entries/*", "DeleteAccessEntry"},
    {"DELETE", "/clusters/*/addons/*", "DeleteAddon"},
    {"DELETE", "/clusters/*/capabilities/*", "DeleteCapability"},
    {"DELETE", "/eks-anywhere-subscriptions/*", "DeleteEksAnywhereSubscription"},
    {"DELETE", "/clusters/*/fargate-profiles/*", "DeleteFargateProfile"},
    {"DELETE", "/clusters/*/node-groups/*", "DeleteNodegroup"},
    {"DELETE", "/clusters/*/pod-identity-associations/*", "DeletePodIdentityAssociation"},
    {"DELETE", "/cluster-registrations/*", "DeregisterCluster"},
    {"GET", "/clusters/*/access-entries/*", "DescribeAccessEntry"},
    {"GET", "/clusters/*/addons/*", "DescribeAddon"},
    {"GET", "/addons/configuration-schemas", "DescribeAddonConfiguration"},
    {"GET", "/addons/supported-versions", "DescribeAddonVersions"},
    {"GET", "/clusters/*/capabilities/*", "DescribeCapability"},
    {"GET", "/cluster-versions", "DescribeClusterVersions"},
    {"GET", "/eks-anywhere-subscriptions/*", "DescribeEksAnywhereSubscription"},
    {"GET", "/clusters/*/fargate-profiles/*", "DescribeFargateProfile"},
    {"POST", "/clusters/*/identity-provider-configs/describe", "DescribeIdentityProviderConfig"},
    {"GET", "/clusters/*/insights/*", "DescribeInsight"},
    {"GET", "/clusters/*/insights-refresh", "DescribeInsightsRefresh"},
    {"GET", "/clusters/*/node-groups/*", "DescribeNodegroup"},
    {"GET", "/clusters/*/pod-identity-associations/*", "DescribePodIdentityAssociation"},
    {"DELETE", "/clusters/*/access-entries/*/access-policies/*", "DisassociateAccessPolicy"},
    {"POST", "/clusters/*/identity-provider-configs/disassociate", "DisassociateIdentityProviderConfig"},
    {"GET", "/clusters/*/access-entries", "ListAccessEntries"},
    {"GET", "/access-policies", "ListAccessPolicies"},
    {"GET", "/clusters/*/addons", "ListAddons"},
    {"GET", "/clusters/*/access-entries/*/access-policies", "ListAssociatedAccessPolicies"},
    {"GET", "/clusters/*/capabilities", "ListCapabilities"},
    {"GET", "/eks-anywhere-subscriptions", "ListEksAnywhereSubscriptions"},
    {"GET", "/clusters/*/fargate-profiles", "ListFargateProfiles"},
    {"GET", "/clusters/*/identity-provider-configs", "ListIdentityProviderConfigs"},
    {"POST", "/clusters/*/insights", "ListInsights"},
    {"GET", "/clusters/*/node-groups", "ListNodegroups"},
    {"GET", "/clusters/*/pod-identity-associations", "ListPodIdentityAssociations"},
    {"POST", "/cluster-registrations", "RegisterCluster"},
    {"POST", "/clusters/*/insights-refresh", "StartInsightsRefresh"},
    {"POST", "/clusters/*/access-entries/*", "UpdateAccessEntry"},
    {"POST", "/clusters/*/addons/*/update", "UpdateAddon"},
    {"POST", "/clusters/*/capabilities/*", "UpdateCapability"},
    {"POST", "/clusters/*/updates", "UpdateClusterVersion"},
    {"POST", "/eks-anywhere-subscriptions/*", "UpdateEksAnywhereSubscription"},
    {"POST", "/clusters/*/node-groups/*/update-config", "UpdateNodegroupConfig"},
    {"POST", "/clusters/*/node-groups/*/update-version", "UpdateNodegroupVersion"},
    {"POST", "/clusters/*/pod-identity-associations/*", "UpdatePodIdentityAssociation"},
});

}  // namespace

Route find_route(std::string_view method, std::string_view path) {
  for (const PathPattern& pattern : kPatterns) {
    if (pattern.method != method) continue;
    if (auto labels = match_path(pattern.path, path)) return {pattern.operation, std::move(*labels)};
  }
  return {};
}

}  // namespace sallyport::api::eks
