#include <algorithm>
#include <set>

#include "api/ec2/resources.h"
#include "api/ec2/security_group_rules.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::SecurityGroup;
using model::SecurityGroupRule;

std::size_t count_of(const model::Snapshot& world, const std::vector<SecurityGroupRule>& rules) {
  std::size_t count = 0;
  for (const SecurityGroupRule& rule : rules) {
    const auto* list = rule.source_prefix_list ? world.find<model::PrefixList>(*rule.source_prefix_list) : nullptr;
    count += list == nullptr ? 1 : list->max_entries;
  }
  return count;
}

Ec2Status check_group_peer(const Context& context, const SecurityGroup& group, const model::SecurityGroupId& id) {
  if (id == group.id) return {};
  const SecurityGroup* peer = context.world.find_security_group(id);
  if (peer == nullptr) {
    return fault("InvalidGroup.NotFound", "The security group '" + wire::shortened(id.str()) + "' does not exist");
  }
  if (peer->vpc == group.vpc) return {};
  const auto* peering = peering_of(context.world, group.vpc, peer->vpc);
  if (peering != nullptr && peering->active) return {};
  return fault("InvalidGroup.NotFound",
               "You have specified two resources that belong to different networks: '" + id.str() + "' is in VPC '" +
                   peer->vpc.str() + "', which no active peering connection joins to VPC '" + group.vpc.str() + "'");
}

}  // namespace

std::vector<SecurityGroupRule>& rules_of(SecurityGroup& group, Direction direction) {
  return direction == Direction::kIngress ? group.ingress : group.egress;
}

const std::vector<SecurityGroupRule>& rules_of(const SecurityGroup& group, Direction direction) {
  return direction == Direction::kIngress ? group.ingress : group.egress;
}

RuleKey key_of(const SecurityGroupRule& rule) {
  std::string peer;
  if (rule.source_cidr) peer = rule.source_cidr->to_string();
  if (rule.source_group) peer = rule.source_group->str();
  if (rule.source_prefix_list) peer = rule.source_prefix_list->str();
  return {rule.protocol, rule.from_port, rule.to_port, std::move(peer)};
}

std::string in_words(const SecurityGroupRule& rule) {
  const RuleKey key = key_of(rule);
  std::string words = "peer: " + key.peer + ", " + (key.protocol == "-1" ? "ALL" : base::ascii_upper(key.protocol));
  if (key.protocol == "tcp" || key.protocol == "udp") {
    words += ", from port: " + std::to_string(key.from_port) + ", to port: " + std::to_string(key.to_port);
  } else if (key.protocol == "icmp" || key.protocol == "icmpv6") {
    words += ", type: " + std::to_string(key.from_port) + ", code: " + std::to_string(key.to_port);
  }
  return words + ", ALLOW";
}

const model::Vpc* default_vpc_of(const model::Snapshot& world) {
  for (const auto& [id, vpc] : world.vpcs) {
    if (vpc->is_default) return vpc.get();
  }
  return nullptr;
}

const SecurityGroup* group_named(const model::Snapshot& world, const model::VpcId& vpc, std::string_view name) {
  for (const auto& [id, group] : world.security_groups) {
    if (group->vpc == vpc && base::ascii_iequals(group->name, name)) return group.get();
  }
  return nullptr;
}

Ec2Result<const SecurityGroup*> requested_group(const Context& context) {
  const auto id = context.params.text("GroupId");
  const auto name = context.params.text("GroupName");
  if (id && name) return fault("InvalidParameterCombination", "Give GroupId or GroupName, not both");
  if (id && !id->starts_with("sg-")) {
    return fault("InvalidGroupId.Malformed", "Invalid id: \"" + wire::shortened(*id) + "\" (expecting \"sg-...\")");
  }
  if (!name) return group_at(context, context.params, "GroupId");
  const model::Vpc* vpc = default_vpc_of(context.world);
  if (vpc == nullptr) {
    return fault("VPCIdNotSpecified", "There is no default VPC for GroupName to look in; give GroupId");
  }
  if (const SecurityGroup* group = group_named(context.world, vpc->id, *name)) return group;
  return fault("InvalidGroup.NotFound", "The security group '" + wire::shortened(*name) +
                                            "' does not exist in default VPC '" + vpc->id.str() + "'");
}

const model::VpcPeering* peering_of(const model::Snapshot& world, const model::VpcId& one, const model::VpcId& other) {
  const model::VpcPeering* found = nullptr;
  for (const auto& [id, peering] : world.all<model::VpcPeering>()) {
    const bool joins = (peering->requester == one && peering->accepter == other) ||
                       (peering->requester == other && peering->accepter == one);
    if (joins && (found == nullptr || peering->active)) found = peering.get();
  }
  return found;
}

Ec2Status check_peers(const Context& context, const SecurityGroup& group, const std::vector<SecurityGroupRule>& rules) {
  std::set<model::SecurityGroupId> groups;
  std::set<model::PrefixListId> lists;
  for (const SecurityGroupRule& rule : rules) {
    if (rule.source_group) groups.insert(*rule.source_group);
    if (rule.source_prefix_list) lists.insert(*rule.source_prefix_list);
  }
  for (const model::SecurityGroupId& id : groups) {
    if (auto usable = check_group_peer(context, group, id); !usable) return usable;
  }
  for (const model::PrefixListId& id : lists) {
    if (context.world.find<model::PrefixList>(id) != nullptr) continue;
    return fault("InvalidPrefixListID.NotFound",
                 "The prefix list ID '" + wire::shortened(id.str()) + "' does not exist");
  }
  return {};
}

Ec2Status check_rule_count(const model::Snapshot& world, const SecurityGroup& group) {
  for (const Direction direction : {Direction::kIngress, Direction::kEgress}) {
    const std::size_t count = count_of(world, rules_of(group, direction));
    if (count <= base::limits::kRulesPerSecurityGroup) continue;
    return fault("RulesPerSecurityGroupLimitExceeded",
                 "The maximum number of rules per security group has been reached: '" + group.id.str() +
                     "' would have " + std::to_string(count) + " " +
                     (direction == Direction::kIngress ? "ingress" : "egress") + " rules, the limit is " +
                     std::to_string(base::limits::kRulesPerSecurityGroup) +
                     "; a prefix list counts as many as its MaxEntries");
  }
  return {};
}

}  // namespace sallyport::api::ec2
