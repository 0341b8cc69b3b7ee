#include <array>
#include <map>
#include <string>

#include "api/identity/caller.h"
#include "api/identity/lookup.h"
#include "api/identity/operation.h"
#include "api/identity/page.h"

// What Sallyport's users and roles have none of, asked for by clients that look at all there is of them.
namespace sallyport::api::identity {

namespace {

IamResult<Outcome> nothing(const Context& context, std::string_view operation, std::string_view list) {
  return listed(context, operation, list, std::map<std::string, std::string>{}, [](Xml&, const std::string&) {});
}

IamResult<Outcome> nothing_of_user(const Context& context, std::string_view operation, std::string_view list) {
  const auto user = user_or_caller(context);
  if (!user) return fault(user.error());
  return nothing(context, operation, list);
}

IamResult<Outcome> list_instance_profiles_for_role(const Context& context) {
  const auto role = named<model::IamRole>(context);
  if (!role) return fault(role.error());
  return nothing(context, "ListInstanceProfilesForRole", "InstanceProfiles");
}

IamResult<Outcome> list_groups_for_user(const Context& context) {
  return nothing_of_user(context, "ListGroupsForUser", "Groups");
}

// Root's too, which has no name.
IamResult<Outcome> list_mfa_devices(const Context& context) {
  if (context.principal.is_root && !context.params.text("UserName")) {
    return nothing(context, "ListMFADevices", "MFADevices");
  }
  return nothing_of_user(context, "ListMFADevices", "MFADevices");
}

IamResult<Outcome> list_signing_certificates(const Context& context) {
  return nothing_of_user(context, "ListSigningCertificates", "Certificates");
}

IamResult<Outcome> list_ssh_public_keys(const Context& context) {
  return nothing_of_user(context, "ListSSHPublicKeys", "SSHPublicKeys");
}

IamResult<Outcome> list_service_specific_credentials(const Context& context) {
  context.params.text("ServiceName");
  const auto all = context.params.boolean("AllUsers");
  if (!all) return fault(all.error());
  if (all->value_or(false)) return nothing(context, "ListServiceSpecificCredentials", "ServiceSpecificCredentials");
  return nothing_of_user(context, "ListServiceSpecificCredentials", "ServiceSpecificCredentials");
}

IamResult<Outcome> get_login_profile(const Context& context) {
  const auto user = user_or_caller(context);
  if (!user) return fault(user.error());
  return no_such_entity("Login Profile of user", (*user)->name);
}

constexpr auto kEmptyListOperations = std::to_array<Entry>({
    {"ListInstanceProfilesForRole", list_instance_profiles_for_role},
    {"ListGroupsForUser", list_groups_for_user},
    {"ListMFADevices", list_mfa_devices},
    {"ListSigningCertificates", list_signing_certificates},
    {"ListSSHPublicKeys", list_ssh_public_keys},
    {"ListServiceSpecificCredentials", list_service_specific_credentials},
    {"GetLoginProfile", get_login_profile},
});

}  // namespace

std::span<const Entry> empty_list_operations() { return kEmptyListOperations; }

}  // namespace sallyport::api::identity
