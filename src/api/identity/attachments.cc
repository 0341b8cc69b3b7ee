#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "api/identity/lookup.h"
#include "api/identity/operation.h"
#include "api/identity/page.h"
#include "api/identity/policy_lookup.h"
#include "base/limits.h"

namespace sallyport::api::identity {

namespace {

using base::limits::kAttachedPolicies;
using model::IamRole;
using model::IamUser;

// A user or role, and the managed policy, that the request is about.
template <class T>
struct Pair {
  T holder;  // a copy, to be changed
  Managed managed;
  auto place() { return std::ranges::find(holder.permissions.attached_policies, managed.arn); }
};

template <class T>
IamResult<Pair<T>> pair_asked(const Context& context) {
  const auto holder = named<T>(context);
  if (!holder) return fault(holder.error());
  auto managed = managed_policy(context);
  if (!managed) return fault(managed.error());
  return Pair<T>{**holder, *std::move(managed)};
}

template <class T>
IamResult<Outcome> attach(const Context& context) {
  auto pair = pair_asked<T>(context);
  if (!pair) return fault(pair.error());
  auto& attached = pair->holder.permissions.attached_policies;
  if (pair->place() != attached.end()) return Outcome{};  // as it is asked to be
  if (attached.size() >= kAttachedPolicies) {
    return limit_exceeded("attached policies of a " + std::string(kKind<T>.noun), kAttachedPolicies,
                          "detach one, or join policies");
  }
  attached.push_back(pair->managed.arn);
  return changed(std::move(pair->holder));
}

template <class T>
IamResult<Outcome> detach(const Context& context) {
  auto pair = pair_asked<T>(context);
  if (!pair) return fault(pair.error());
  auto& attached = pair->holder.permissions.attached_policies;
  const auto place = pair->place();
  if (place == attached.end()) return no_such_policy(pair->managed.arn.str());
  attached.erase(place);
  return changed(std::move(pair->holder));
}

template <class T>
IamResult<Outcome> list_attached(const Context& context, std::string_view operation) {
  const auto holder = named<T>(context);
  if (!holder) return fault(holder.error());
  const auto prefix = path_prefix(context.params);
  if (!prefix) return fault(prefix.error());
  const auto& attached = (*holder)->permissions.attached_policies;
  std::map<std::string, Managed> rows;
  for (Managed& managed : all_managed(context)) {
    if (!managed.policy->path.starts_with(*prefix)) continue;
    if (std::ranges::find(attached, managed.arn) == attached.end()) continue;
    std::string key = list_key(managed);
    rows.emplace(std::move(key), std::move(managed));
  }
  return listed(context, operation, "AttachedPolicies", rows, [](Xml& xml, const Managed& managed) {
    xml.text("PolicyName", managed.policy->name).id("PolicyArn", managed.arn);
  });
}

IamResult<Outcome> list_attached_user_policies(const Context& context) {
  return list_attached<IamUser>(context, "ListAttachedUserPolicies");
}

IamResult<Outcome> list_attached_role_policies(const Context& context) {
  return list_attached<IamRole>(context, "ListAttachedRolePolicies");
}

constexpr auto kAttachmentOperations = std::to_array<Entry>({
    {"AttachUserPolicy", attach<IamUser>, true},
    {"DetachUserPolicy", detach<IamUser>, true},
    {"ListAttachedUserPolicies", list_attached_user_policies},
    {"AttachRolePolicy", attach<IamRole>, true},
    {"DetachRolePolicy", detach<IamRole>, true},
    {"ListAttachedRolePolicies", list_attached_role_policies},
});

}  // namespace

std::span<const Entry> attachment_operations() { return kAttachmentOperations; }

}  // namespace sallyport::api::identity
