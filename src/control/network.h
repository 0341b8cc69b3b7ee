#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/result.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "model/network.h"
#include "model/network_objects.h"
#include "store/store.h"

// The parts of a network that Sallyport makes by itself.
namespace sallyport::control {

// Name of the setting that says the default VPC was made; it is not made again when a user deletes it.
inline constexpr const char* kDefaultVpcSetting = "default_vpc";

// A default VPC as AWS makes it: DNS on, AmazonProvidedDNS, three subnets of /20 (or the largest that fit
// three times) in zones a, b and c, and a group "default" that admits itself. kInvalidParameter unless
// `block` is IPv4 and at most /28; a default-constructed one means 172.31.0.0/16.
base::Result<store::Transaction> default_vpc(const model::Cidr& block, const model::Region& region,
                                             base::Entropy& entropy);

// "eks-cluster-sg-<name>-<digits>": admits itself, and TCP 443 from each block of the VPC, so that nodes
// registered nowhere still work.
model::SecurityGroup cluster_security_group(const model::ClusterName& cluster, const model::Vpc& vpc,
                                            base::Entropy& entropy);

// A zone to serve private access from.
model::HostedZone new_hosted_zone(const model::VpcId& vpc, base::Time now, base::Entropy& entropy);

// "vpc-" and the like with 17 random hex digits, as EC2's ids are.
std::string new_resource_id(const char* kind, base::Entropy& entropy);

// The options EC2 gives a region's VPCs: AmazonProvidedDNS and the region's internal domain.
std::map<std::string, std::vector<std::string>> usual_dhcp_configurations(const model::Region& region);
model::DhcpOptions usual_dhcp_options(const model::Region& region, base::Entropy& entropy);

// What EC2 puts into each new group: everything may leave.
model::SecurityGroupRule everything_leaves(base::Entropy& entropy);
// Protocol and ports all, from the group's own members.
model::SecurityGroupRule everything_from(const model::SecurityGroupId& group, base::Entropy& entropy);

}  // namespace sallyport::control
