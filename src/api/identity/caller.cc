#include "api/identity/caller.h"

#include "api/identity/lookup.h"

namespace sallyport::api::identity {

IamResult<const model::IamUser*> user_or_caller(const Context& context) {
  if (context.params.text("UserName")) return named<model::IamUser>(context);
  const iam::Principal& caller = context.principal;
  if (!caller.user) {
    return fault(std::string(kParamCodes.missing),
                 "Must specify UserName when calling with non-User credentials: " + caller.arn.str() + " is no user.");
  }
  if (const auto* user = model::find_in<model::IamUser>(context.identities, *caller.user)) return user;
  return no_such_entity("user", caller.name);
}

}  // namespace sallyport::api::identity
