#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "api/identity/documents.h"
#include "api/identity/lookup.h"
#include "api/identity/operation.h"
#include "api/identity/page.h"
#include "base/limits.h"

namespace sallyport::api::identity {

namespace {

using model::IamRole;
using model::IamUser;

template <class T>
constexpr std::size_t kMostCharacters =
    std::is_same_v<T, IamUser> ? base::limits::kUserInlineCharacters : base::limits::kRoleInlineCharacters;

// A user or role, and the name of one of its policies, that the request is about.
template <class T>
struct Place {
  const T* holder = nullptr;
  std::string name;
  bool is_there() const { return holder->permissions.inline_policies.contains(name); }
};

template <class T>
IamResult<Place<T>> place_asked(const Context& context) {
  const auto holder = named<T>(context);
  if (!holder) return fault(holder.error());
  auto name = new_name(context.params, "PolicyName", kKind<model::IamPolicy>.longest_name);
  if (!name) return fault(name.error());
  return Place<T>{*holder, *std::move(name)};
}

// A place where there is one.
template <class T>
IamResult<Place<T>> policy_asked(const Context& context) {
  auto place = place_asked<T>(context);
  if (!place || place->is_there()) return place;
  return no_such_entity(std::string(kKind<T>.noun) + " policy", place->name);
}

template <class T>
IamResult<Outcome> put_policy(const Context& context) {
  auto place = place_asked<T>(context);
  if (!place) return fault(place.error());
  auto document = document_in(context.params, "PolicyDocument", iam::PolicyKind::kIdentity);
  if (!document) return fault(document.error());
  T after = *place->holder;
  after.permissions.inline_policies[place->name] = *std::move(document);
  std::size_t characters = 0;
  for (const auto& [name, text] : after.permissions.inline_policies)
    characters += counted_characters(text);
  if (characters > kMostCharacters<T>) {
    return limit_exceeded("characters of all inline policies of a " + std::string(kKind<T>.noun), kMostCharacters<T>,
                          "with this policy there would be " + std::to_string(characters) +
                              "; make it a managed one with CreatePolicy and attach that");
  }
  return changed(std::move(after));
}

template <class T>
IamResult<Outcome> get_policy(const Context& context) {
  const auto place = policy_asked<T>(context);
  if (!place) return fault(place.error());
  Outcome outcome;
  outcome.answer.text(kKind<T>.name_parameter, place->holder->name).text("PolicyName", place->name);
  render_document(outcome.answer, "PolicyDocument", place->holder->permissions.inline_policies.at(place->name));
  return outcome;
}

template <class T>
IamResult<Outcome> delete_policy(const Context& context) {
  const auto place = policy_asked<T>(context);
  if (!place) return fault(place.error());
  T after = *place->holder;
  after.permissions.inline_policies.erase(place->name);
  return changed(std::move(after));
}

template <class T>
IamResult<Outcome> list_policies(const Context& context, std::string_view operation) {
  const auto holder = named<T>(context);
  if (!holder) return fault(holder.error());
  std::map<std::string, std::string> rows;
  for (const auto& [name, document] : (*holder)->permissions.inline_policies)
    rows.emplace(name, name);
  return listed(context, operation, "PolicyNames", rows, [](Xml& xml, const std::string& name) { xml.bare(name); });
}

IamResult<Outcome> list_user_policies(const Context& context) {
  return list_policies<IamUser>(context, "ListUserPolicies");
}

IamResult<Outcome> list_role_policies(const Context& context) {
  return list_policies<IamRole>(context, "ListRolePolicies");
}

constexpr auto kInlinePolicyOperations = std::to_array<Entry>({
    {"PutUserPolicy", put_policy<IamUser>, true},
    {"GetUserPolicy", get_policy<IamUser>},
    {"DeleteUserPolicy", delete_policy<IamUser>, true},
    {"ListUserPolicies", list_user_policies},
    {"PutRolePolicy", put_policy<IamRole>, true},
    {"GetRolePolicy", get_policy<IamRole>},
    {"DeleteRolePolicy", delete_policy<IamRole>, true},
    {"ListRolePolicies", list_role_policies},
});

}  // namespace

std::span<const Entry> inline_policy_operations() { return kInlinePolicyOperations; }

}  // namespace sallyport::api::identity
