#pragma once

#include "model/identity.h"
#include "store/codec_fields.h"

// The members of what is stored of who may call the API.
namespace sallyport::store {

template <class V, Is<model::Permissions> T>
void fields(V& visit, T& value) {
  visit("inlinePolicies", value.inline_policies);
  visit("attachedPolicies", value.attached_policies);
}

template <>
inline constexpr const char* kRoot<model::IamUser> = "iamUser";
template <class V, Is<model::IamUser> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("name", value.name);
  visit("path", value.path);
  visit("permissions", value.permissions);
  visit("createdAt", value.created_at);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::AccessKeyRecord> = "accessKey";
template <class V, Is<model::AccessKeyRecord> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("user", value.user);
  visit("active", value.active);
  visit("sealedSecret", value.sealed_secret);
  visit("createdAt", value.created_at);
}

template <>
inline constexpr const char* kRoot<model::IamRole> = "iamRole";
template <class V, Is<model::IamRole> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("name", value.name);
  visit("path", value.path);
  visit("description", value.description);
  visit("trustPolicy", value.trust_policy);
  visit("maxSessionSeconds", value.max_session_seconds);
  visit("permissions", value.permissions);
  visit("createdAt", value.created_at);
  visit("tags", value.tags);
}

template <class V, Is<model::IamPolicyVersion> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("document", value.document);
  visit("createdAt", value.created_at);
}

template <>
inline constexpr const char* kRoot<model::IamPolicy> = "iamPolicy";
template <class V, Is<model::IamPolicy> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("name", value.name);
  visit("path", value.path);
  visit("description", value.description);
  visit("versions", value.versions);
  visit("defaultVersion", value.default_version);
  visit("versionsMade", value.versions_made);
  visit("createdAt", value.created_at);
  visit("updatedAt", value.updated_at);
  visit("tags", value.tags);
}

template <class V, Is<model::AccessScope> T>
void fields(V& visit, T& value) {
  visit("wholeCluster", value.whole_cluster);
  visit("namespaces", value.namespaces);
}

template <class V, Is<model::AssociatedAccessPolicy> T>
void fields(V& visit, T& value) {
  visit("policy", value.policy);
  visit("scope", value.scope);
  visit("associatedAt", value.associated_at);
  visit("modifiedAt", value.modified_at);
}

template <class V, Is<model::TokenRequest> T>
void fields(V& visit, T& value) {
  visit("token", value.token);
  visit("hash", value.hash);
}

template <>
inline constexpr const char* kRoot<model::AccessEntry> = "accessEntry";
template <class V, Is<model::AccessEntry> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("cluster", value.cluster);
  visit("principal", value.principal);
  visit("type", value.type);
  visit("username", value.username);
  visit("groups", value.groups);
  visit("policies", value.policies);
  visit("uuid", value.uuid);
  visit("createdAt", value.created_at);
  visit("modifiedAt", value.modified_at);
  visit("requests", value.requests);
  visit("tags", value.tags);
  visit("principalId", value.principal_id);
}

}  // namespace sallyport::store
