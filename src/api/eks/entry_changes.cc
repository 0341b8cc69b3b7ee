#include "api/eks/entry_changes.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "iam/entry_policies.h"
#include "iam/entry_principal.h"
#include "iam/entry_rules.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

namespace {

namespace limits = base::limits;
using base::ErrorKind;
using base::fail;
using model::AccessEntry;

EntryChange put(AccessEntry entry) {
  store::Transaction transaction;
  transaction.puts.emplace_back(entry);
  return {std::move(entry), std::move(transaction)};
}

EntryChange unchanged(const AccessEntry& entry) { return {entry, std::nullopt}; }

// The entry that a request with this token made or changed, if there was one.
base::Result<const AccessEntry*> earlier(const EntryContext& context, const model::TokenRequest& request) {
  if (request.token.empty()) return nullptr;
  for (const AccessEntry* entry : model::entries_of(context.identities, context.cluster.name)) {
    const auto found = std::ranges::find(entry->requests, request.token, &model::TokenRequest::token);
    if (found == entry->requests.end()) continue;
    if (found->hash == request.hash) return entry;
    return fail(ErrorKind::kInvalidParameter,
                "clientRequestToken was used before with other parameters, for the access entry of " +
                    entry->principal.str() + "; use a new token",
                "clientRequestToken");
  }
  return nullptr;
}

void remember(AccessEntry& entry, const model::TokenRequest& request) {
  if (request.token.empty()) return;
  if (entry.requests.size() >= limits::kRequestsPerAccessEntry) entry.requests.erase(entry.requests.begin());
  entry.requests.push_back(request);
}

base::Status check_room(const EntryContext& context) {
  const auto full = [](std::size_t count, std::size_t most, const std::string& where) {
    return fail(ErrorKind::kLimitExceeded, "There are " + std::to_string(count) + " access entries " + where +
                                               ", the limit is " + std::to_string(most) + "; delete one first");
  };
  const std::size_t here = model::entries_of(context.identities, context.cluster.name).size();
  if (here >= limits::kAccessEntriesPerCluster) {
    return full(here, limits::kAccessEntriesPerCluster, "of cluster " + context.cluster.name.str());
  }
  const std::size_t all = model::all_of<AccessEntry>(context.identities).size();
  if (all >= limits::kAccessEntries) return full(all, limits::kAccessEntries, "of all clusters");
  return {};
}

// Names and groups that a request gives to a STANDARD entry; EKS gives those of the others.
base::Status take_identity(AccessEntry& entry, iam::EntryPrincipal::Kind kind,
                           const std::optional<std::string>& username,
                           const std::optional<std::vector<std::string>>& groups) {
  const auto refused = [&](const char* field) {
    return fail(ErrorKind::kInvalidParameter,
                std::string(field) + " cannot be given for an access entry of type " + entry.type +
                    ": those of nodes are fixed; leave it out",
                field);
  };
  const bool standard = entry.type == iam::kStandardEntry;
  if (groups) {
    if (!standard && !groups->empty()) return refused("kubernetesGroups");
    if (auto good = iam::check_entry_groups(*groups); !good) return good;
    if (standard) entry.groups = *groups;
  }
  if (username) {
    if (!standard) return refused("username");
    if (auto good = iam::check_entry_username(*username, kind); !good) return good;
    entry.username = *username;
  }
  return {};
}

// What an entry's principal was, be it there still or not.
iam::EntryPrincipal::Kind kind_of(const model::Arn& principal) {
  using Kind = iam::EntryPrincipal::Kind;
  const std::string_view resource = std::string_view(principal.str()).substr(principal.str().rfind(':') + 1);
  if (resource.starts_with("role/")) return Kind::kRole;
  return resource.starts_with("user/") ? Kind::kUser : Kind::kRoot;
}

base::Result<AccessEntry> entry_to_change(const EntryContext& context, const model::Arn& principal) {
  if (auto mode = check_entries_mode(context.cluster); !mode) return fail(mode.error());
  const auto entry = existing_entry(context.identities, context.cluster.name, principal);
  if (!entry) return fail(entry.error());
  return **entry;
}

base::Result<EntryChange> with_tags(const AccessEntry& before, model::Tags tags, base::Time now) {
  if (tags.size() > limits::kTagsPerResource) {
    return fail(ErrorKind::kLimitExceeded,
                "tags: the access entry would have " + std::to_string(tags.size()) + " tags; at most " +
                    std::to_string(limits::kTagsPerResource) + " are allowed, remove some first",
                "tags");
  }
  if (tags == before.tags) return unchanged(before);
  AccessEntry after = before;
  after.tags = std::move(tags);
  after.modified_at = now;
  return put(std::move(after));
}

}  // namespace

base::Status check_entries_mode(const model::Cluster& cluster) {
  if (cluster.authentication_mode != model::AuthenticationMode::kConfigMap) return {};
  return fail(ErrorKind::kInvalidRequest,
              "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this "
              "operation.");
}

base::Result<const AccessEntry*> existing_entry(const model::IdentityObjects& identities,
                                                const model::ClusterName& cluster, const model::Arn& principal) {
  if (const auto* entry = model::find_in<AccessEntry>(identities, model::access_entry_id(cluster, principal))) {
    return entry;
  }
  return fail(ErrorKind::kNotFound,
              "The specified principalArn could not be found. You can view your available access entries with "
              "'list-access-entries'.",
              "principalArn");
}

base::Result<EntryChange> create_entry(const EntryContext& context, const CreateEntryRequest& request) {
  if (auto mode = check_entries_mode(context.cluster); !mode) return fail(mode.error());
  const auto known = earlier(context, request.request);
  if (!known) return fail(known.error());
  if (*known != nullptr) return unchanged(**known);

  const auto principal = iam::find_entry_principal(context.identities, context.account, request.principal);
  if (!principal) return fail(principal.error());
  auto entry = iam::new_access_entry(context.cluster.name, *principal, context.account, request.type,
                                     base::random_uuid(context.entropy), context.now);
  if (!entry) return fail(entry.error());
  if (auto good = take_identity(*entry, principal->kind, request.username, request.groups); !good) {
    return fail(good.error());
  }
  if (model::find_in<AccessEntry>(context.identities, entry->id) != nullptr) {
    return fail(ErrorKind::kInUse,
                "The specified access entry resource is already in use on this cluster: " + entry->principal.str() +
                    " has one; change it with UpdateAccessEntry, or delete it first",
                "principalArn");
  }
  if (auto room = check_room(context); !room) return fail(room.error());
  entry->tags = request.tags;
  remember(*entry, request.request);
  return put(*std::move(entry));
}

base::Result<EntryChange> update_entry(const EntryContext& context, const model::Arn& principal,
                                       const UpdateEntryRequest& request) {
  const auto before = entry_to_change(context, principal);
  if (!before) return fail(before.error());
  const auto known = earlier(context, request.request);
  if (!known) return fail(known.error());
  if (*known != nullptr) return unchanged(**known);

  AccessEntry after = *before;
  if (auto good = take_identity(after, kind_of(principal), request.username, request.groups); !good) {
    return fail(good.error());
  }
  if (after != *before) after.modified_at = context.now;
  remember(after, request.request);
  if (after == *before) return unchanged(*before);
  return put(std::move(after));
}

base::Result<EntryChange> delete_entry(const EntryContext& context, const model::Arn& principal) {
  auto before = entry_to_change(context, principal);
  if (!before) return fail(before.error());
  store::Transaction transaction;
  transaction.erases.emplace_back(before->id);
  return EntryChange{*std::move(before), std::move(transaction)};
}

base::Result<EntryChange> associate_policy(const EntryContext& context, const model::Arn& principal,
                                           const AssociatePolicyRequest& request) {
  auto entry = entry_to_change(context, principal);
  if (!entry) return fail(entry.error());
  if (auto known = iam::check_entry_policy(request.policy); !known) return fail(known.error());
  if (auto good = iam::check_access_scope(request.scope); !good) return fail(good.error());
  if (entry->type != iam::kStandardEntry) {
    return fail(ErrorKind::kInvalidRequest,
                "Access policies can be associated with access entries of type STANDARD only; that of " +
                    principal.str() + " is of type " + entry->type);
  }
  const auto found = std::ranges::find(entry->policies, request.policy, &model::AssociatedAccessPolicy::policy);
  if (found == entry->policies.end()) {
    entry->policies.push_back(
        {.policy = request.policy, .scope = request.scope, .associated_at = context.now, .modified_at = context.now});
  } else if (found->scope == request.scope) {
    return unchanged(*entry);
  } else {
    found->scope = request.scope;
    found->modified_at = context.now;
  }
  return put(*std::move(entry));
}

base::Result<EntryChange> disassociate_policy(const EntryContext& context, const model::Arn& principal,
                                              const model::Arn& policy) {
  auto entry = entry_to_change(context, principal);
  if (!entry) return fail(entry.error());
  const auto gone = std::erase_if(
      entry->policies, [&](const model::AssociatedAccessPolicy& associated) { return associated.policy == policy; });
  if (gone == 0) {
    return fail(ErrorKind::kNotFound,
                "The access policy " + wire::shortened(policy.str(), 128) +
                    " is not associated with the access entry of " + principal.str() +
                    ". You can view those that are with 'list-associated-access-policies'.",
                "policyArn");
  }
  return put(*std::move(entry));
}

base::Result<EntryChange> tag_entry(const EntryContext& context, const model::Arn& principal, const model::Tags& tags) {
  const auto entry = entry_to_change(context, principal);
  if (!entry) return fail(entry.error());
  model::Tags merged = entry->tags;
  for (const auto& [key, value] : tags)
    merged[key] = value;
  return with_tags(*entry, std::move(merged), context.now);
}

base::Result<EntryChange> untag_entry(const EntryContext& context, const model::Arn& principal,
                                      const std::vector<std::string>& keys) {
  const auto entry = entry_to_change(context, principal);
  if (!entry) return fail(entry.error());
  model::Tags left = entry->tags;
  for (const std::string& key : keys)
    left.erase(key);
  return with_tags(*entry, std::move(left), context.now);
}

}  // namespace sallyport::api::eks
