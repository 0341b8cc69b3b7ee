#include "iam/principals.h"

#include <algorithm>
#include <utility>

#include "base/time.h"
#include "iam/managed_policies.h"
#include "iam/names.h"
#include "iam/policy_parse.h"

namespace sallyport::iam {

namespace {

const std::string* document_of(const model::IdentityObjects& identities, const model::Arn& arn,
                               const model::AccountId& account) {
  if (const std::string* built_in = managed_policy_document(arn.str())) return built_in;
  for (const auto& [id, policy] : model::all_of<model::IamPolicy>(identities)) {
    if (arn_of(account, *policy) != arn) continue;
    const auto version = std::ranges::find(policy->versions, policy->default_version, &model::IamPolicyVersion::id);
    return version == policy->versions.end() ? nullptr : &version->document;
  }
  return nullptr;
}

void add(std::vector<Policy>& policies, const std::string& document) {
  if (auto policy = parse_policy(document, PolicyKind::kIdentity)) policies.push_back(*std::move(policy));
}

const model::Permissions* permissions_of(const model::IdentityObjects& identities, const Principal& principal) {
  if (principal.user) {
    const auto* user = model::find_in<model::IamUser>(identities, *principal.user);
    return user == nullptr ? nullptr : &user->permissions;
  }
  if (principal.role) {
    const auto* role = model::find_in<model::IamRole>(identities, *principal.role);
    return role == nullptr ? nullptr : &role->permissions;
  }
  return nullptr;
}

}  // namespace

std::string seal_purpose(const model::AccessKeyId& key) { return "access-key " + key.str(); }

std::optional<AccessKey> find_user_key(const model::IdentityObjects& identities, const Sealer& sealer,
                                       const model::AccountId& account, const std::string& access_key_id) {
  const auto* record = model::find_in<model::AccessKeyRecord>(identities, model::AccessKeyId(access_key_id));
  if (record == nullptr || !record->active) return std::nullopt;
  const auto* user = model::find_in<model::IamUser>(identities, record->user);
  if (user == nullptr) return std::nullopt;
  auto secret = sealer.open(record->sealed_secret, seal_purpose(record->id));
  if (!secret) return std::nullopt;
  return AccessKey{.id = access_key_id,
                   .secret = *std::move(secret),
                   .principal = {.arn = arn_of(account, *user),
                                 .user_id = user->id.str(),
                                 .account = account,
                                 .is_root = false,
                                 .user = user->id,
                                 .role = {},
                                 .name = user->name}};
}

std::vector<Policy> policies_of(const model::IdentityObjects& identities, const Principal& principal,
                                const model::AccountId& account) {
  std::vector<Policy> policies;
  const model::Permissions* permissions = permissions_of(identities, principal);
  if (permissions == nullptr) return policies;
  for (const auto& [name, document] : permissions->inline_policies)
    add(policies, document);
  for (const model::Arn& arn : permissions->attached_policies) {
    if (const std::string* document = document_of(identities, arn, account)) add(policies, *document);
  }
  return policies;
}

void add_principal(RequestContext& context, const model::IdentityObjects& identities, const Principal& principal) {
  context.set("aws:PrincipalAccount", principal.account.str());
  context.set("aws:userid", principal.user_id);
  const model::Tags* tags = nullptr;
  if (principal.is_root) {
    context.set("aws:PrincipalType", "Account");
    context.set("aws:PrincipalArn", principal.arn.str());
  } else if (principal.user) {
    context.set("aws:PrincipalType", "User");
    context.set("aws:PrincipalArn", principal.arn.str());
    context.set("aws:username", principal.name);
    const auto* user = model::find_in<model::IamUser>(identities, *principal.user);
    if (user != nullptr) tags = &user->tags;
  } else if (principal.role) {
    context.set("aws:PrincipalType", "AssumedRole");
    const auto* role = model::find_in<model::IamRole>(identities, *principal.role);
    // The role's ARN, not the session's, as AWS has it.
    if (role != nullptr) context.set("aws:PrincipalArn", arn_of(principal.account, *role).str());
    if (role != nullptr) tags = &role->tags;
  }
  if (principal.temporary && principal.temporary->issued_at) {
    context.set("aws:TokenIssueTime", base::format_rfc3339(*principal.temporary->issued_at));
  }
  if (tags == nullptr) return;
  for (const auto& [key, value] : *tags)
    context.set("aws:PrincipalTag/" + key, value);
}

}  // namespace sallyport::iam
