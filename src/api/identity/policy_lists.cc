#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/identity/lookup.h"
#include "api/identity/operation.h"
#include "api/identity/page.h"
#include "api/identity/policy_lookup.h"
#include "api/identity/policy_xml.h"

namespace sallyport::api::identity {

namespace {

// One of `allowed`, the first unless given.
IamResult<std::string> choice(const QueryParams& params, std::string_view name,
                              std::initializer_list<std::string_view> allowed) {
  std::string given = params.text_or(name, *allowed.begin());
  std::string all;
  for (const std::string_view one : allowed) {
    if (given == one) return given;
    all += (all.empty() ? "" : ", ") + std::string(one);
  }
  return params.invalid(name, given, "Give one of " + all + ".");
}

constexpr std::string_view kUsedForAny = "any use";  // where PolicyUsageFilter is not given

IamResult<std::string> usage(const QueryParams& params) {
  constexpr std::string_view kName = "PolicyUsageFilter";
  if (!params.text(kName)) return std::string(kUsedForAny);
  return choice(params, kName, {"PermissionsPolicy", "PermissionsBoundary"});
}

IamResult<Outcome> list_policies(const Context& context) {
  const auto scope = choice(context.params, "Scope", {"All", "AWS", "Local"});
  if (!scope) return fault(scope.error());
  const auto only_attached = context.params.boolean("OnlyAttached");
  if (!only_attached) return fault(only_attached.error());
  const auto used = usage(context.params);
  if (!used) return fault(used.error());
  const auto prefix = path_prefix(context.params);
  if (!prefix) return fault(prefix.error());

  const bool attached = only_attached->value_or(false) || *used == "PermissionsPolicy";
  auto counts = attachment_counts(context);
  std::map<std::string, Managed> rows;
  for (Managed& managed : all_managed(context)) {
    const bool in_scope = *scope == "All" || managed.built_in == (*scope == "AWS");
    // Nothing is anyone's boundary here.
    if (!in_scope || !managed.policy->path.starts_with(*prefix) || *used == "PermissionsBoundary") continue;
    if (attached && !counts.contains(managed.arn.str())) continue;
    std::string key = list_key(managed);
    rows.emplace(std::move(key), std::move(managed));
  }
  return listed(context, "ListPolicies", "Policies", rows,
                [&](Xml& xml, const Managed& managed) { render_policy(xml, managed, counts[managed.arn.str()]); });
}

// A user or a role: one of the two is not null.
struct Entity {
  const model::IamUser* user = nullptr;
  const model::IamRole* role = nullptr;
};

IamResult<Outcome> list_entities_for_policy(const Context& context) {
  const auto managed = managed_policy(context);
  if (!managed) return fault(managed.error());
  const auto filter =
      choice(context.params, "EntityFilter", {"", "User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"});
  if (!filter) return fault(filter.error());
  const auto used = usage(context.params);
  if (!used) return fault(used.error());
  const auto prefix = path_prefix(context.params);
  if (!prefix) return fault(prefix.error());

  std::map<std::string, Entity> rows;
  const auto add = [&](const auto& table, std::string_view kind, auto entity_of) {
    if (*used == "PermissionsBoundary" || (!filter->empty() && *filter != kind)) return;
    for (const auto& [id, one] : table) {
      const auto& attached = one->permissions.attached_policies;
      const bool has = std::ranges::find(attached, managed->arn) != attached.end();
      if (has && one->path.starts_with(*prefix)) rows.emplace(std::string(kind) + "/" + one->name, entity_of(*one));
    }
  };
  add(model::all_of<model::IamUser>(context.identities), "User", [](const model::IamUser& user) {
    return Entity{&user, nullptr};
  });
  add(model::all_of<model::IamRole>(context.identities), "Role", [](const model::IamRole& role) {
    return Entity{nullptr, &role};
  });

  Outcome outcome;
  std::vector<const model::IamUser*> users;
  std::vector<const model::IamRole*> roles;
  const auto done = each_of_page(outcome.answer, context, "ListEntitiesForPolicy", rows, [&](const Entity& entity) {
    if (entity.user != nullptr) users.push_back(entity.user);
    if (entity.role != nullptr) roles.push_back(entity.role);
  });
  if (!done) return fault(done.error());
  outcome.answer.group("PolicyGroups", [](Xml&) {});
  outcome.answer.set("PolicyUsers", users, [](Xml& xml, const model::IamUser* user) {
    xml.text("UserName", user->name).id("UserId", user->id);
  });
  outcome.answer.set("PolicyRoles", roles, [](Xml& xml, const model::IamRole* role) {
    xml.text("RoleName", role->name).id("RoleId", role->id);
  });
  return outcome;
}

constexpr auto kPolicyListOperations = std::to_array<Entry>({
    {"ListPolicies", list_policies},
    {"ListEntitiesForPolicy", list_entities_for_policy},
});

}  // namespace

std::span<const Entry> policy_list_operations() { return kPolicyListOperations; }

}  // namespace sallyport::api::identity
