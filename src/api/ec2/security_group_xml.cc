#include "api/ec2/security_group_xml.h"

#include <map>
#include <string>
#include <tuple>

#include "api/ec2/arn.h"
#include "api/ec2/rule_traffic.h"

namespace sallyport::api::ec2 {

namespace {

using model::SecurityGroup;
using model::SecurityGroupRule;

// Rules that differ only in where they lead.
struct Permission {
  const SecurityGroupRule* first = nullptr;
  std::vector<const SecurityGroupRule*> v4;
  std::vector<const SecurityGroupRule*> v6;
  std::vector<const SecurityGroupRule*> groups;
  std::vector<const SecurityGroupRule*> lists;
};

std::vector<Permission> permissions_of(const std::vector<SecurityGroupRule>& rules) {
  std::vector<Permission> permissions;
  std::map<std::tuple<std::string, std::int32_t, std::int32_t>, std::size_t> places;
  for (const SecurityGroupRule& rule : rules) {
    const auto [place, added] = places.try_emplace({rule.protocol, rule.from_port, rule.to_port}, permissions.size());
    if (added) permissions.emplace_back().first = &rule;
    Permission& permission = permissions[place->second];
    if (rule.source_group) permission.groups.push_back(&rule);
    if (rule.source_prefix_list) permission.lists.push_back(&rule);
    if (rule.source_cidr) {
      (rule.source_cidr->family() == base::Family::kV4 ? permission.v4 : permission.v6).push_back(&rule);
    }
  }
  return permissions;
}

void render_description(Xml& xml, const SecurityGroupRule& rule) {
  if (!rule.description.empty()) xml.text("description", rule.description);
}

// Of a peer in another VPC: its VPC and the peering connection.
void render_peering(Xml& xml, const Context& context, const SecurityGroup& group, const model::SecurityGroupId& id) {
  const SecurityGroup* peer = context.world.find_security_group(id);
  if (peer == nullptr || peer->vpc == group.vpc) return;
  xml.id("vpcId", peer->vpc);
  const auto* peering = peering_of(context.world, group.vpc, peer->vpc);
  if (peering != nullptr) xml.id("vpcPeeringConnectionId", peering->id);
  xml.text("peeringStatus", peering == nullptr ? "deleted" : peering->active ? "active" : "pending-acceptance");
}

void render_cidr(Xml& xml, const SecurityGroupRule& rule) {
  if (!rule.source_cidr) return;
  xml.text(rule.source_cidr->family() == base::Family::kV4 ? "cidrIpv4" : "cidrIpv6", rule.source_cidr->to_string());
}

// What a rule and a revoked rule have in common.
void render_traffic(Xml& xml, const SecurityGroup& group, const SecurityGroupRule& rule, Direction direction) {
  xml.id("securityGroupRuleId", rule.id).id("groupId", group.id).flag("isEgress", direction == Direction::kEgress);
  xml.text("ipProtocol", rule.protocol).number("fromPort", rule.from_port).number("toPort", rule.to_port);
  render_cidr(xml, rule);
  if (rule.source_prefix_list) xml.id("prefixListId", *rule.source_prefix_list);
  render_description(xml, rule);
}

void add_facts(Facts& facts, const std::string& prefix, const Context& context,
               const std::vector<SecurityGroupRule>& rules) {
  for (const SecurityGroupRule& rule : rules) {
    facts.emplace(prefix + "protocol", rule.protocol);
    if (has_ports(rule.protocol)) {
      facts.emplace(prefix + "from-port", std::to_string(rule.from_port));
      facts.emplace(prefix + "to-port", std::to_string(rule.to_port));
    }
    if (rule.source_cidr) {
      facts.emplace(prefix + (rule.source_cidr->family() == base::Family::kV4 ? "cidr" : "ipv6-cidr"),
                    rule.source_cidr->to_string());
    }
    if (rule.source_prefix_list) facts.emplace(prefix + "prefix-list-id", rule.source_prefix_list->str());
    if (!rule.source_group) continue;
    facts.emplace(prefix + "group-id", rule.source_group->str());
    facts.emplace(prefix + "user-id", context.account.str());
    const SecurityGroup* peer = context.world.find_security_group(*rule.source_group);
    if (peer != nullptr) facts.emplace(prefix + "group-name", peer->name);
  }
}

}  // namespace

void render_permissions(Xml& xml, std::string_view name, const Context& context, const SecurityGroup& group,
                        const std::vector<SecurityGroupRule>& rules) {
  xml.set(name, permissions_of(rules), [&](Xml& item, const Permission& permission) {
    const SecurityGroupRule& first = *permission.first;
    item.text("ipProtocol", first.protocol);
    if (has_ports(first.protocol)) item.number("fromPort", first.from_port).number("toPort", first.to_port);
    item.set("groups", permission.groups, [&](Xml& pair, const SecurityGroupRule* rule) {
      pair.id("userId", context.account).id("groupId", *rule->source_group);
      render_peering(pair, context, group, *rule->source_group);
      render_description(pair, *rule);
    });
    item.set("ipRanges", permission.v4, [](Xml& range, const SecurityGroupRule* rule) {
      range.text("cidrIp", rule->source_cidr->to_string());
      render_description(range, *rule);
    });
    item.set("ipv6Ranges", permission.v6, [](Xml& range, const SecurityGroupRule* rule) {
      range.text("cidrIpv6", rule->source_cidr->to_string());
      render_description(range, *rule);
    });
    item.set("prefixListIds", permission.lists, [](Xml& list, const SecurityGroupRule* rule) {
      list.id("prefixListId", *rule->source_prefix_list);
      render_description(list, *rule);
    });
  });
}

void render_group(Xml& xml, const Context& context, const SecurityGroup& group) {
  xml.id("ownerId", context.account).id("groupId", group.id).text("groupName", group.name);
  xml.text("groupDescription", group.description).id("vpcId", group.vpc);
  xml.text("securityGroupArn", arn_of(context, "security-group", group.id.str()));
  render_permissions(xml, "ipPermissions", context, group, group.ingress);
  render_permissions(xml, "ipPermissionsEgress", context, group, group.egress);
  xml.tags(group.tags);
}

void render_rule(Xml& xml, const Context& context, const SecurityGroup& group, const SecurityGroupRule& rule,
                 Direction direction) {
  render_traffic(xml, group, rule, direction);
  xml.id("groupOwnerId", context.account);
  if (rule.source_group) {
    xml.group("referencedGroupInfo", [&](Xml& peer) {
      peer.id("groupId", *rule.source_group).id("userId", context.account);
      render_peering(peer, context, group, *rule.source_group);
    });
  }
  xml.text("securityGroupRuleArn", arn_of(context, "security-group-rule", rule.id.str())).tags(rule.tags);
}

void render_revoked(Xml& xml, const SecurityGroup& group, const SecurityGroupRule& rule, Direction direction) {
  render_traffic(xml, group, rule, direction);
  if (rule.source_group) xml.id("referencedGroupId", *rule.source_group);
}

Facts facts_of(const Context& context, const SecurityGroup& group) {
  Facts facts{{"description", group.description},
              {"group-id", group.id.str()},
              {"group-name", group.name},
              {"owner-id", context.account.str()},
              {"vpc-id", group.vpc.str()}};
  add_facts(facts, "ip-permission.", context, group.ingress);
  add_facts(facts, "egress.ip-permission.", context, group.egress);
  add_tags(facts, group.tags);
  return facts;
}

}  // namespace sallyport::api::ec2
