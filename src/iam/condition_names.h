#pragma once

#include <optional>
#include <string_view>

#include "iam/policy.h"

namespace sallyport::iam {

// "ForAnyValue:StringLikeIfExists" as a condition without key and values; nothing for what is no operator. The
// names' case matters, as in policies.
std::optional<Condition> condition_of_operator(std::string_view name);

}  // namespace sallyport::iam
