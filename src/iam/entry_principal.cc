#include "iam/entry_principal.h"

#include "iam/names.h"
#include "wire/json_value.h"

namespace sallyport::iam {

namespace {

using Kind = EntryPrincipal::Kind;

constexpr std::string_view kServiceLinked = "/aws-service-role/";
constexpr std::size_t kShownBytes = 256;

EntryPrincipal root_of(const model::AccountId& account) {
  return {.kind = Kind::kRoot,
          .arn = model::Arn("arn:aws:iam::" + account.str() + ":root"),
          .id = {},
          .name = "root",
          .path = "/"};
}

template <class T>
EntryPrincipal principal(Kind kind, const model::AccountId& account, const T& one) {
  return {.kind = kind, .arn = arn_of(account, one), .id = one.id.str(), .name = one.name, .path = one.path};
}

template <class T>
std::optional<EntryPrincipal> by_arn(const model::IdentityObjects& identities, Kind kind,
                                     const model::AccountId& account, const model::Arn& arn) {
  for (const auto& [id, one] : model::all_of<T>(identities)) {
    if (arn_of(account, *one) == arn) return principal(kind, account, *one);
  }
  return std::nullopt;
}

tl::unexpected<base::Error> invalid(const std::string& why) {
  return base::fail(base::ErrorKind::kInvalidParameter,
                    "The specified principalArn is invalid: invalid principal. " + why, "principalArn");
}

}  // namespace

base::Result<EntryPrincipal> find_entry_principal(const model::IdentityObjects& identities,
                                                  const model::AccountId& account, const model::Arn& arn) {
  const std::string iam_prefix = "arn:aws:iam::" + account.str() + ":";
  const std::string session_prefix = "arn:aws:sts::" + account.str() + ":assumed-role/";
  const std::string& text = arn.str();
  const std::string shown = wire::shortened(text, kShownBytes);
  if (text == iam_prefix + "root") return root_of(account);
  if (text.starts_with(session_prefix)) {
    const std::string rest = text.substr(session_prefix.size());
    return invalid(shown + " is a session, which ends; name its role, such as " + iam_prefix + "role/" +
                   wire::shortened(rest.substr(0, rest.find('/'))));
  }
  auto found = by_arn<model::IamUser>(identities, Kind::kUser, account, arn);
  if (!found) found = by_arn<model::IamRole>(identities, Kind::kRole, account, arn);
  if (!found) {
    return invalid(shown + " is no user, role or root of account " + account.str() +
                   "; ListUsers and ListRoles of IAM show the ARNs, with their paths");
  }
  if (found->path.starts_with(kServiceLinked)) {
    return invalid(shown + " is a service-linked role, which can have no access entry; name another role");
  }
  return *std::move(found);
}

std::optional<EntryPrincipal> entry_principal_of_id(const model::IdentityObjects& identities,
                                                    const model::AccountId& account, std::string_view id) {
  if (id.empty()) return root_of(account);
  if (const auto* user = model::find_in<model::IamUser>(identities, model::IamUserId(std::string(id)))) {
    return principal(Kind::kUser, account, *user);
  }
  if (const auto* role = model::find_in<model::IamRole>(identities, model::IamRoleId(std::string(id)))) {
    return principal(Kind::kRole, account, *role);
  }
  return std::nullopt;
}

}  // namespace sallyport::iam
