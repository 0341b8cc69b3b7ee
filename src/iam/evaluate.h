#pragma once

#include <span>
#include <string>

#include "iam/condition.h"
#include "iam/policy.h"

namespace sallyport::iam {

// What someone wants to do.
struct AccessRequest {
  std::string action;    // "eks:CreateCluster"
  std::string resource;  // an ARN; "*" for what is about no one resource
  RequestContext context{};
};

enum class Verdict {
  kImplicitDeny,  // no statement allows it
  kExplicitDeny,  // a statement denies it, whatever others allow
  kAllow,
};

// The verdict of all policies of a principal together (IAM User Guide, "Policy evaluation logic"): an explicit deny
// comes first, then any allow, else it is denied. Actions do not differ by case, resources do. Pure; any thread.
Verdict evaluate(std::span<const Policy> policies, const AccessRequest& request);

// Whether a trust policy lets `principal`, an ARN of `account`, do what is asked: an account in a statement stands
// for each of its principals. The resource of the request is not looked at.
Verdict evaluate_trust(const Policy& policy, const std::string& principal, const std::string& account,
                       const AccessRequest& request);

}  // namespace sallyport::iam
