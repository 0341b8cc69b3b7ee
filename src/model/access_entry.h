#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "model/ids.h"
#include "model/tags.h"

// Who may do what inside a cluster: EKS access entries (EKS API Reference, "AccessEntry", "AssociatedAccessPolicy").
// Values.
namespace sallyport::model {

// Where an access policy holds.
struct AccessScope {
  bool whole_cluster = true;
  std::vector<std::string> namespaces{};  // names, or with '*' for any text; only where not the whole cluster
  friend bool operator==(const AccessScope&, const AccessScope&) = default;
};

struct AssociatedAccessPolicy {
  Arn policy;  // "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
  AccessScope scope{};
  base::Time associated_at{};
  base::Time modified_at{};
  friend bool operator==(const AssociatedAccessPolicy&, const AssociatedAccessPolicy&) = default;
};

// A change that was asked for with a clientRequestToken, kept to know its repetition.
struct TokenRequest {
  std::string token;
  std::string hash;  // of the whole request but the token
  friend bool operator==(const TokenRequest&, const TokenRequest&) = default;
};

// One IAM principal's access to one cluster; a cluster has at most one entry of a principal.
struct AccessEntry {
  AccessEntryId id;  // access_entry_id(cluster, principal)
  ClusterName cluster;
  Arn principal;                  // of a user, a role or root
  std::string type = "STANDARD";  // of the service model: "STANDARD", "EC2_LINUX", …
  std::string username;           // in Kubernetes; with {{SessionName}} and the like not yet filled in
  std::vector<std::string> groups;
  std::vector<AssociatedAccessPolicy> policies;  // in the order of association, none twice
  std::string uuid;                              // ends the entry's ARN
  base::Time created_at{};
  base::Time modified_at{};
  std::vector<TokenRequest> requests{};  // the newest last, at most limits::kRequestsPerAccessEntry
  Tags tags{};
  // "AIDA…" or "AROA…", empty for root: who is meant. A principal made later under the same ARN is somebody else, to
  // whom the entry gives nothing.
  std::string principal_id{};
  friend bool operator==(const AccessEntry&, const AccessEntry&) = default;
};

// "demo/arn:aws:iam::000000000000:user/ann": all entries of a cluster stand together.
inline AccessEntryId access_entry_id(const ClusterName& cluster, const Arn& principal) {
  return AccessEntryId(cluster.str() + "/" + principal.str());
}

}  // namespace sallyport::model
