#pragma once

#include <string_view>

#include "base/result.h"
#include "iam/policy.h"

namespace sallyport::iam {

enum class PolicyKind {
  kIdentity,  // of a user or role: has Resource, names no principal
  kTrust,     // of a role: who may assume it; names principals, has no Resource
};

// The policy a JSON text states. Fails with kInvalidParameter, naming the element and its line:
// `Statement[1].Condition.IpAddress.aws:SourceIp (line 14) …`. Elements that no policy has are refused, as are longer
// texts than limits::kPolicyBytes. Pure; any thread.
base::Result<Policy> parse_policy(std::string_view text, PolicyKind kind);

}  // namespace sallyport::iam
