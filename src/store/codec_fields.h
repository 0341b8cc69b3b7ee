#pragma once

#include <cstdint>
#include <type_traits>

#include "model/cluster.h"
#include "model/update.h"

// Each stored type's members, named once; the writer and the reader both walk these, so they cannot differ. Those of
// the network are in codec_fields_network.h, those of identities in codec_fields_identity.h.
// `V` is a visitor called as visit("name", member); `T` is the type, const for writing.
namespace sallyport::store {

// Written as the member "format" of every stored entity. Once a version was released with it, a change of the
// members raises it and comes with a migration of what is stored.
inline constexpr std::uint64_t kFormat = 1;

// What the path of a stored entity begins with.
template <class T>
inline constexpr const char* kRoot = nullptr;

template <class T, class Expected>
concept Is = std::is_same_v<std::remove_const_t<T>, Expected>;

template <class V, Is<model::EndpointAccess> T>
void fields(V& visit, T& value) {
  visit("publicAccess", value.public_access);
  visit("privateAccess", value.private_access);
  visit("publicAccessCidrs", value.public_access_cidrs);
}

template <class V, Is<model::HealthIssue> T>
void fields(V& visit, T& value) {
  visit("code", value.code);
  visit("message", value.message);
  visit("resourceIds", value.resource_ids);
}

template <class V, Is<model::VpcConfig> T>
void fields(V& visit, T& value) {
  visit("vpc", value.vpc);
  visit("subnets", value.subnets);
  visit("securityGroups", value.security_groups);
  visit("clusterSecurityGroup", value.cluster_security_group);
}

template <class V, Is<model::HostedZone> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("vpc", value.vpc);
  visit("createdAt", value.created_at);
}

template <>
inline constexpr const char* kRoot<model::Cluster> = "cluster";
template <class V, Is<model::Cluster> T>
void fields(V& visit, T& value) {
  visit("name", value.name);
  visit("endpointId", value.endpoint_id);
  visit("arn", value.arn);
  visit("creator", value.creator);
  visit("creatorId", value.creator_id);
  visit("createdAt", value.created_at);
  visit("status", value.status);
  visit("version", value.version);
  visit("platformVersion", value.platform_version);
  visit("roleArn", value.role_arn);
  visit("vpcConfig", value.vpc_config);
  visit("access", value.access);
  visit("hostedZone", value.hosted_zone);
  visit("publicResolvesPrivate", value.public_resolves_private);
  visit("deletionProtection", value.deletion_protection);
  visit("enabledLogs", value.enabled_logs);
  visit("tags", value.tags);
  visit("pool", value.pool);
  visit("servers", value.servers);
  visit("certificateAuthority", value.certificate_authority_pem);
  visit("healthIssues", value.health_issues);
  visit("serviceIpv4Cidr", value.service_ipv4_cidr);
  visit("ipFamily", value.ip_family);
  visit("authenticationMode", value.authentication_mode);
  visit("bootstrapCreatorAdmin", value.bootstrap_creator_admin);
  visit("supportType", value.support_type);
  visit("clientRequestToken", value.client_request_token);
  visit("clientRequestHash", value.client_request_hash);
}

template <class V, Is<model::AccessChange> T>
void fields(V& visit, T& value) {
  visit("target", value.target);
  visit("previous", value.previous);
  visit("previousPublicResolvesPrivate", value.previous_public_resolves_private);
  visit("targetZone", value.target_zone);
  visit("previousZone", value.previous_zone);
}

// The other changes are a target and a previous value.
template <class T>
concept PlainChange = Is<T, model::VpcConfigChange> || Is<T, model::LoggingChange> ||
                      Is<T, model::DeletionProtectionChange> || Is<T, model::AuthenticationModeChange>;

template <class V, PlainChange T>
void fields(V& visit, T& value) {
  visit("target", value.target);
  visit("previous", value.previous);
}

template <class V, Is<model::UpdateError> T>
void fields(V& visit, T& value) {
  visit("code", value.code);
  visit("message", value.message);
  visit("resourceIds", value.resource_ids);
}

template <>
inline constexpr const char* kRoot<model::Update> = "update";
template <class V, Is<model::Update> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("cluster", value.cluster);
  visit("status", value.status);
  visit("step", value.step);
  visit("change", value.change);
  visit("createdAt", value.created_at);
  visit("finishedAt", value.finished_at);
  visit("revision", value.revision);
  visit("errors", value.errors);
  visit("warnings", value.warnings);
  visit("connectionsCut", value.connections_cut);
  visit("clientRequestToken", value.client_request_token);
  visit("clientRequestHash", value.client_request_hash);
}

}  // namespace sallyport::store
