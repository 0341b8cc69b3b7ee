#pragma once

#include <cstdint>

#include "base/strong.h"

// Identities of the domain. Each is its own type, so that one cannot be passed for another.
namespace sallyport::model {

using AccountId = base::StrongString<struct AccountIdTag>;  // twelve digits
using Region = base::StrongString<struct RegionTag>;        // "us-east-1"
using Arn = base::StrongString<struct ArnTag>;
using ClusterName = base::StrongString<struct ClusterNameTag>;          // unique in the store
using EndpointId = base::StrongString<struct EndpointIdTag>;            // 32 upper-case hex digits; never reused
using UpdateId = base::StrongString<struct UpdateIdTag>;                // RFC 4122 UUID, lower case
using VpcId = base::StrongString<struct VpcIdTag>;                      // "vpc-" and 17 hex digits
using SubnetId = base::StrongString<struct SubnetIdTag>;                // "subnet-…"
using SecurityGroupId = base::StrongString<struct SecurityGroupIdTag>;  // "sg-…"
using SecurityGroupRuleId = base::StrongString<struct SecurityGroupRuleIdTag>;  // "sgr-…"
using DhcpOptionsId = base::StrongString<struct DhcpOptionsIdTag>;              // "dopt-…"
using PrefixListId = base::StrongString<struct PrefixListIdTag>;                // "pl-…"
using NetworkInterfaceId = base::StrongString<struct NetworkInterfaceIdTag>;    // "eni-…"
using AllocationId = base::StrongString<struct AllocationIdTag>;                // "eipalloc-…"
using NatGatewayId = base::StrongString<struct NatGatewayIdTag>;                // "nat-…"
using VpcPeeringId = base::StrongString<struct VpcPeeringIdTag>;                // "pcx-…"
using TransitGatewayId = base::StrongString<struct TransitGatewayIdTag>;        // "tgw-…"
using AttachmentId = base::StrongString<struct AttachmentIdTag>;                // "tgw-attach-…"
using CustomerGatewayId = base::StrongString<struct CustomerGatewayIdTag>;      // "cgw-…"
using VpnGatewayId = base::StrongString<struct VpnGatewayIdTag>;                // "vgw-…"
using VpnConnectionId = base::StrongString<struct VpnConnectionIdTag>;          // "vpn-…"
using HostedZoneId = base::StrongString<struct HostedZoneIdTag>;    // "Z" and 20 upper-case letters or digits
using IamUserId = base::StrongString<struct IamUserIdTag>;          // "AIDA" and 17 upper-case letters or digits
using IamRoleId = base::StrongString<struct IamRoleIdTag>;          // "AROA…"
using IamPolicyId = base::StrongString<struct IamPolicyIdTag>;      // "ANPA…"
using AccessKeyId = base::StrongString<struct AccessKeyIdTag>;      // "AKIA…", 20 characters
using AccessEntryId = base::StrongString<struct AccessEntryIdTag>;  // "<cluster>/<principal's ARN>"
using PoolName = base::StrongString<struct PoolNameTag>;            // [[pool]] name of the configuration

// Counts commits of the store; a snapshot carries the revision of the last commit it holds.
using Revision = base::StrongInt<struct RevisionTag, std::uint64_t>;

}  // namespace sallyport::model
