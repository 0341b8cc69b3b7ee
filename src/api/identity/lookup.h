#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "api/identity/operation.h"
#include "base/bytes.h"
#include "base/limits.h"

// Users, roles and the account's policies as requests name them.
namespace sallyport::api::identity {

// What the API calls a kind, and how many there may be.
struct KindFacts {
  std::string_view noun;
  std::string_view name_parameter;
  std::size_t longest_name = 0;
  std::string_view quota;
  std::size_t most = 0;
};
template <class T>
inline constexpr KindFacts kKind{};
template <>
inline constexpr KindFacts kKind<model::IamUser>{"user", "UserName", 64, "UsersPerAccount", base::limits::kIamUsers};
template <>
inline constexpr KindFacts kKind<model::IamRole>{"role", "RoleName", 64, "RolesPerAccount", base::limits::kIamRoles};
template <>
inline constexpr KindFacts kKind<model::IamPolicy>{"policy", "PolicyName", 128, "PoliciesPerAccount",
                                                   base::limits::kIamPolicies};

// Names must match by case too, as ARNs in policies do: who may not touch "ann" must not reach it as "ANN".
template <class T>
const T* find_named(const Context& context, std::string_view name) {
  const auto& table = model::all_of<T>(context.identities);
  const auto found = std::ranges::find_if(table, [&](const auto& entry) { return entry.second->name == name; });
  return found == table.end() ? nullptr : found->second.get();
}

// The one that the request names; NoSuchEntity without it.
template <class T>
IamResult<const T*> named(const Context& context) {
  const auto name = context.params.required(kKind<T>.name_parameter);
  if (!name) return fault(name.error());
  if (const T* found = find_named<T>(context, *name)) return found;
  return no_such_entity(kKind<T>.noun, *name);
}

// Whether the name is taken by any but `self`.
template <class T>
IamStatus check_free(const Context& context, std::string_view name, const T* self = nullptr) {
  for (const auto& [id, one] : model::all_of<T>(context.identities)) {
    if (one.get() != self && base::ascii_iequals(one->name, name)) return already_exists(kKind<T>.noun, name);
  }
  return {};
}

// The name in `parameter`, fit for one to be made.
IamResult<std::string> new_name(const QueryParams& params, std::string_view parameter, std::size_t longest);
// "/" unless given.
IamResult<std::string> path_in(const QueryParams& params, std::string_view parameter = "Path");
// "/", which all paths begin with, unless given.
IamResult<std::string> path_prefix(const QueryParams& params);
// At most 1,000 characters.
IamResult<std::string> description_in(const QueryParams& params);
// IAM's times have no milliseconds.
base::Time second_of(base::Time time);
void render_time(Xml& xml, std::string_view name, base::Time time);

// One of T with the name and path that the request asks for, made now; to be given its id.
template <class T>
IamResult<T> fresh(const Context& context) {
  auto name = new_name(context.params, kKind<T>.name_parameter, kKind<T>.longest_name);
  if (!name) return fault(name.error());
  auto path = path_in(context.params);
  if (!path) return fault(path.error());
  if (auto taken = check_free<T>(context, *name); !taken) return fault(taken.error());
  if (model::all_of<T>(context.identities).size() >= kKind<T>.most) {
    return limit_exceeded(kKind<T>.quota, kKind<T>.most, "delete one that is not needed");
  }
  T made;
  made.name = *std::move(name);
  made.path = *std::move(path);
  made.created_at = second_of(context.now);
  return made;
}

// Those whose path begins with PathPrefix, by name.
template <class T>
IamResult<std::map<std::string, const T*>> below_path(const Context& context) {
  const auto prefix = path_prefix(context.params);
  if (!prefix) return fault(prefix.error());
  std::map<std::string, const T*> found;
  for (const auto& [id, one] : model::all_of<T>(context.identities)) {
    if (one->path.starts_with(*prefix)) found.emplace(one->name, one.get());
  }
  return found;
}

// The end of a user or a role, which must have no policies left.
template <class T>
IamResult<Outcome> deleted_unless_permitted(const T& one) {
  if (!one.permissions.attached_policies.empty()) {
    return delete_conflict("Cannot delete entity, must detach all policies first.");
  }
  if (!one.permissions.inline_policies.empty()) {
    return delete_conflict("Cannot delete entity, must delete policies first.");
  }
  Outcome outcome;
  outcome.erases.emplace_back(one.id);
  return outcome;
}

// The outcome of operations that change one thing and answer nothing.
template <class T>
Outcome changed(T to) {
  Outcome outcome;
  outcome.puts.emplace_back(std::move(to));
  return outcome;
}

}  // namespace sallyport::api::identity
