#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "model/cluster.h"
#include "model/ids.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// Where a connection arrived: at a public listener, or at a private listener of a VPC.
struct Arrival {
  std::optional<model::VpcId> private_vpc;  // nothing: public

  static Arrival at_public() { return {}; }
  static Arrival at_private(model::VpcId vpc) { return {std::move(vpc)}; }
  bool is_public() const { return !private_vpc.has_value(); }
};

enum class Reason {
  kPublicCidrMatch,     // allow: a publicAccessCidrs entry holds the source
  kSecurityGroupMatch,  // allow: a security-group rule admits TCP 443 from the source
  kClusterNotServing,   // deny: DELETING or FAILED
  kPublicAccessDisabled,
  kNoPublicCidrMatch,
  kPrivateAccessDisabled,
  kForeignVpc,    // deny: the listener's VPC is not the cluster's
  kNotConnected,  // deny: the source is neither in the VPC nor in a connected network
  kNoSecurityGroupMatch,
};

// How the source reaches us, for logs and explain; never an input of the decision.
enum class Path { kInternet, kVpcEgress, kVpc, kConnectedNetwork };

struct Decision {
  bool allow = false;
  Reason reason = Reason::kClusterNotServing;
  // For people, so filled in by decide_with_rule alone: how the source came, and the rule that made the decision as a
  // user would name it, a CIDR block or "sg-… rule sgr-… (10.0.0.0/16)"; empty where no rule matched.
  Path path = Path::kInternet;
  std::string matched_rule;
};

// Whether `source` may reach `cluster` through `arrival` under `snapshot`: the only statement of the
// access rules (design.md section 2). Pure, total, no allocation; any thread.
// TCP destination port of the rules is 443 whatever port a listener is bound to.
Decision decide(const model::Snapshot& snapshot, const model::Cluster& cluster, const Arrival& arrival,
                const base::IpAddress& source);

// The same decision with `path` and `matched_rule` filled in. Its cost grows with the number of VPCs.
Decision decide_with_rule(const model::Snapshot& snapshot, const model::Cluster& cluster, const Arrival& arrival,
                          const base::IpAddress& source);

// How `source` comes to `arrival`, whichever cluster it asks for: decide_with_rule's `path` for any serving cluster.
// Pure; any thread.
Path path_of(const model::Snapshot& snapshot, const Arrival& arrival, const base::IpAddress& source);

// Whether the cluster admits anybody at public listeners, or at the private ones of its VPC. Pure; any thread.
bool serves_public(const model::Cluster& cluster);
bool serves_private(const model::Cluster& cluster);

// The union of the sources any cluster may admit at `arrival`: what the kernel filter lets through.
// Never smaller than what `decide` allows there. Costs all clusters; Admissions (admissions.h) follows changes.
model::CidrSet admitted_anywhere(const model::Snapshot& snapshot, const Arrival& arrival);

std::string_view to_string(Reason reason);  // "public-cidr-match"
std::string_view to_string(Path path);      // "vpc-egress"
// One sentence for a person, such as "public access is disabled".
std::string describe(const Decision& decision);

}  // namespace sallyport::policy
