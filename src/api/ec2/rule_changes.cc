#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/security_group_rules.h"
#include "api/ec2/security_group_xml.h"
#include "wire/json_value.h"

// Rules that stay: their listing, and changes of one by its id.
namespace sallyport::api::ec2 {

namespace {

using model::SecurityGroup;
using model::SecurityGroupRule;

using Rules = std::vector<SecurityGroupRule>;

constexpr const char* kNotFound = "InvalidSecurityGroupRuleId.NotFound";
constexpr std::array kDirections = {Direction::kIngress, Direction::kEgress};

tl::unexpected<Fault> no_such_rule(const std::string& id, const SecurityGroup& group) {
  return fault(kNotFound, "The security group rule ID '" + wire::shortened(id) +
                              "' does not exist in security group '" + group.id.str() + "'");
}

// Null where there is none.
SecurityGroupRule* rule_with_id(Rules& rules, const std::string& id) {
  const auto found = std::ranges::find(rules, model::SecurityGroupRuleId(id), &SecurityGroupRule::id);
  return found == rules.end() ? nullptr : &*found;
}

Ec2Status check_distinct(const Rules& rules) {
  std::set<RuleKey> known;
  for (const SecurityGroupRule& rule : rules) {
    if (known.insert(key_of(rule)).second) continue;
    return fault("InvalidPermission.Duplicate", "the specified rule \"" + in_words(rule) + "\" already exists");
  }
  return {};
}

// One element of SecurityGroupRule.N: replaces all of the rule but its id and tags.
Ec2Status modify_rule(const Context& context, const Params& element, SecurityGroup& group) {
  const auto id = element.required("SecurityGroupRuleId");
  if (!id) return fault(id.error());
  SecurityGroupRule* rule = rule_with_id(group.ingress, *id);
  if (rule == nullptr) rule = rule_with_id(group.egress, *id);
  if (rule == nullptr) return no_such_rule(*id, group);
  auto wanted = requested_rule(element.under("SecurityGroupRule"));
  if (!wanted) return fault(wanted.error());
  if (auto usable = check_peers(context, group, {*wanted}); !usable) return usable;
  wanted->id = rule->id;
  wanted->tags = rule->tags;
  *rule = *std::move(wanted);
  return {};
}

Ec2Result<Outcome> modify_rules(const Context& context) {
  const auto group = requested_group(context);
  if (!group) return fault(group.error());
  const std::vector<Params> elements = context.params.structs("SecurityGroupRule");
  if (elements.empty()) return fault("MissingParameter", "The request must contain the parameter SecurityGroupRule");
  SecurityGroup changed = **group;
  for (const Params& element : elements) {
    if (auto modified = modify_rule(context, element, changed); !modified) return fault(modified.error());
  }
  for (const Direction direction : kDirections) {
    if (auto distinct = check_distinct(rules_of(changed, direction)); !distinct) return fault(distinct.error());
  }
  if (auto room = check_rule_count(context.world, changed); !room) return fault(room.error());
  Outcome outcome = done();
  if (changed != **group) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Ec2Status describe_by_id(const std::vector<Params>& elements, const SecurityGroup& group, Rules& rules) {
  for (const Params& element : elements) {
    const auto id = element.required("SecurityGroupRuleId");
    if (!id) return fault(id.error());
    SecurityGroupRule* rule = rule_with_id(rules, *id);
    if (rule == nullptr) return no_such_rule(*id, group);
    rule->description = element.text_or("Description", "");
    if (auto usable = check_words(element.full_name("Description"), rule->description); !usable) return usable;
  }
  return {};
}

Ec2Status describe_by_value(const Rules& wanted, Rules& rules) {
  std::map<RuleKey, SecurityGroupRule*> by_key;
  for (SecurityGroupRule& rule : rules)
    by_key[key_of(rule)] = &rule;
  for (const SecurityGroupRule& described : wanted) {
    const auto found = by_key.find(key_of(described));
    if (found == by_key.end()) {
      return fault("InvalidPermission.NotFound",
                   "The specified rule does not exist in this security group: \"" + in_words(described) + "\"");
    }
    found->second->description = described.description;
  }
  return {};
}

Ec2Result<Outcome> update_descriptions(const Context& context, Direction direction) {
  const auto group = requested_group(context);
  if (!group) return fault(group.error());
  const std::vector<Params> by_id = context.params.structs("SecurityGroupRuleDescription");
  if (by_id.empty() != context.params.has("IpPermissions")) {
    return fault(by_id.empty() ? "MissingParameter" : "InvalidParameterCombination",
                 "Give exactly one of IpPermissions and SecurityGroupRuleDescription");
  }
  SecurityGroup changed = **group;
  Rules& rules = rules_of(changed, direction);
  if (by_id.empty()) {
    const auto wanted = requested_rules(context, **group);
    if (!wanted) return fault(wanted.error());
    if (auto described = describe_by_value(*wanted, rules); !described) return fault(described.error());
  } else if (auto described = describe_by_id(by_id, **group, rules); !described) {
    return fault(described.error());
  }
  Outcome outcome = done();
  if (changed != **group) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

// A rule and where it stands.
struct PlacedRule {
  model::SecurityGroupRuleId id;
  const SecurityGroup* group = nullptr;
  const SecurityGroupRule* rule = nullptr;
  Direction direction = Direction::kIngress;
};

using PlacedRules = std::unordered_map<model::SecurityGroupRuleId, std::shared_ptr<const PlacedRule>>;

// Those the request names, else those whose own id and group its filters leave possible: a question about one group is
// not to cost as much as one about every rule of the installation. Named ones that filters exclude stay, since they
// exist.
PlacedRules possible_rules(const Context& context, const Filters& filters) {
  std::unordered_set<model::SecurityGroupRuleId> named;
  for (std::string& id : context.params.list("SecurityGroupRuleId"))
    named.emplace(std::move(id));
  const auto is_possible = [&](const SecurityGroupRule& rule) {
    return named.empty() ? filters.admits("security-group-rule-id", rule.id.str()) : named.contains(rule.id);
  };
  PlacedRules rules;
  for (const auto& [group_id, group] : context.world.security_groups) {
    if (named.empty() && !filters.admits("group-id", group_id.str())) continue;
    for (const Direction direction : kDirections) {
      for (const SecurityGroupRule& rule : rules_of(*group, direction)) {
        if (!is_possible(rule)) continue;
        rules[rule.id] = std::make_shared<const PlacedRule>(PlacedRule{rule.id, group.get(), &rule, direction});
      }
    }
  }
  return rules;
}

Ec2Result<Outcome> describe_rules(const Context& context) {
  const std::initializer_list<std::string_view> known = {"group-id", "security-group-rule-id"};
  const auto filters = Filters::parse(context.params, known);
  if (!filters) return fault(filters.error());
  return describe<PlacedRule>(
      context,
      {"DescribeSecurityGroupRules", "SecurityGroupRuleId", kNotFound, "security group rule ID",
       "securityGroupRuleSet"},
      possible_rules(context, *filters), known,
      [](const PlacedRule& placed) {
        Facts facts{{"group-id", placed.group->id.str()}, {"security-group-rule-id", placed.id.str()}};
        add_tags(facts, placed.rule->tags);
        return facts;
      },
      [&](Xml& xml, const PlacedRule& placed) {
        render_rule(xml, context, *placed.group, *placed.rule, placed.direction);
      });
}

constexpr auto kRuleChangeOperations = std::to_array<Entry>({
    {"DescribeSecurityGroupRules", describe_rules},
    {"ModifySecurityGroupRules", modify_rules, true},
    {"UpdateSecurityGroupRuleDescriptionsIngress",
     [](const Context& context) { return update_descriptions(context, Direction::kIngress); }, true},
    {"UpdateSecurityGroupRuleDescriptionsEgress",
     [](const Context& context) { return update_descriptions(context, Direction::kEgress); }, true},
});

}  // namespace

std::span<const Entry> rule_change_operations() { return kRuleChangeOperations; }

}  // namespace sallyport::api::ec2
