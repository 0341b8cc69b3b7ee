#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "api/identity/documents.h"
#include "api/identity/lookup.h"
#include "api/identity/operation.h"
#include "api/identity/page.h"
#include "api/identity/policy_lookup.h"
#include "base/limits.h"

namespace sallyport::api::identity {

namespace {

using base::limits::kPolicyVersions;
using model::IamPolicy;
using model::IamPolicyVersion;

void render(Xml& xml, const IamPolicy& policy, const IamPolicyVersion& version) {
  xml.text("VersionId", version.id).flag("IsDefaultVersion", version.id == policy.default_version);
  render_time(xml, "CreateDate", version.created_at);
}

// A place in the list, the newest first, that stays as versions come and go: "v" and a number that is not used again.
std::string list_key(const IamPolicyVersion& version) {
  std::uint64_t number = 0;
  std::from_chars(version.id.data() + 1, version.id.data() + version.id.size(), number);
  const std::string later = std::to_string(std::numeric_limits<std::uint64_t>::max() - number);
  return std::string(std::numeric_limits<std::uint64_t>::digits10 + 1 - later.size(), '0') + later;
}

// The version of `policy` that the request names.
IamResult<const IamPolicyVersion*> version_asked(const Context& context, const IamPolicy& policy) {
  const auto id = context.params.required("VersionId");
  if (!id) return fault(id.error());
  const auto found = std::ranges::find(policy.versions, *id, &IamPolicyVersion::id);
  if (found == policy.versions.end()) return no_such_entity("version of policy " + policy.name, *id);
  return &*found;
}

IamResult<Outcome> get_policy_version(const Context& context) {
  const auto managed = managed_policy(context);
  if (!managed) return fault(managed.error());
  const auto version = version_asked(context, *managed->policy);
  if (!version) return fault(version.error());
  Outcome outcome;
  outcome.answer.group("PolicyVersion", [&](Xml& xml) {
    render(xml, *managed->policy, **version);
    render_document(xml, "Document", (*version)->document);
  });
  return outcome;
}

IamResult<Outcome> create_policy_version(const Context& context) {
  const auto policy = own_policy(context);
  if (!policy) return fault(policy.error());
  auto document = document_in(context.params, "PolicyDocument", iam::PolicyKind::kIdentity, kManagedPolicyLimit);
  if (!document) return fault(document.error());
  const auto as_default = context.params.boolean("SetAsDefault");
  if (!as_default) return fault(as_default.error());
  if ((*policy)->versions.size() >= kPolicyVersions) {
    return limit_exceeded("VersionsPerPolicy", kPolicyVersions,
                          "delete a version before you make another, with DeletePolicyVersion");
  }
  IamPolicy after = **policy;
  after.updated_at = second_of(context.now);
  after.versions.push_back({"v" + std::to_string(++after.versions_made), *std::move(document), after.updated_at});
  const IamPolicyVersion& made = after.versions.back();
  if (as_default->value_or(false)) after.default_version = made.id;
  Outcome outcome;
  outcome.answer.group("PolicyVersion", [&](Xml& xml) { render(xml, after, made); });
  outcome.puts.emplace_back(std::move(after));
  return outcome;
}

IamResult<Outcome> set_default_policy_version(const Context& context) {
  const auto policy = own_policy(context);
  if (!policy) return fault(policy.error());
  const auto version = version_asked(context, **policy);
  if (!version) return fault(version.error());
  IamPolicy after = **policy;
  after.default_version = (*version)->id;
  return changed(std::move(after));
}

IamResult<Outcome> delete_policy_version(const Context& context) {
  const auto policy = own_policy(context);
  if (!policy) return fault(policy.error());
  const auto version = version_asked(context, **policy);
  if (!version) return fault(version.error());
  if ((*version)->id == (*policy)->default_version) {
    return delete_conflict("Cannot delete the default version of a policy.");
  }
  IamPolicy after = **policy;
  std::erase(after.versions, **version);
  return changed(std::move(after));
}

IamResult<Outcome> list_policy_versions(const Context& context) {
  const auto managed = managed_policy(context);
  if (!managed) return fault(managed.error());
  std::map<std::string, IamPolicyVersion> rows;
  for (const IamPolicyVersion& version : managed->policy->versions)
    rows.emplace(list_key(version), version);
  return listed(context, "ListPolicyVersions", "Versions", rows,
                [&](Xml& xml, const IamPolicyVersion& version) { render(xml, *managed->policy, version); });
}

constexpr auto kPolicyVersionOperations = std::to_array<Entry>({
    {"GetPolicyVersion", get_policy_version},
    {"CreatePolicyVersion", create_policy_version, true},
    {"SetDefaultPolicyVersion", set_default_policy_version, true},
    {"DeletePolicyVersion", delete_policy_version, true},
    {"ListPolicyVersions", list_policy_versions},
});

}  // namespace

std::span<const Entry> policy_version_operations() { return kPolicyVersionOperations; }

}  // namespace sallyport::api::identity
