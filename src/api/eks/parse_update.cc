#include "api/eks/parse_update.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "api/eks/fields.h"
#include "api/eks/request_body.h"
#include "wire/json_reader.h"

namespace sallyport::api::eks {

namespace {

using wire::JsonReader;
using Change = decltype(control::UpdateClusterRequest::change);

constexpr auto kNotOffered = std::to_array<std::string_view>({
    "upgradePolicy",
    "zonalShiftConfig",
    "computeConfig",
    "kubernetesNetworkConfig",
    "storageConfig",
    "remoteNetworkConfig",
    "controlPlaneScalingConfig",
});

struct NamedChange {
  std::string what;
  Change change;
};

std::vector<NamedChange> read_changes(JsonReader& body) {
  std::vector<NamedChange> changes;
  if (auto vpc = read_vpc_config(body)) {
    if (vpc->changes_access()) {
      changes.push_back(
          {"endpoint access", control::UpdateAccessRequest{vpc->endpoint_public_access, vpc->endpoint_private_access,
                                                           std::move(vpc->public_access_cidrs)}});
    }
    if (vpc->changes_network()) {
      changes.push_back({"subnets and security groups",
                         control::UpdateVpcRequest{std::move(vpc->subnets), std::move(vpc->security_groups)}});
    }
  }
  if (auto logging = read_logging(body)) {
    if (logging->empty()) body.refuse("logging.clusterLogging", "names no log type; name at least one");
    changes.push_back({"logging", control::UpdateLoggingRequest{std::move(*logging)}});
  }
  if (const auto protection = body.boolean("deletionProtection")) {
    changes.push_back({"deletion protection", control::UpdateDeletionProtectionRequest{*protection}});
  }
  if (auto access = body.object("accessConfig")) {
    const auto mode = read_authentication_mode(*access);
    if (access->has("bootstrapClusterCreatorAdminPermissions")) {
      access->refuse("bootstrapClusterCreatorAdminPermissions", "is for the creation of a cluster; leave it out");
    }
    access->finish();
    if (mode) changes.push_back({"the authentication mode", control::UpdateAuthenticationModeRequest{*mode}});
  }
  return changes;
}

base::Error not_one_change(const std::vector<NamedChange>& changes) {
  if (changes.empty()) {
    return {base::ErrorKind::kInvalidParameter,
            "The request changes nothing: give endpoint access, or subnets and security groups, in resourcesVpcConfig, "
            "or logging, or deletionProtection, or accessConfig.authenticationMode",
            ""};
  }
  std::string listed;
  for (const NamedChange& each : changes)
    listed += (listed.empty() ? "" : " and ") + each.what;
  return {base::ErrorKind::kInvalidParameter,
          "An update changes one thing, but this request changes " + listed + "; send one request for each", ""};
}

}  // namespace

base::Result<control::UpdateClusterRequest> parse_update_cluster(const model::ClusterName& cluster,
                                                                 std::string_view text) {
  const auto object = parse_body(text);
  if (!object) return base::fail(object.error());
  wire::JsonFault fault;
  JsonReader body(*object, "", fault);

  std::vector<NamedChange> changes = read_changes(body);
  std::string token = read_client_request_token(body);
  for (const std::string_view name : kNotOffered) {
    if (body.has(name)) body.refuse(name, "cannot be updated: Sallyport does not support it; leave it out");
  }
  body.finish();
  if (fault) return base::fail(*fault);
  if (changes.size() != 1) return base::fail(not_one_change(changes));

  return control::UpdateClusterRequest{cluster, std::move(changes.front().change), std::move(token),
                                       request_hash("UpdateClusterConfig", cluster.str(), *object)};
}

}  // namespace sallyport::api::eks
