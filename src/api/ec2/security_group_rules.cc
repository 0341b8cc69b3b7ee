#include "api/ec2/security_group_rules.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "api/ec2/rule_traffic.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::Cidr;
using model::SecurityGroup;
using model::SecurityGroupRule;

using Rules = std::vector<SecurityGroupRule>;

constexpr std::size_t kWordsBytes = 255;

// With host bits cleared, as EC2 does for rules and nowhere else.
base::Result<Cidr> canonical(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto address = base::IpAddress::parse(std::string_view(text).substr(0, slash));
  if (!address || slash == std::string::npos) return Cidr::parse(text);
  unsigned prefix = 0;
  const auto [end, code] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), prefix);
  const bool written_as_v4 = text.find(':') == std::string::npos;
  const unsigned width = written_as_v4 ? 32 : 128;
  if (code != std::errc{} || end != text.data() + text.size() || prefix > width || address->is_v4() != written_as_v4) {
    return Cidr::parse(text);
  }
  return Cidr::of(*address, prefix);
}

Ec2Result<std::optional<Cidr>> read_block(const Params& params, std::string_view name, base::Family family) {
  const auto text = params.text(name);
  if (!text) return std::optional<Cidr>{};
  const auto block = canonical(*text);
  if (!block) {
    return invalid_value(params.full_name(name), wire::shortened(*text), block.error().message + ".");
  }
  if (block->family() != family) {
    return invalid_value(params.full_name(name), wire::shortened(*text),
                         family == base::Family::kV4 ? "Give an IPv4 block here." : "Give an IPv6 block here.");
  }
  return std::optional(*block);
}

Ec2Result<std::string> read_description(const Params& params) {
  std::string text = params.text_or("Description", "");
  if (auto usable = check_words(params.full_name("Description"), text); !usable) return fault(usable.error());
  return text;
}

SecurityGroupRule with(const Traffic& traffic) {
  SecurityGroupRule rule;
  rule.protocol = traffic.protocol;
  rule.from_port = traffic.from_port;
  rule.to_port = traffic.to_port;
  return rule;
}

Ec2Status check_owner(const Context& context, const Params& params, std::string_view name) {
  const auto owner = params.text(name);
  if (!owner || *owner == context.account.str()) return {};
  return invalid_value(params.full_name(name), wire::shortened(*owner),
                       "Groups of other accounts cannot be referred to.");
}

// A group of the same VPC, by its name.
Ec2Result<model::SecurityGroupId> named_peer(const Context& context, const SecurityGroup& group,
                                             const std::string& name) {
  if (const SecurityGroup* peer = group_named(context.world, group.vpc, name)) return peer->id;
  return fault("InvalidGroup.NotFound", "The security group '" + wire::shortened(name) + "' does not exist in VPC '" +
                                            group.vpc.str() + "'; name a group of another VPC by its id");
}

Ec2Result<model::SecurityGroupId> read_group_pair(const Context& context, const SecurityGroup& group,
                                                  const Params& pair) {
  for (const std::string_view told : {"VpcId", "VpcPeeringConnectionId", "PeeringStatus"})
    pair.text(told);  // what Describe tells of a peer, given back; it follows from the group
  if (auto own = check_owner(context, pair, "UserId"); !own) return fault(own.error());
  const auto id = pair.text("GroupId");
  const auto name = pair.text("GroupName");
  if (id) return model::SecurityGroupId(*id);
  if (name) return named_peer(context, group, *name);
  return fault("MissingParameter", "The request must contain the parameter " + pair.full_name("GroupId"));
}

// Adds the rules of one list of a permission: `set_peer(rule, element)` says where the rule leads.
template <class SetPeer>
Ec2Status add_peers(const Params& permission, std::string_view list, const Traffic& traffic, Rules& rules,
                    SetPeer set_peer) {
  for (const Params& element : permission.structs(list)) {
    SecurityGroupRule rule = with(traffic);
    auto description = read_description(element);
    if (!description) return fault(description.error());
    rule.description = *std::move(description);
    if (Ec2Status set = set_peer(rule, element); !set) return set;
    rules.push_back(std::move(rule));
  }
  return {};
}

Ec2Status add_blocks(const Params& permission, std::string_view list, std::string_view name, base::Family family,
                     const Traffic& traffic, Rules& rules) {
  return add_peers(permission, list, traffic, rules, [&](SecurityGroupRule& rule, const Params& element) -> Ec2Status {
    if (auto given = element.required(name); !given) return fault(given.error());
    const auto block = read_block(element, name, family);
    if (!block) return fault(block.error());
    rule.source_cidr = *block;
    return {};
  });
}

Ec2Status add_permission(const Context& context, const SecurityGroup& group, const Params& permission, Rules& rules) {
  const auto traffic = read_traffic(permission);
  if (!traffic) return fault(traffic.error());
  const std::size_t before = rules.size();
  Ec2Status added = add_blocks(permission, "IpRanges", "CidrIp", base::Family::kV4, *traffic, rules);
  if (added) added = add_blocks(permission, "Ipv6Ranges", "CidrIpv6", base::Family::kV6, *traffic, rules);
  if (added) {
    added = add_peers(permission, "Groups", *traffic, rules,
                      [&](SecurityGroupRule& rule, const Params& element) -> Ec2Status {
                        const auto peer = read_group_pair(context, group, element);
                        if (!peer) return fault(peer.error());
                        rule.source_group = *peer;
                        return {};
                      });
  }
  if (added) {
    added = add_peers(permission, "PrefixListIds", *traffic, rules,
                      [](SecurityGroupRule& rule, const Params& element) -> Ec2Status {
                        const auto list = element.required("PrefixListId");
                        if (!list) return fault(list.error());
                        rule.source_prefix_list = model::PrefixListId(*list);
                        return {};
                      });
  }
  if (added && rules.size() == before) {
    return fault("MissingParameter", "The permission " + permission.full_name("IpProtocol") +
                                         " names no source or destination: give IpRanges, Ipv6Ranges, "
                                         "UserIdGroupPairs or PrefixListIds");
  }
  return added;
}

// CidrIp, or a group by its name; without a protocol a group means all of TCP, UDP and ICMP.
Ec2Result<Rules> flat_rules(const Context& context, const SecurityGroup& group) {
  const Params& params = context.params;
  const auto block = read_block(params, "CidrIp", base::Family::kV4);
  if (!block) return fault(block.error());
  const auto name = params.text("SourceSecurityGroupName");
  if (auto own = check_owner(context, params, "SourceSecurityGroupOwnerId"); !own) return fault(own.error());
  if (block->has_value() == name.has_value()) {
    return fault(name ? "InvalidParameterCombination" : "MissingParameter",
                 "Give exactly one of CidrIp and SourceSecurityGroupName, or IpPermissions");
  }
  std::vector<Traffic> kinds = {{"tcp", 0, 65'535}, {"udp", 0, 65'535}, {"icmp", -1, -1}};
  if (*block || params.has("IpProtocol") || params.has("FromPort") || params.has("ToPort")) {
    const auto traffic = read_traffic(params);
    if (!traffic) return fault(traffic.error());
    kinds = {*traffic};
  }
  Rules rules;
  for (const Traffic& traffic : kinds) {
    SecurityGroupRule rule = with(traffic);
    rule.source_cidr = *block;
    if (name) {
      const auto peer = named_peer(context, group, *name);
      if (!peer) return fault(peer.error());
      rule.source_group = *peer;
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

bool describes_flatly(const Params& params) {
  const auto names = {"CidrIp", "SourceSecurityGroupName", "SourceSecurityGroupOwnerId", "IpProtocol", "FromPort",
                      "ToPort"};
  return std::ranges::any_of(names, [&](std::string_view name) { return params.has(name); });
}

}  // namespace

bool describes_rules(const Params& params) { return params.has("IpPermissions") || describes_flatly(params); }

Ec2Result<Rules> requested_rules(const Context& context, const SecurityGroup& group) {
  const std::vector<Params> permissions = context.params.structs("IpPermissions");
  if (permissions.empty()) {
    if (describes_flatly(context.params)) return flat_rules(context, group);
    return fault("MissingParameter", "The request must contain the parameter IpPermissions");
  }
  if (describes_flatly(context.params)) {
    return fault("InvalidParameterCombination",
                 "Give the rules by IpPermissions alone, or by IpProtocol, FromPort, ToPort and CidrIp alone");
  }
  Rules rules;
  for (const Params& permission : permissions) {
    if (auto added = add_permission(context, group, permission, rules); !added) return fault(added.error());
  }
  return rules;
}

Ec2Result<SecurityGroupRule> requested_rule(const Params& params) {
  const auto traffic = read_traffic(params);
  if (!traffic) return fault(traffic.error());
  const auto v4 = read_block(params, "CidrIpv4", base::Family::kV4);
  if (!v4) return fault(v4.error());
  const auto v6 = read_block(params, "CidrIpv6", base::Family::kV6);
  if (!v6) return fault(v6.error());
  const auto group = params.text("ReferencedGroupId");
  const auto list = params.text("PrefixListId");
  if (static_cast<int>(v4->has_value()) + static_cast<int>(v6->has_value()) + static_cast<int>(group.has_value()) +
          static_cast<int>(list.has_value()) !=
      1) {
    return fault("InvalidParameterCombination",
                 "Give exactly one of CidrIpv4, CidrIpv6, PrefixListId and "
                 "ReferencedGroupId below " +
                     params.full_name(""));
  }
  auto description = read_description(params);
  if (!description) return fault(description.error());
  SecurityGroupRule rule = with(*traffic);
  rule.description = *std::move(description);
  rule.source_cidr = *v4 ? *v4 : *v6;
  if (group) rule.source_group = model::SecurityGroupId(*group);
  if (list) rule.source_prefix_list = model::PrefixListId(*list);
  return rule;
}

Ec2Status check_words(const std::string& parameter, const std::string& text) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/()#,@[]+=&;{}!$*";
  if (text.size() <= kWordsBytes && text.find_first_not_of(kAllowed) == std::string::npos) return {};
  return invalid_value(parameter, wire::shortened(text),
                       "Give at most 255 characters of a-z, A-Z, 0-9, space and ._-:/()#,@[]+=&;{}!$*");
}

}  // namespace sallyport::api::ec2
