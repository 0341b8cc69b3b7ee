#include "api/identity/policy_lookup.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "iam/managed_policies.h"
#include "iam/names.h"
#include "wire/json_value.h"

namespace sallyport::api::identity {

namespace {

constexpr std::size_t kArnBytes = 256;  // of an ARN in a message
// When AWS made AdministratorAccess: ours have no time of their own.
constexpr base::Time kBuiltInSince{std::chrono::seconds(1'423'247'986)};

model::IamPolicy built_in(const iam::ManagedPolicy& policy) {
  return {.id = model::IamPolicyId(policy.id),
          .name = std::string(policy.name),
          .description = policy.description,
          .versions = {{.id = "v1", .document = policy.document, .created_at = kBuiltInSince}},
          .default_version = "v1",
          .versions_made = 1,
          .created_at = kBuiltInSince,
          .updated_at = kBuiltInSince};
}

const std::vector<Managed>& built_in_policies() {
  static const std::vector<model::IamPolicy> policies = [] {
    std::vector<model::IamPolicy> made;
    for (const iam::ManagedPolicy& policy : iam::managed_policies())
      made.push_back(built_in(policy));
    return made;
  }();
  static const std::vector<Managed> managed = [] {
    std::vector<Managed> made;
    for (const model::IamPolicy& policy : policies)
      made.push_back({&policy, iam::arn_of(model::AccountId("aws"), policy), true});
    return made;
  }();
  return managed;
}

}  // namespace

std::vector<Managed> all_managed(const Context& context) {
  std::vector<Managed> all = built_in_policies();
  for (const auto& [id, policy] : model::all_of<model::IamPolicy>(context.identities))
    all.push_back({policy.get(), iam::arn_of(context.account, *policy), false});
  return all;
}

std::optional<Managed> find_managed(const Context& context, const model::Arn& arn) {
  const std::vector<Managed> all = all_managed(context);
  const auto found = std::ranges::find(all, arn, &Managed::arn);
  if (found == all.end()) return std::nullopt;
  return *found;
}

IamResult<Managed> managed_policy(const Context& context) {
  const auto arn = context.params.required("PolicyArn");
  if (!arn) return fault(arn.error());
  if (!arn->starts_with("arn:")) {
    return fault("InvalidInput", "ARN " + wire::shortened(*arn, kArnBytes) + " is not valid.");
  }
  if (auto found = find_managed(context, model::Arn(*arn))) return *std::move(found);
  return no_such_policy(*arn);
}

IamResult<const model::IamPolicy*> own_policy(const Context& context) {
  const auto managed = managed_policy(context);
  if (!managed) return fault(managed.error());
  if (managed->built_in) return unmodifiable(managed->arn.str());
  return managed->policy;
}

std::string list_key(const Managed& managed) {
  return managed.policy->name + (managed.built_in ? "/aws" : "/own");  // '/' is in no name
}

tl::unexpected<Fault> no_such_policy(std::string_view arn) { return no_such_entity("policy", arn); }

std::unordered_map<std::string, std::size_t> attachment_counts(const Context& context) {
  std::unordered_map<std::string, std::size_t> counts;
  const auto count = [&](const auto& table) {
    for (const auto& [id, one] : table) {
      for (const model::Arn& arn : one->permissions.attached_policies)
        ++counts[arn.str()];
    }
  };
  count(model::all_of<model::IamUser>(context.identities));
  count(model::all_of<model::IamRole>(context.identities));
  return counts;
}

}  // namespace sallyport::api::identity
