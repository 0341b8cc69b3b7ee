#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/endpoint_access.h"
#include "model/ids.h"
#include "model/snapshot.h"

// What a caller may ask of a cluster's endpoint and network, checked against the present state. Pure; any
// thread. Every refusal is kInvalidParameter and names the field, the value and the remedy.
namespace sallyport::policy {

// The access part of a create or update request; nothing means "not given".
struct AccessInput {
  std::optional<bool> public_access;
  std::optional<bool> private_access;
  std::optional<std::vector<model::Cidr>> public_access_cidrs;
};

struct AccessRules {
  // Refuse blocks that lie in space no Internet source has (RFC 6890: private use, shared, loopback,
  // link-local, multicast, reserved), as AWS does. Off by default: Sallyport's "internet" may be private.
  bool refuse_reserved_cidrs = false;
  // The gateway has a public IPv6 address: the default then admits "::/0" too.
  bool public_ipv6 = false;
};

// Not given: public on, private off, every source. An empty publicAccessCidrs is refused while public is
// on, at creation and later: read as AWS's default it would open the endpoint to everyone, read literally it
// would close it to everyone, and neither is worth guessing. With public off an empty list, or the blocks stored
// already, say nothing; other blocks are refused.
base::Result<model::EndpointAccess> access_at_creation(const AccessInput& input, const AccessRules& rules);

// `present` with the fields given in `input`. Refuses a request that changes nothing; blocks are compared
// as sets.
base::Result<model::EndpointAccess> changed_access(const model::EndpointAccess& present, const AccessInput& input,
                                                   const AccessRules& rules);

// The one VPC of subnets that exist, differ, are at most kSubnetsPerCluster and lie in two or more zones.
base::Result<model::VpcId> vpc_of_subnets(const model::Snapshot& snapshot, std::span<const model::SubnetId> subnets);

// They exist in `vpc`, differ, and are at most kSecurityGroupsPerCluster.
base::Status check_security_groups(const model::Snapshot& snapshot, const model::VpcId& vpc,
                                   std::span<const model::SecurityGroupId> groups);

}  // namespace sallyport::policy
