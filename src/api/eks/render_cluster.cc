#include "api/eks/render_cluster.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"

namespace sallyport::api::eks {

namespace {

using wire::Json;
using wire::JsonArray;
using wire::JsonObject;

constexpr auto kLogTypes = std::to_array<model::LogType>({
    model::LogType::kApi,
    model::LogType::kAudit,
    model::LogType::kAuthenticator,
    model::LogType::kControllerManager,
    model::LogType::kScheduler,
});

Json render_vpc_config(const model::Cluster& cluster) {
  JsonObject config{
      {"subnetIds", render_ids(cluster.vpc_config.subnets)},
      {"securityGroupIds", render_ids(cluster.vpc_config.security_groups)},
  };
  if (!cluster.vpc_config.cluster_security_group.empty()) {
    config.push_back({"clusterSecurityGroupId", cluster.vpc_config.cluster_security_group.str()});
  }
  config.push_back({"vpcId", cluster.vpc_config.vpc.str()});
  config.push_back({"endpointPublicAccess", cluster.access.public_access});
  config.push_back({"endpointPrivateAccess", cluster.access.private_access});
  config.push_back({"publicAccessCidrs", render_cidrs(cluster.access.public_access_cidrs)});
  return config;
}

Json render_health(const std::vector<model::HealthIssue>& issues) {
  JsonArray rendered;
  for (const model::HealthIssue& issue : issues) {
    rendered.emplace_back(JsonObject{
        {"code", issue.code}, {"message", issue.message}, {"resourceIds", render_texts(issue.resource_ids)}});
  }
  return JsonObject{{"issues", std::move(rendered)}};
}

}  // namespace

Json render_cluster(const model::Cluster& cluster, const ClusterContext& context) {
  const bool made = cluster.status != model::ClusterStatus::kCreating;
  JsonObject out{
      {"name", cluster.name.str()},
      {"arn", cluster.arn.str()},
      {"createdAt", render_time(cluster.created_at)},
      {"version", cluster.version},
  };
  if (made && !context.endpoint_url.empty()) out.push_back({"endpoint", context.endpoint_url});
  out.push_back({"roleArn", cluster.role_arn.str()});
  out.push_back({"resourcesVpcConfig", render_vpc_config(cluster)});
  out.push_back({"kubernetesNetworkConfig", JsonObject{{"serviceIpv4Cidr", cluster.service_ipv4_cidr},
                                                       {"ipFamily", cluster.ip_family},
                                                       {"elasticLoadBalancing", JsonObject{{"enabled", false}}}}});
  out.push_back({"logging", render_logging(cluster.enabled_logs)});
  out.push_back({"identity", JsonObject{{"oidc", JsonObject{{"issuer", context.issuer_url}}}}});
  out.push_back({"status", model::to_string(cluster.status)});
  JsonObject authority;
  if (made && !cluster.certificate_authority_pem.empty()) {
    authority.push_back({"data", base::to_base64(base::as_bytes(cluster.certificate_authority_pem))});
  }
  out.push_back({"certificateAuthority", std::move(authority)});
  if (!cluster.client_request_token.empty()) out.push_back({"clientRequestToken", cluster.client_request_token});
  out.push_back({"platformVersion", cluster.platform_version});
  out.push_back({"tags", render_tags(cluster.tags)});
  out.push_back({"health", render_health(cluster.health_issues)});
  out.push_back(
      {"accessConfig", JsonObject{{"bootstrapClusterCreatorAdminPermissions", cluster.bootstrap_creator_admin},
                                  {"authenticationMode", model::to_string(cluster.authentication_mode)}}});
  out.push_back({"upgradePolicy", JsonObject{{"supportType", cluster.support_type}}});
  out.push_back({"deletionProtection", cluster.deletion_protection});
  if (context.provider_progress) {
    out.push_back({"sallyport", JsonObject{{"providerProgress", *context.provider_progress}}});
  }
  return out;
}

Json render_logging(const std::vector<model::LogType>& enabled) {
  JsonArray on;
  JsonArray off;
  for (const model::LogType type : kLogTypes) {
    (std::ranges::find(enabled, type) != enabled.end() ? on : off).emplace_back(model::to_string(type));
  }
  JsonArray groups;
  if (!on.empty()) groups.emplace_back(JsonObject{{"types", std::move(on)}, {"enabled", true}});
  if (!off.empty()) groups.emplace_back(JsonObject{{"types", std::move(off)}, {"enabled", false}});
  return JsonObject{{"clusterLogging", std::move(groups)}};
}

Json render_time(base::Time time) {
  const auto millis = time.time_since_epoch().count();
  std::string fraction = std::to_string(millis % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return wire::JsonNumber{std::to_string(millis / 1000) + "." + fraction};
}

Json render_tags(const model::Tags& tags) {
  JsonObject out;
  for (const auto& [key, value] : tags)
    out.push_back({key, value});
  return out;
}

Json render_texts(const std::vector<std::string>& texts) { return JsonArray(texts.begin(), texts.end()); }

Json render_cidrs(const model::CidrSet& blocks) {
  JsonArray array;
  for (const model::Cidr& block : blocks.entries())
    array.emplace_back(block.to_string());
  return array;
}

}  // namespace sallyport::api::eks
