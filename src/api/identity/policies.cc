#include <array>
#include <string>
#include <utility>

#include "api/identity/documents.h"
#include "api/identity/lookup.h"
#include "api/identity/operation.h"
#include "api/identity/policy_lookup.h"
#include "api/identity/policy_xml.h"
#include "api/identity/tags.h"
#include "iam/names.h"

namespace sallyport::api::identity {

namespace {

using model::IamPolicy;

Outcome answered(const Managed& managed, std::size_t attachments) {
  Outcome outcome;
  outcome.answer.group("Policy", [&](Xml& xml) {
    render_policy(xml, managed, attachments);
    if (!managed.policy->description.empty()) xml.text("Description", managed.policy->description);
    render_tags(xml, managed.policy->tags);
  });
  return outcome;
}

IamResult<Outcome> create_policy(const Context& context) {
  auto policy = fresh<IamPolicy>(context);
  if (!policy) return fault(policy.error());
  auto document = document_in(context.params, "PolicyDocument", iam::PolicyKind::kIdentity, kManagedPolicyLimit);
  if (!document) return fault(document.error());
  auto description = description_in(context.params);
  if (!description) return fault(description.error());
  auto tags = tags_in(context.params);
  if (!tags) return fault(tags.error());
  policy->description = *std::move(description);
  policy->tags = *std::move(tags);
  policy->versions.push_back({"v1", *std::move(document), policy->created_at});
  policy->default_version = "v1";
  policy->versions_made = 1;
  policy->updated_at = policy->created_at;
  policy->id = model::IamPolicyId(iam::new_unique_id("ANPA", context.entropy));
  Outcome outcome = answered({&*policy, iam::arn_of(context.account, *policy), false}, 0);
  outcome.puts.emplace_back(*std::move(policy));
  return outcome;
}

IamResult<Outcome> get_policy(const Context& context) {
  const auto managed = managed_policy(context);
  if (!managed) return fault(managed.error());
  return answered(*managed, attachment_counts(context)[managed->arn.str()]);
}

IamResult<Outcome> delete_policy(const Context& context) {
  const auto policy = own_policy(context);
  if (!policy) return fault(policy.error());
  if (attachment_counts(context).contains(iam::arn_of(context.account, **policy).str())) {
    return delete_conflict("Cannot delete a policy attached to entities.");
  }
  if ((*policy)->versions.size() > 1) {
    return delete_conflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
        "The default version is deleted with the policy.");
  }
  Outcome outcome;
  outcome.erases.emplace_back((*policy)->id);
  return outcome;
}

constexpr auto kPolicyOperations = std::to_array<Entry>({
    {"CreatePolicy", create_policy, true},
    {"GetPolicy", get_policy},
    {"DeletePolicy", delete_policy, true},
});

}  // namespace

void render_policy(Xml& xml, const Managed& managed, std::size_t attachments) {
  const IamPolicy& policy = *managed.policy;
  xml.text("PolicyName", policy.name).id("PolicyId", policy.id).id("Arn", managed.arn).text("Path", policy.path);
  xml.text("DefaultVersionId", policy.default_version).number("AttachmentCount", attachments);
  xml.number("PermissionsBoundaryUsageCount", 0).flag("IsAttachable", true);
  render_time(xml, "CreateDate", policy.created_at);
  render_time(xml, "UpdateDate", policy.updated_at);
}

std::span<const Entry> policy_operations() { return kPolicyOperations; }

}  // namespace sallyport::api::identity
