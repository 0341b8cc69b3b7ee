#include "iam/review_access.h"

#include "base/bytes.h"
#include "iam/access_rules.h"
#include "iam/map_caller.h"
#include "iam/names.h"

namespace sallyport::iam {

namespace {

// The one value of a name; empty where there is none, or several. An API server that stands behind the aggregation
// layer knows the names in lower case: they came to it as headers.
std::string value_of(const wire::AccessReview& asked, std::string_view name) {
  const std::vector<std::string>* found = nullptr;
  for (const auto& [key, values] : asked.extra) {
    if (!base::ascii_iequals(key, name)) continue;
    if (found != nullptr) return {};
    found = &values;
  }
  return found == nullptr || found->size() != 1 ? std::string() : found->front();
}

// Whether the principal of that id has this ARN, now.
bool is_present(const model::IdentityObjects& identities, const model::AccountId& account, const CallerNames& names) {
  if (const auto* user = model::find_in<model::IamUser>(identities, model::IamUserId(names.principal_id))) {
    return arn_of(account, *user) == names.canonical_arn;
  }
  if (const auto* role = model::find_in<model::IamRole>(identities, model::IamRoleId(names.principal_id))) {
    return arn_of(account, *role) == names.canonical_arn;
  }
  const Principal root = root_principal(account);
  return names.principal_id == root.user_id && names.canonical_arn == root.arn;
}

}  // namespace

std::string_view reason_of(AccessOutcome outcome) {
  switch (outcome) {
    case AccessOutcome::kAllowed: return "policy";
    case AccessOutcome::kNotOurs: return "not_ours";
    case AccessOutcome::kConfigMapMode: return "config_map_mode";
    case AccessOutcome::kNoEntry: return "no_entry";
    case AccessOutcome::kOtherUser: return "other_user";
    case AccessOutcome::kNoPolicy: return "no_policy";
  }
  return "unknown";
}

AccessVerdict review_access(const model::Cluster& cluster, const model::IdentityObjects& identities,
                            const model::AccountId& account, const wire::AccessReview& asked) {
  const CallerNames names{.canonical_arn = model::Arn(value_of(asked, kExtraCanonicalArn)),
                          .principal_id = value_of(asked, kExtraPrincipalId),
                          .session = value_of(asked, kExtraSessionName)};
  if (names.canonical_arn.empty() || names.principal_id.empty()) return {AccessOutcome::kNotOurs, ""};
  if (cluster.authentication_mode == model::AuthenticationMode::kConfigMap) {
    return {AccessOutcome::kConfigMapMode, "EKS access entries are not in force in authentication mode CONFIG_MAP"};
  }
  const auto entry = find_entry(identities, cluster.name, names, account);
  if (!entry || !is_present(identities, account, names)) {
    return {AccessOutcome::kNoEntry, "no EKS access entry is of this principal"};
  }
  if (username_of(**entry, names, account, value_of(asked, kExtraAccessKeyId)) != asked.user) {
    return {AccessOutcome::kOtherUser, "the principal's EKS access entry has another username"};
  }
  for (const model::AssociatedAccessPolicy& policy : (*entry)->policies) {
    if (!policy_allows(policy, asked)) continue;
    return {AccessOutcome::kAllowed, "EKS access policy " + policy.policy.str() + " of the access entry of " +
                                         names.canonical_arn.str() + " allows it"};
  }
  return {AccessOutcome::kNoPolicy, "no EKS access policy of this principal allows it"};
}

}  // namespace sallyport::iam
