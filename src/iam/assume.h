#pragma once

#include "iam/credentials.h"
#include "iam/evaluate.h"
#include "model/identity.h"

namespace sallyport::iam {

// Whether `principal` may take on `role` (IAM User Guide, "Policy evaluation logic", for a principal of the role's own
// account): the role's trust policy must allow it, and where that names the account and not the principal, the
// principal's own policies must too; an explicit deny in either comes first. `request` is of "sts:AssumeRole" with the
// role's ARN and the context of the call. Pure; any thread.
Verdict may_assume(const model::IdentityObjects& identities, const Principal& principal, const model::IamRole& role,
                   const AccessRequest& request);

}  // namespace sallyport::iam
