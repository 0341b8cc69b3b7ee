#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "api/identity/documents.h"
#include "api/identity/lookup.h"
#include "api/identity/operation.h"
#include "api/identity/page.h"
#include "api/identity/tags.h"
#include "iam/names.h"

namespace sallyport::api::identity {

namespace {

using model::IamRole;

constexpr std::int64_t kShortestSession = 3'600;
constexpr std::int64_t kLongestSession = 43'200;

void render(Xml& xml, const Context& context, const IamRole& role) {
  xml.text("Path", role.path).text("RoleName", role.name).id("RoleId", role.id);
  xml.id("Arn", iam::arn_of(context.account, role));
  render_time(xml, "CreateDate", role.created_at);
  render_document(xml, "AssumeRolePolicyDocument", role.trust_policy);
  if (!role.description.empty()) xml.text("Description", role.description);
  xml.number("MaxSessionDuration", role.max_session_seconds);
}

Outcome answered(const Context& context, const IamRole& role) {
  Outcome outcome;
  outcome.answer.group("Role", [&](Xml& xml) {
    render(xml, context, role);
    render_tags(xml, role.tags);
  });
  return outcome;
}

// MaxSessionDuration, where it is given.
IamStatus read_session(const QueryParams& params, IamRole& into) {
  const auto seconds = params.number("MaxSessionDuration", kShortestSession, kLongestSession);
  if (!seconds) return fault(seconds.error());
  if (*seconds) into.max_session_seconds = static_cast<std::uint64_t>(**seconds);
  return {};
}

IamResult<Outcome> create_role(const Context& context) {
  auto role = fresh<IamRole>(context);
  if (!role) return fault(role.error());
  auto trust = document_in(context.params, "AssumeRolePolicyDocument", iam::PolicyKind::kTrust, kTrustPolicyLimit);
  if (!trust) return fault(trust.error());
  auto description = description_in(context.params);
  if (!description) return fault(description.error());
  auto tags = tags_in(context.params);
  if (!tags) return fault(tags.error());
  if (auto read = read_session(context.params, *role); !read) return fault(read.error());
  role->trust_policy = *std::move(trust);
  role->description = *std::move(description);
  role->tags = *std::move(tags);
  role->id = model::IamRoleId(iam::new_unique_id("AROA", context.entropy));
  Outcome outcome = answered(context, *role);
  outcome.puts.emplace_back(*std::move(role));
  return outcome;
}

IamResult<Outcome> get_role(const Context& context) {
  const auto role = named<IamRole>(context);
  if (!role) return fault(role.error());
  return answered(context, **role);
}

// What is not given stays as it is; an empty Description is given.
IamResult<IamRole> described(const Context& context) {
  const auto role = named<IamRole>(context);
  if (!role) return fault(role.error());
  IamRole after = **role;
  auto description = description_in(context.params);
  if (!description) return fault(description.error());
  if (context.params.has("Description")) after.description = *std::move(description);
  return after;
}

IamResult<Outcome> update_role(const Context& context) {
  auto after = described(context);
  if (!after) return fault(after.error());
  if (auto read = read_session(context.params, *after); !read) return fault(read.error());
  return changed(*std::move(after));
}

IamResult<Outcome> update_role_description(const Context& context) {
  auto after = described(context);
  if (!after) return fault(after.error());
  Outcome outcome = answered(context, *after);
  outcome.puts.emplace_back(*std::move(after));
  return outcome;
}

IamResult<Outcome> update_assume_role_policy(const Context& context) {
  const auto role = named<IamRole>(context);
  if (!role) return fault(role.error());
  auto trust = document_in(context.params, "PolicyDocument", iam::PolicyKind::kTrust, kTrustPolicyLimit);
  if (!trust) return fault(trust.error());
  IamRole after = **role;
  after.trust_policy = *std::move(trust);
  return changed(std::move(after));
}

IamResult<Outcome> delete_role(const Context& context) {
  const auto role = named<IamRole>(context);
  if (!role) return fault(role.error());
  return deleted_unless_permitted(**role);
}

IamResult<Outcome> list_roles(const Context& context) {
  const auto roles = below_path<IamRole>(context);
  if (!roles) return fault(roles.error());
  return listed(context, "ListRoles", "Roles", *roles,
                [&](Xml& xml, const IamRole* role) { render(xml, context, *role); });
}

constexpr auto kRoleOperations = std::to_array<Entry>({
    {"CreateRole", create_role, true},
    {"GetRole", get_role},
    {"UpdateRole", update_role, true},
    {"UpdateRoleDescription", update_role_description, true},
    {"UpdateAssumeRolePolicy", update_assume_role_policy, true},
    {"DeleteRole", delete_role, true},
    {"ListRoles", list_roles},
});

}  // namespace

std::span<const Entry> role_operations() { return kRoleOperations; }

}  // namespace sallyport::api::identity
