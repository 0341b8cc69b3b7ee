#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "api/identity/operation.h"
#include "base/limits.h"

namespace sallyport::api::identity {

namespace {

namespace limits = base::limits;

IamResult<Outcome> get_account_summary(const Context& context) {
  std::size_t versions = 0;
  for (const auto& [id, policy] : model::all_of<model::IamPolicy>(context.identities))
    versions += policy->versions.size();
  const std::array<std::pair<std::string_view, std::size_t>, 14> summary{{
      {"Users", model::all_of<model::IamUser>(context.identities).size()},
      {"UsersQuota", limits::kIamUsers},
      {"Roles", model::all_of<model::IamRole>(context.identities).size()},
      {"RolesQuota", limits::kIamRoles},
      {"Policies", model::all_of<model::IamPolicy>(context.identities).size()},
      {"PoliciesQuota", limits::kIamPolicies},
      {"PolicyVersionsInUse", versions},
      {"VersionsPerPolicyQuota", limits::kPolicyVersions},
      {"PolicySizeQuota", limits::kManagedPolicyCharacters},
      {"AccessKeysPerUserQuota", limits::kAccessKeysPerUser},
      {"AttachedPoliciesPerUserQuota", limits::kAttachedPolicies},
      {"AttachedPoliciesPerRoleQuota", limits::kAttachedPolicies},
      {"UserPolicySizeQuota", limits::kUserInlineCharacters},
      {"RolePolicySizeQuota", limits::kRoleInlineCharacters},
  }};
  Outcome outcome;
  outcome.answer.group("SummaryMap", [&](Xml& xml) {
    for (const auto& [key, value] : summary)
      xml.group("entry", [&](Xml& entry) { entry.text("key", key).number("value", value); });
  });
  return outcome;
}

constexpr auto kAccountOperations = std::to_array<Entry>({{"GetAccountSummary", get_account_summary}});

}  // namespace

std::span<const Entry> account_operations() { return kAccountOperations; }

}  // namespace sallyport::api::identity
