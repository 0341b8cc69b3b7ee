#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/ec2/operation.h"
#include "model/network.h"
#include "model/network_objects.h"

// What requests say of security groups and their rules, read into the model's form.
namespace sallyport::api::ec2 {

enum class Direction : std::uint8_t { kIngress, kEgress };

std::vector<model::SecurityGroupRule>& rules_of(model::SecurityGroup& group, Direction direction);
const std::vector<model::SecurityGroupRule>& rules_of(const model::SecurityGroup& group, Direction direction);

// What makes two rules of one direction the same: all but id, description and tags.
struct RuleKey {
  std::string protocol;
  std::int32_t from_port = 0;
  std::int32_t to_port = 0;
  std::string peer;  // block, group or prefix list

  friend auto operator<=>(const RuleKey&, const RuleKey&) = default;
};
RuleKey key_of(const model::SecurityGroupRule& rule);
// As EC2 words it: "peer: 10.0.0.0/8, TCP, from port: 443, to port: 443, ALLOW".
std::string in_words(const model::SecurityGroupRule& rule);

// The group that GroupId names, or GroupName in the default VPC.
Ec2Result<const model::SecurityGroup*> requested_group(const Context& context);
// Null where no group of the VPC has the name; upper and lower case are the same.
const model::SecurityGroup* group_named(const model::Snapshot& world, const model::VpcId& vpc, std::string_view name);
// Null where it was deleted.
const model::Vpc* default_vpc_of(const model::Snapshot& world);

// Whether the request describes rules: by IpPermissions or by its flat form.
bool describes_rules(const Params& params);
// The rules it describes, without ids and tags, in its order. References to other groups and to prefix lists may
// lead nowhere: check_peers.
Ec2Result<std::vector<model::SecurityGroupRule>> requested_rules(const Context& context,
                                                                 const model::SecurityGroup& group);
// The one rule of a SecurityGroupRuleRequest structure.
Ec2Result<model::SecurityGroupRule> requested_rule(const Params& params);

// That the groups and prefix lists of new rules exist, and the groups are of the VPC of `group` or of one joined to
// it by an active peering connection. Only members' own addresses count, so groups may refer to each other freely.
Ec2Status check_peers(const Context& context, const model::SecurityGroup& group,
                      const std::vector<model::SecurityGroupRule>& rules);

// An active peering connection of two VPCs, else one that is not accepted yet, else null.
const model::VpcPeering* peering_of(const model::Snapshot& world, const model::VpcId& one, const model::VpcId& other);

// RulesPerSecurityGroupLimitExceeded where a direction has too many rules; one of a prefix list counts as many as
// the list may have entries.
Ec2Status check_rule_count(const model::Snapshot& world, const model::SecurityGroup& group);

// Names and descriptions: at most 255 characters of EC2's set.
Ec2Status check_words(const std::string& parameter, const std::string& text);

}  // namespace sallyport::api::ec2
