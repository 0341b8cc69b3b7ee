#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "iam/condition.h"
#include "iam/credentials.h"
#include "model/identity.h"

namespace sallyport::api {

// What a request is about.
struct AskedResource {
  std::string arn;     // "*" where it is no one thing
  model::Tags tags{};  // aws:ResourceTag/…
};

// What a request would do, in the words of policies.
struct Asked {
  std::string action;                    // "eks:CreateCluster"
  std::vector<AskedResource> resources;  // each must be allowed
  iam::RequestContext context{};         // of the request, the keys of principal and resource aside
};

// Whether `principal` may do what is asked: root may do all, others what their policies allow now. kAccessDenied with
// the message AWS gives. The one place where this is decided. Pure; any thread.
base::Status authorise(const model::IdentityObjects& identities, const iam::Principal& principal, const Asked& asked);

}  // namespace sallyport::api
