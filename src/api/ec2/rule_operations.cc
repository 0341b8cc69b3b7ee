#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "api/ec2/operation.h"
#include "api/ec2/security_group_rules.h"
#include "api/ec2/security_group_xml.h"
#include "api/ec2/tags.h"
#include "control/network.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::SecurityGroup;
using model::SecurityGroupRule;

using Rules = std::vector<SecurityGroupRule>;

// That no two of the wanted rules are the same, and the group has none of them.
Ec2Status check_new(const Rules& wanted, const Rules& present) {
  std::set<RuleKey> known;
  for (const SecurityGroupRule& rule : present)
    known.insert(key_of(rule));
  std::set<RuleKey> asked;
  for (const SecurityGroupRule& rule : wanted) {
    const RuleKey key = key_of(rule);
    if (known.contains(key)) {
      return fault("InvalidPermission.Duplicate", "the specified rule \"" + in_words(rule) + "\" already exists");
    }
    if (!asked.insert(key).second) {
      return fault("InvalidParameterValue",
                   "The same permission must not appear multiple times: \"" + in_words(rule) + "\"");
    }
  }
  return {};
}

Ec2Result<Outcome> authorize(const Context& context, Direction direction) {
  const auto group = requested_group(context);
  if (!group) return fault(group.error());
  auto wanted = requested_rules(context, **group);
  if (!wanted) return fault(wanted.error());
  const auto tags = tags_at_creation(context.params, "security-group-rule");
  if (!tags) return fault(tags.error());
  if (auto usable = check_peers(context, **group, *wanted); !usable) return fault(usable.error());
  if (auto fresh = check_new(*wanted, rules_of(**group, direction)); !fresh) return fault(fresh.error());

  SecurityGroup changed = **group;
  for (SecurityGroupRule& rule : *wanted) {
    rule.id = model::SecurityGroupRuleId(control::new_resource_id("sgr-", context.entropy));
    rule.tags = *tags;
    rules_of(changed, direction).push_back(rule);
  }
  if (auto room = check_rule_count(context.world, changed); !room) return fault(room.error());
  Outcome outcome = done();
  outcome.answer.set("securityGroupRuleSet", *wanted, [&](Xml& item, const SecurityGroupRule& rule) {
    render_rule(item, context, changed, rule, direction);
  });
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

// What a revocation takes away, and what of it there was nothing of.
struct Revocation {
  Rules revoked;
  Rules unknown;
};

Ec2Result<Revocation> revoke_by_id(const std::vector<std::string>& ids, Rules& present) {
  Revocation revocation;
  for (const std::string& id : std::set<std::string>(ids.begin(), ids.end())) {
    const auto rule = std::ranges::find(present, model::SecurityGroupRuleId(id), &SecurityGroupRule::id);
    if (rule == present.end()) {
      return fault("InvalidSecurityGroupRuleId.NotFound",
                   "The security group rule ID '" + wire::shortened(id) +
                       "' does not exist in this direction of this security group");
    }
    revocation.revoked.push_back(std::move(*rule));
    present.erase(rule);
  }
  return revocation;
}

Revocation revoke_by_value(Rules wanted, Rules& present) {
  std::set<RuleKey> keys;
  for (const SecurityGroupRule& rule : wanted)
    keys.insert(key_of(rule));
  Revocation revocation;
  std::erase_if(present, [&](SecurityGroupRule& rule) {
    if (keys.erase(key_of(rule)) == 0) return false;
    revocation.revoked.push_back(rule);
    return true;
  });
  for (SecurityGroupRule& rule : wanted) {
    if (keys.erase(key_of(rule)) != 0) revocation.unknown.push_back(std::move(rule));
  }
  return revocation;
}

bool in_default_vpc(const model::Snapshot& world, const SecurityGroup& group) {
  const model::Vpc* vpc = world.find_vpc(group.vpc);
  return vpc != nullptr && vpc->is_default;
}

Ec2Result<Revocation> revoke_requested(const Context& context, SecurityGroup& group, Direction direction) {
  const std::vector<std::string> ids = context.params.list("SecurityGroupRuleId");
  if (!ids.empty() && describes_rules(context.params)) {
    return fault("InvalidParameterCombination", "Give the rules by SecurityGroupRuleId or by IpPermissions, not both");
  }
  Rules& present = rules_of(group, direction);
  if (!ids.empty()) return revoke_by_id(ids, present);
  auto wanted = requested_rules(context, group);
  if (!wanted) return fault(wanted.error());
  return revoke_by_value(*std::move(wanted), present);
}

// In the default VPC what is not there is told and the rest goes; in others nothing does (Amazon EC2 API Reference,
// RevokeSecurityGroupIngress).
Ec2Result<Outcome> revoke(const Context& context, Direction direction) {
  const auto group = requested_group(context);
  if (!group) return fault(group.error());
  SecurityGroup changed = **group;
  const auto revocation = revoke_requested(context, changed, direction);
  if (!revocation) return fault(revocation.error());
  if (!revocation->unknown.empty() && !in_default_vpc(context.world, **group)) {
    return fault("InvalidPermission.NotFound", "The specified rule does not exist in this security group: \"" +
                                                   in_words(revocation->unknown.front()) + "\"");
  }
  Outcome outcome = done();
  if (!revocation->unknown.empty()) {
    render_permissions(outcome.answer, "unknownIpPermissionSet", context, **group, revocation->unknown);
  }
  outcome.answer.set("revokedSecurityGroupRuleSet", revocation->revoked,
                     [&](Xml& item, const SecurityGroupRule& rule) { render_revoked(item, changed, rule, direction); });
  if (!revocation->revoked.empty()) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

constexpr auto kRuleOperations = std::to_array<Entry>({
    {"AuthorizeSecurityGroupIngress", [](const Context& context) { return authorize(context, Direction::kIngress); },
     true},
    {"AuthorizeSecurityGroupEgress", [](const Context& context) { return authorize(context, Direction::kEgress); },
     true},
    {"RevokeSecurityGroupIngress", [](const Context& context) { return revoke(context, Direction::kIngress); }, true},
    {"RevokeSecurityGroupEgress", [](const Context& context) { return revoke(context, Direction::kEgress); }, true},
});

}  // namespace

std::span<const Entry> rule_operations() { return kRuleOperations; }

}  // namespace sallyport::api::ec2
