#include "api/authorise.h"

#include "iam/evaluate.h"
#include "iam/principals.h"

namespace sallyport::api {

namespace {

tl::unexpected<base::Error> denied(const iam::Principal& principal, const Asked& asked, const std::string& resource,
                                   iam::Verdict verdict) {
  const std::string on = resource == "*" ? "" : " on resource: " + resource;
  const std::string why = verdict == iam::Verdict::kExplicitDeny
                              ? " with an explicit deny in an identity-based policy"
                              : " because no identity-based policy allows the " + asked.action + " action";
  return base::fail(base::ErrorKind::kAccessDenied,
                    "User: " + principal.arn.str() + " is not authorized to perform: " + asked.action + on + why);
}

}  // namespace

base::Status authorise(const model::IdentityObjects& identities, const iam::Principal& principal, const Asked& asked) {
  // AWS lets everyone ask who they are, and for credentials of their own that end.
  if (principal.is_root || asked.action == "sts:GetCallerIdentity" || asked.action == "sts:GetSessionToken") return {};
  const auto policies = iam::policies_of(identities, principal, principal.account);
  iam::RequestContext context = asked.context;
  iam::add_principal(context, identities, principal);
  for (const AskedResource& resource : asked.resources) {
    iam::AccessRequest request{.action = asked.action, .resource = resource.arn, .context = context};
    for (const auto& [key, value] : resource.tags)
      request.context.set("aws:ResourceTag/" + key, value);
    const iam::Verdict verdict = iam::evaluate(policies, request);
    if (verdict != iam::Verdict::kAllow) return denied(principal, asked, resource.arn, verdict);
  }
  return {};
}

}  // namespace sallyport::api
