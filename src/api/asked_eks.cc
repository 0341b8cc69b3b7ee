#include <algorithm>
#include <array>

#include "api/asked.h"
#include "api/eks/entry_arn.h"
#include "api/eks/routes.h"
#include "iam/entry_rules.h"
#include "wire/json_parse.h"
#include "wire/uri.h"

namespace sallyport::api {

namespace {

// By the Service Authorization Reference these are about an entry; creating and listing are about the cluster.
constexpr auto kAboutEntries = std::to_array<std::string_view>(
    {"DescribeAccessEntry", "UpdateAccessEntry", "DeleteAccessEntry", "AssociateAccessPolicy",
     "DisassociateAccessPolicy", "ListAssociatedAccessPolicies"});

std::string cluster_arn(const Surroundings& around, std::string_view name) {
  return "arn:aws:eks:" + around.region.str() + ":" + around.account.str() + ":cluster/" + std::string(name);
}

const wire::Json* member(const wire::JsonObject& object, std::string_view name) {
  for (const wire::JsonMember& one : object) {
    if (one.name == name) return &one.value;
  }
  return nullptr;
}

const wire::JsonObject* object_in(const wire::JsonObject& object, std::string_view name) {
  const wire::Json* found = member(object, name);
  return found == nullptr ? nullptr : found->as_object();
}

const std::string* text_in(const wire::JsonObject& object, std::string_view name) {
  const wire::Json* found = member(object, name);
  return found == nullptr ? nullptr : found->as_string();
}

std::vector<std::string> texts_in(const wire::JsonObject& object, std::string_view name) {
  const wire::Json* found = member(object, name);
  const wire::JsonArray* list = found == nullptr ? nullptr : found->as_array();
  std::vector<std::string> texts;
  if (list == nullptr) return texts;
  for (const wire::Json& one : *list) {
    if (const std::string* text = one.as_string()) texts.push_back(*text);
  }
  return texts;
}

model::Tags tags_of(const wire::JsonObject& body) {
  model::Tags tags;
  const wire::JsonObject* object = object_in(body, "tags");
  if (object == nullptr) return tags;
  for (const wire::JsonMember& one : *object) {
    if (const std::string* value = one.value.as_string()) tags[one.name] = *value;
  }
  return tags;
}

void set_texts(Asked& asked, std::string_view key, std::vector<std::string> values) {
  if (!values.empty()) asked.context.set(key, std::move(values));
}

void set_scope(Asked& asked, const model::AccessScope& scope) {
  asked.context.set("eks:accessScope", scope.whole_cluster ? "cluster" : "namespace");
  set_texts(asked, "eks:namespaces", scope.namespaces);
}

void about_cluster(Asked& asked, const std::string& name, const Surroundings& around) {
  const auto tags = around.cluster_tags ? around.cluster_tags(name) : std::nullopt;
  asked.resources = {{.arn = cluster_arn(around, name), .tags = tags.value_or(model::Tags())}};
}

void about_entry(Asked& asked, const model::AccessEntry& entry, const Surroundings& around) {
  asked.resources = {{.arn = eks::access_entry_arn(entry, around.account, around.region).str(), .tags = entry.tags}};
  asked.context.set("eks:clusterName", entry.cluster.str());
  asked.context.set("eks:principalArn", entry.principal.str());
  asked.context.set("eks:accessEntryType", entry.type);
  asked.context.set("eks:username", entry.username);
  set_texts(asked, "eks:kubernetesGroups", entry.groups);
}

std::optional<model::AccessEntry> find_entry(const Surroundings& around, const Surroundings::PickEntry& pick) {
  return around.access_entry ? around.access_entry(pick) : std::nullopt;
}

// `labels`: cluster, principal, and the policy where one is taken away.
void about_entry_of(Asked& asked, const eks::Route& route, const Surroundings& around) {
  const std::string& cluster = route.labels.at(0);
  const std::string& principal = route.labels.at(1);
  const auto id = model::access_entry_id(model::ClusterName(cluster), model::Arn(principal));
  const auto entry = find_entry(around, [&](const model::IdentityObjects& identities) {
    return model::find_in<model::AccessEntry>(identities, id);
  });
  if (entry) {
    about_entry(asked, *entry, around);
  } else {
    asked.resources = {{.arn = eks::missing_entry_arn(cluster, principal, around.account, around.region).str()}};
    asked.context.set("eks:clusterName", cluster);
    asked.context.set("eks:principalArn", principal);
  }
  if (route.operation != "DisassociateAccessPolicy") return;
  const std::string& policy = route.labels.at(2);
  asked.context.set("eks:policyArn", policy);
  if (!entry) return;
  for (const model::AssociatedAccessPolicy& each : entry->policies) {
    if (each.policy.str() == policy) set_scope(asked, each.scope);
  }
}

void about_tagged(Asked& asked, const std::string& arn, const Surroundings& around) {
  const std::string clusters = cluster_arn(around, "");
  const auto entry = find_entry(around, [&](const model::IdentityObjects& identities) {
    return eks::find_entry_by_arn(identities, arn, around.account, around.region);
  });
  if (entry) {
    about_entry(asked, *entry, around);
  } else if (arn.starts_with(clusters)) {
    about_cluster(asked, arn.substr(clusters.size()), around);
  } else {
    asked.resources = {{.arn = arn}};
  }
}

// What an entry would be.
void about_new_entry(Asked& asked, const wire::JsonObject& body) {
  const std::string* type = text_in(body, "type");
  asked.context.set("eks:accessEntryType", type == nullptr ? std::string(iam::kStandardEntry) : *type);
  if (const std::string* principal = text_in(body, "principalArn")) asked.context.set("eks:principalArn", *principal);
  if (const std::string* username = text_in(body, "username")) asked.context.set("eks:username", *username);
  set_texts(asked, "eks:kubernetesGroups", texts_in(body, "kubernetesGroups"));
}

// What an entry is to be, where that is given: a limit on groups must hold for those it ends with.
void about_changed_entry(Asked& asked, const wire::JsonObject& body) {
  if (const std::string* username = text_in(body, "username")) asked.context.set("eks:username", *username);
  if (member(body, "kubernetesGroups") != nullptr) {
    asked.context.set("eks:kubernetesGroups", texts_in(body, "kubernetesGroups"));
  }
}

void about_association(Asked& asked, const wire::JsonObject& body) {
  if (const std::string* policy = text_in(body, "policyArn")) asked.context.set("eks:policyArn", *policy);
  const wire::JsonObject* scope = object_in(body, "accessScope");
  if (scope == nullptr) return;
  if (const std::string* type = text_in(*scope, "type")) asked.context.set("eks:accessScope", *type);
  set_texts(asked, "eks:namespaces", texts_in(*scope, "namespaces"));
}

void about_access_config(Asked& asked, const wire::JsonObject& body) {
  const wire::JsonObject* config = object_in(body, "accessConfig");
  if (config == nullptr) return;
  if (const std::string* mode = text_in(*config, "authenticationMode")) {
    asked.context.set("eks:authenticationMode", *mode);
  }
  const wire::Json* bootstrap = member(*config, "bootstrapClusterCreatorAdminPermissions");
  if (const bool* value = bootstrap == nullptr ? nullptr : bootstrap->as_bool()) {
    asked.context.set("eks:bootstrapClusterCreatorAdminPermissions", *value ? "true" : "false");
  }
}

void ask_of_body(Asked& asked, std::string_view operation, const wire::JsonObject& body, const Surroundings& around) {
  add_request_tags(asked.context, tags_of(body));
  if (operation == "CreateCluster") {
    const std::string* name = text_in(body, "name");
    asked.resources = {{.arn = cluster_arn(around, name == nullptr ? std::string() : *name)}};
  }
  if (operation == "CreateCluster" || operation == "UpdateClusterConfig") about_access_config(asked, body);
  if (operation == "CreateAccessEntry") about_new_entry(asked, body);
  if (operation == "UpdateAccessEntry") about_changed_entry(asked, body);
  if (operation == "AssociateAccessPolicy") about_association(asked, body);
}

}  // namespace

void ask_eks(Asked& asked, const HttpRequest& request, const Surroundings& around) {
  const wire::Target target = wire::split_target(request.target);
  const eks::Route route = eks::find_route(request.method, target.path);
  if (std::ranges::find(kAboutEntries, route.operation) != kAboutEntries.end()) {
    about_entry_of(asked, route, around);
  } else if (target.path.starts_with("/clusters/") && !route.labels.empty()) {
    about_cluster(asked, route.labels.front(), around);
  } else if (target.path.starts_with("/tags/") && !route.labels.empty()) {
    about_tagged(asked, route.labels.front(), around);
    if (const auto query = wire::parse_pairs(target.query)) {
      std::vector<std::string> keys;
      for (const auto& [key, value] : *query) {
        if (key == "tagKeys") keys.push_back(value);
      }
      asked.context.set("aws:TagKeys", std::move(keys));
    }
  }
  if (request.body.empty()) return;
  const auto body = wire::parse_json(request.body);
  const wire::JsonObject* object = body ? body->as_object() : nullptr;
  if (object != nullptr) ask_of_body(asked, route.operation, *object, around);
}

}  // namespace sallyport::api
