#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "iam/entry_principal.h"
#include "model/access_entry.h"
#include "model/ids.h"

// What may stand in an access entry (Amazon EKS User Guide, "Create access entries"). Pure; any thread.
namespace sallyport::iam {

inline constexpr std::string_view kStandardEntry = "STANDARD";

// "STANDARD", or one of the types for nodes: "EC2_LINUX" and so on.
bool is_entry_type(std::string_view text);
std::string entry_types();  // all of them, for a message

// Each group's name once, at most limits::kGroupsPerAccessEntry, none that Kubernetes or EKS keeps for itself.
// kInvalidParameter.
base::Status check_entry_groups(const std::vector<std::string>& groups);

// A name in Kubernetes that its owner chose; {{SessionName}} and {{SessionNameRaw}} stand for a role's session after a
// colon, so that no session can name itself into another name; {{AccountID}} for the account. kInvalidParameter.
base::Status check_entry_username(std::string_view username, EntryPrincipal::Kind kind);

// An entry as EKS fills it in where nothing is given; `type` is one. kInvalidParameter where the type is for nodes and
// the principal no role.
base::Result<model::AccessEntry> new_access_entry(const model::ClusterName& cluster, const EntryPrincipal& principal,
                                                  const model::AccountId& account, std::string_view type,
                                                  std::string uuid, base::Time now);

// The entry of whoever creates a cluster and is to administer it.
model::AccessEntry creator_access_entry(const model::ClusterName& cluster, const EntryPrincipal& creator,
                                        const model::AccountId& account, std::string uuid, base::Time now);

}  // namespace sallyport::iam
