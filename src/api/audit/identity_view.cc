#include "api/audit/identity_view.h"

#include <utility>

#include "base/time.h"

namespace sallyport::api::audit {

wire::Json identity_of(const iam::Principal& principal, std::string_view access_key_id) {
  wire::JsonObject identity{{"type", principal.is_root ? "Root"
                                     : principal.role  ? "AssumedRole"
                                                       : "IAMUser"},
                            {"principalId", principal.user_id},
                            {"arn", principal.arn.str()},
                            {"accountId", principal.account.str()},
                            {"accessKeyId", access_key_id}};
  if (!principal.is_root && !principal.role) identity.push_back({"userName", principal.name});
  if (!principal.temporary) return identity;
  wire::JsonObject context;
  if (principal.role && principal.issuer) {
    context.push_back({"sessionIssuer", wire::JsonObject{{"type", "Role"},
                                                         {"principalId", principal.role->str()},
                                                         {"arn", principal.issuer->arn.str()},
                                                         {"accountId", principal.account.str()},
                                                         {"userName", principal.issuer->name}}});
  }
  wire::JsonObject attributes{{"mfaAuthenticated", "false"}};
  if (principal.temporary->issued_at) {
    attributes.push_back({"creationDate", base::format_rfc3339_seconds(*principal.temporary->issued_at)});
  }
  context.push_back({"attributes", std::move(attributes)});
  identity.push_back({"sessionContext", std::move(context)});
  return identity;
}

}  // namespace sallyport::api::audit
