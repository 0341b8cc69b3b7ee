#include "iam/assume.h"

#include "iam/names.h"
#include "iam/policy_parse.h"
#include "iam/principals.h"

namespace sallyport::iam {

namespace {

// Trust policies name roles, not their sessions.
std::string named_as(const model::IdentityObjects& identities, const Principal& principal) {
  const auto* role = principal.role ? model::find_in<model::IamRole>(identities, *principal.role) : nullptr;
  return role == nullptr ? principal.arn.str() : arn_of(principal.account, *role).str();
}

}  // namespace

Verdict may_assume(const model::IdentityObjects& identities, const Principal& principal, const model::IamRole& role,
                   const AccessRequest& request) {
  const auto trust = parse_policy(role.trust_policy, PolicyKind::kTrust);
  if (!trust) return Verdict::kImplicitDeny;
  AccessRequest asked = request;
  add_principal(asked.context, identities, principal);
  const std::string name = named_as(identities, principal);
  const Verdict trusted = evaluate_trust(*trust, name, principal.account.str(), asked);
  if (trusted != Verdict::kAllow) return trusted;
  if (principal.is_root) return Verdict::kAllow;
  const Verdict own = evaluate(policies_of(identities, principal, principal.account), asked);
  if (own == Verdict::kExplicitDeny) return own;
  const bool by_name = evaluate_trust(*trust, name, "", asked) == Verdict::kAllow;
  return by_name ? Verdict::kAllow : own;
}

}  // namespace sallyport::iam
