#pragma once

#include <optional>

#include "control/plans.h"
#include "model/access_entry.h"
#include "model/cluster.h"
#include "model/identity.h"

namespace sallyport::control {

// The access entry by which the creator of `cluster` administers it; nothing where that user or role is gone, or has
// an entry already, which is its owner's to change. Pure but for entropy.
std::optional<model::AccessEntry> creator_entry(const model::Cluster& cluster, const model::IdentityObjects& identities,
                                                const PlanContext& context);

}  // namespace sallyport::control
