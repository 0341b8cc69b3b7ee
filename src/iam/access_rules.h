#pragma once

#include "model/access_entry.h"
#include "wire/access_review.h"

// What the EKS access policies allow (EKS User Guide, "Review access policy permissions"). Pure.
namespace sallyport::iam {

// Whether a policy in its scope allows what is asked: one for the whole cluster everywhere, one for namespaces what is
// asked in a namespace that one of them names, '*' standing for any text. Paths need the whole cluster. A policy that
// is not known allows nothing.
bool policy_allows(const model::AssociatedAccessPolicy& policy, const wire::AccessReview& asked);

}  // namespace sallyport::iam
