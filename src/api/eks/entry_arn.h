#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/access_entry.h"
#include "model/identity.h"
#include "model/ids.h"

// ARNs of access entries:
// arn:aws:eks:<region>:<account>:access-entry/<cluster>/<user|role|root>/<account>/<name>/<uuid>. Paths of users and
// roles are left out. Pure; any thread.
namespace sallyport::api::eks {

model::Arn access_entry_arn(const model::AccessEntry& entry, const model::AccountId& account,
                            const model::Region& region);
// Of the entry that there would be, its UUID being "*": what policies are asked about where there is none.
model::Arn missing_entry_arn(const std::string& cluster, std::string_view principal, const model::AccountId& account,
                             const model::Region& region);

// Whether the ARN is of an access entry here, and of which cluster's; the entry need not exist.
std::optional<model::ClusterName> cluster_of_entry_arn(std::string_view arn, const model::AccountId& account,
                                                       const model::Region& region);
// Null where there is none.
const model::AccessEntry* find_entry_by_arn(const model::IdentityObjects& identities, std::string_view arn,
                                            const model::AccountId& account, const model::Region& region);

}  // namespace sallyport::api::eks
