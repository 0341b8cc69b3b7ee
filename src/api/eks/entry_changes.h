#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/eks/parse_entry.h"
#include "base/entropy.h"
#include "base/result.h"
#include "base/time.h"
#include "model/cluster.h"
#include "model/identity.h"
#include "store/store.h"

// What a change of a cluster's access entries comes to, given those there are. Errors are in the words of EKS where
// those are known. Pure but for entropy; called again when a commit lost a race.
namespace sallyport::api::eks {

struct EntryContext {
  const model::Cluster& cluster;
  const model::IdentityObjects& identities;
  const model::AccountId& account;
  base::Time now{};
  base::Entropy& entropy;
};

struct EntryChange {
  model::AccessEntry entry;                       // as it is after it
  std::optional<store::Transaction> transaction;  // nothing where that is so already
};

// kInvalidRequest where the cluster is in CONFIG_MAP mode, in which entries mean nothing and cannot be seen.
base::Status check_entries_mode(const model::Cluster& cluster);
// kNotFound.
base::Result<const model::AccessEntry*> existing_entry(const model::IdentityObjects& identities,
                                                       const model::ClusterName& cluster, const model::Arn& principal);

// kInUse where the principal has an entry, kLimitExceeded past limits::kAccessEntriesPerCluster. A token seen before
// gives the entry of then, as it is now; with other parameters it is kInvalidParameter.
base::Result<EntryChange> create_entry(const EntryContext& context, const CreateEntryRequest& request);
// What is not given stays.
base::Result<EntryChange> update_entry(const EntryContext& context, const model::Arn& principal,
                                       const UpdateEntryRequest& request);
base::Result<EntryChange> delete_entry(const EntryContext& context, const model::Arn& principal);

// One associated already gets the new scope in its place.
base::Result<EntryChange> associate_policy(const EntryContext& context, const model::Arn& principal,
                                           const AssociatePolicyRequest& request);
base::Result<EntryChange> disassociate_policy(const EntryContext& context, const model::Arn& principal,
                                              const model::Arn& policy);

base::Result<EntryChange> tag_entry(const EntryContext& context, const model::Arn& principal, const model::Tags& tags);
base::Result<EntryChange> untag_entry(const EntryContext& context, const model::Arn& principal,
                                      const std::vector<std::string>& keys);

}  // namespace sallyport::api::eks
