#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/cluster.h"
#include "model/identity.h"
#include "wire/access_review.h"

namespace sallyport::iam {

// What a review came to; all but kAllowed mean no opinion.
enum class AccessOutcome : std::uint8_t {
  kAllowed,
  kNotOurs,        // whoever asks did not come by a token of ours
  kConfigMapMode,  // access entries are not in force
  kNoEntry,        // no entry, or of another principal than the one that logged in
  kOtherUser,      // the entry's username is another now
  kNoPolicy,       // none of the entry's policies allows it
};
inline constexpr AccessOutcome kLastAccessOutcome = AccessOutcome::kNoPolicy;

struct AccessVerdict {
  AccessOutcome outcome = AccessOutcome::kNotOurs;
  std::string reason;  // shown to who asks, and kept in the API server's audit log
};

std::string_view reason_of(AccessOutcome outcome);  // a metric's label: "no_policy"

// By the cluster's access entries as they are now. The caller is known by `extra`, which nobody but our TokenReview
// sets (docs/adr/0025-webhooks.md), and the principal must be there still. Pure.
AccessVerdict review_access(const model::Cluster& cluster, const model::IdentityObjects& identities,
                            const model::AccountId& account, const wire::AccessReview& asked);

}  // namespace sallyport::iam
