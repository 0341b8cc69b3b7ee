#pragma once

#include <optional>
#include <string>
#include <vector>

#include "iam/condition.h"
#include "iam/credentials.h"
#include "iam/policy.h"
#include "iam/seal.h"
#include "model/identity.h"

// What the stored identities say of who calls. Pure but for the sealer; any thread.
namespace sallyport::iam {

// What an access key's secret is sealed for.
std::string seal_purpose(const model::AccessKeyId& key);

// The key of that id with its user, when it is active, its user exists and its secret opens.
std::optional<AccessKey> find_user_key(const model::IdentityObjects& identities, const Sealer& sealer,
                                       const model::AccountId& account, const std::string& access_key_id);

// All policies of a user or of the role of a session, as they are now: inline and managed. Those that are gone, and
// documents that no longer parse, allow nothing and deny nothing. Nothing for root, which no policy binds.
std::vector<Policy> policies_of(const model::IdentityObjects& identities, const Principal& principal,
                                const model::AccountId& account);

// What each request of this principal says of it: aws:PrincipalArn, aws:username and the like (IAM User Guide, "AWS
// global condition context keys").
void add_principal(RequestContext& context, const model::IdentityObjects& identities, const Principal& principal);

}  // namespace sallyport::iam
