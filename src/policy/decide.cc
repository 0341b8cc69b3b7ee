#include "policy/decide.h"

#include <algorithm>
#include <set>
#include <vector>

#include "policy/reach.h"

namespace sallyport::policy {

namespace {

using base::IpAddress;
using model::Cidr;
using model::Cluster;
using model::SecurityGroup;
using model::SecurityGroupId;
using model::SecurityGroupRule;
using model::Snapshot;
using model::Vpc;

constexpr std::uint16_t kEndpointPort = 443;

bool serving(const Cluster& cluster) {
  return cluster.status != model::ClusterStatus::kDeleting && cluster.status != model::ClusterStatus::kFailed;
}

// Calls `visit(group)` for the cluster's own security group and its owner's, until it returns true.
template <class Visit>
bool any_group(const Snapshot& snapshot, const Cluster& cluster, Visit visit) {
  const auto try_one = [&](const SecurityGroupId& id) {
    const SecurityGroup* group = snapshot.find_security_group(id);
    return group != nullptr && visit(*group);
  };
  return try_one(cluster.vpc_config.cluster_security_group) ||
         std::ranges::any_of(cluster.vpc_config.security_groups, try_one);
}

// A rule may name a group of a peered VPC; it goes stale with the peering, whatever else joins the two (Amazon VPC
// Peering guide, "Work with stale security group rules").
bool within_or_peered(const Snapshot& snapshot, const model::VpcId& home, const model::VpcId& other) {
  if (home == other) return true;
  const Vpc* vpc = snapshot.find_vpc(home);
  return vpc != nullptr && vpc->peered_vpcs.contains(other);
}

bool rule_holds(const Snapshot& snapshot, const Cluster& cluster, const SecurityGroupRule& rule,
                const IpAddress& source) {
  if (rule.source_cidr && rule.source_cidr->contains(source)) return true;
  if (rule.source_prefix_list) {
    const auto* list = snapshot.find<model::PrefixList>(*rule.source_prefix_list);
    return list != nullptr &&
           std::ranges::any_of(list->entries, [&](const auto& entry) { return entry.block.contains(source); });
  }
  if (!rule.source_group) return false;
  const SecurityGroup* members = snapshot.find_security_group(*rule.source_group);
  return members != nullptr && members->members.contains(source) &&
         within_or_peered(snapshot, cluster.vpc_config.vpc, members->vpc);
}

struct GroupMatch {
  const SecurityGroup* group = nullptr;
  const SecurityGroupRule* rule = nullptr;
};

GroupMatch match_groups(const Snapshot& snapshot, const Cluster& cluster, const IpAddress& source) {
  GroupMatch match;
  any_group(snapshot, cluster, [&](const SecurityGroup& group) {
    for (const SecurityGroupRule& rule : group.ingress) {
      if (rule.admits_tcp(kEndpointPort) && rule_holds(snapshot, cluster, rule, source)) {
        match = {&group, &rule};
        return true;
      }
    }
    return false;
  });
  return match;
}

Path public_path(const Snapshot& snapshot, const IpAddress& source) {
  for (const auto& [id, vpc] : snapshot.vpcs) {
    if (vpc->egress_addresses.contains(source)) return Path::kVpcEgress;
  }
  return Path::kInternet;
}

// A source that cannot reach the VPC came from somewhere we know nothing of.
Path private_path(Reach reach) {
  switch (reach) {
    case Reach::kWithin: return Path::kVpc;
    case Reach::kConnected: return Path::kConnectedNetwork;
    case Reach::kNone: return Path::kInternet;
  }
  return Path::kInternet;
}

Decision deny(Reason reason) { return {.allow = false, .reason = reason, .path = Path::kInternet, .matched_rule = {}}; }
Decision allow(Reason reason) { return {.allow = true, .reason = reason, .path = Path::kInternet, .matched_rule = {}}; }

Decision decide_public(const Cluster& cluster, const IpAddress& source) {
  if (!cluster.access.public_access) return deny(Reason::kPublicAccessDisabled);
  if (!cluster.access.public_access_cidrs.contains(source)) return deny(Reason::kNoPublicCidrMatch);
  return allow(Reason::kPublicCidrMatch);
}

Decision decide_private(const Snapshot& snapshot, const Cluster& cluster, const model::VpcId& arrival,
                        const IpAddress& source) {
  if (!cluster.access.private_access) return deny(Reason::kPrivateAccessDisabled);
  if (arrival != cluster.vpc_config.vpc) return deny(Reason::kForeignVpc);
  const Vpc* vpc = snapshot.find_vpc(arrival);
  if (vpc == nullptr || reach(*vpc, source) == Reach::kNone) return deny(Reason::kNotConnected);
  if (match_groups(snapshot, cluster, source).rule == nullptr) return deny(Reason::kNoSecurityGroupMatch);
  return allow(Reason::kSecurityGroupMatch);
}

std::string name_rule(const GroupMatch& match) {
  std::string name = match.group->id.str() + " rule " + match.rule->id.str();
  if (match.rule->source_cidr) return name + " (" + match.rule->source_cidr->to_string() + ")";
  if (match.rule->source_group) return name + " (" + match.rule->source_group->str() + ")";
  if (match.rule->source_prefix_list) return name + " (" + match.rule->source_prefix_list->str() + ")";
  return name;
}

void admit_public(const Snapshot& snapshot, std::set<Cidr>& admitted) {
  for (const auto& [name, cluster] : snapshot.clusters) {
    if (!serves_public(*cluster)) continue;
    const auto& blocks = cluster->access.public_access_cidrs.entries();
    admitted.insert(blocks.begin(), blocks.end());
  }
}

void admit_private(const Snapshot& snapshot, const model::VpcId& id, std::set<Cidr>& admitted) {
  const Vpc* vpc = snapshot.find_vpc(id);
  if (vpc == nullptr) return;
  const bool any = std::ranges::any_of(snapshot.clusters, [&](const auto& entry) {
    return serves_private(*entry.second) && entry.second->vpc_config.vpc == id;
  });
  if (!any) return;
  const std::vector<Cidr> blocks = reachable_blocks(*vpc);
  admitted.insert(blocks.begin(), blocks.end());
}

}  // namespace

Decision decide(const Snapshot& snapshot, const Cluster& cluster, const Arrival& arrival, const IpAddress& source) {
  if (!serving(cluster)) return deny(Reason::kClusterNotServing);
  return arrival.is_public() ? decide_public(cluster, source)
                             : decide_private(snapshot, cluster, *arrival.private_vpc, source);
}

Decision decide_with_rule(const Snapshot& snapshot, const Cluster& cluster, const Arrival& arrival,
                          const IpAddress& source) {
  Decision decision = decide(snapshot, cluster, arrival, source);
  if (decision.reason != Reason::kClusterNotServing) decision.path = path_of(snapshot, arrival, source);
  if (decision.reason == Reason::kPublicCidrMatch) {
    decision.matched_rule = cluster.access.public_access_cidrs.match(source)->to_string();
  } else if (decision.reason == Reason::kSecurityGroupMatch) {
    decision.matched_rule = name_rule(match_groups(snapshot, cluster, source));
  }
  return decision;
}

Path path_of(const Snapshot& snapshot, const Arrival& arrival, const IpAddress& source) {
  if (arrival.is_public()) return public_path(snapshot, source);
  const Vpc* vpc = snapshot.find_vpc(*arrival.private_vpc);
  return private_path(vpc == nullptr ? Reach::kNone : reach(*vpc, source));
}

bool serves_public(const Cluster& cluster) { return serving(cluster) && cluster.access.public_access; }
bool serves_private(const Cluster& cluster) { return serving(cluster) && cluster.access.private_access; }

model::CidrSet admitted_anywhere(const Snapshot& snapshot, const Arrival& arrival) {
  std::set<Cidr> admitted;
  if (arrival.is_public()) {
    admit_public(snapshot, admitted);
  } else {
    admit_private(snapshot, *arrival.private_vpc, admitted);
  }
  // Blocks inside a block already kept add nothing; sorted order puts the outer one first.
  std::vector<Cidr> collapsed;
  for (const Cidr& block : admitted) {
    if (collapsed.empty() || !collapsed.back().contains(block)) collapsed.push_back(block);
  }
  return model::CidrSet(std::move(collapsed));
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::kPublicCidrMatch: return "public-cidr-match";
    case Reason::kSecurityGroupMatch: return "security-group-match";
    case Reason::kClusterNotServing: return "cluster-not-serving";
    case Reason::kPublicAccessDisabled: return "public-access-disabled";
    case Reason::kNoPublicCidrMatch: return "no-public-cidr-match";
    case Reason::kPrivateAccessDisabled: return "private-access-disabled";
    case Reason::kForeignVpc: return "foreign-vpc";
    case Reason::kNotConnected: return "not-connected";
    case Reason::kNoSecurityGroupMatch: return "no-security-group-match";
  }
  return "unknown";
}

std::string_view to_string(Path path) {
  switch (path) {
    case Path::kInternet: return "internet";
    case Path::kVpcEgress: return "vpc-egress";
    case Path::kVpc: return "vpc";
    case Path::kConnectedNetwork: return "connected-network";
  }
  return "unknown";
}

std::string describe(const Decision& decision) {
  const std::string rule = decision.matched_rule.empty() ? "" : " (" + decision.matched_rule + ")";
  switch (decision.reason) {
    case Reason::kPublicCidrMatch: return "the source is in publicAccessCidrs" + rule;
    case Reason::kSecurityGroupMatch: return "a security group admits TCP 443 from the source" + rule;
    case Reason::kClusterNotServing: return "the cluster is being deleted or has failed";
    case Reason::kPublicAccessDisabled: return "public access is disabled";
    case Reason::kNoPublicCidrMatch: return "the source is in no block of publicAccessCidrs";
    case Reason::kPrivateAccessDisabled: return "private access is disabled";
    case Reason::kForeignVpc: return "the listener belongs to another VPC than the cluster's";
    case Reason::kNotConnected: return "the source is neither in the cluster's VPC nor in a connected network";
    case Reason::kNoSecurityGroupMatch: return "no security group of the cluster admits TCP 443 from the source";
  }
  return "unknown";
}

}  // namespace sallyport::policy
