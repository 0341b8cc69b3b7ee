#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "api/ec2/arn.h"
#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/security_group_rules.h"
#include "api/ec2/security_group_xml.h"
#include "api/ec2/tags.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "control/network.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::SecurityGroup;

constexpr std::string_view kReservedName = "default";
constexpr const char* kClusterTag = "aws:eks:cluster-name";  // control::cluster_security_group
constexpr const char* kNotFound = "InvalidGroup.NotFound";

// EC2 keeps names without the spaces at their end.
Ec2Result<std::string> read_name(const Params& params) {
  auto name = params.required("GroupName");
  if (!name) return name;
  name->erase(name->find_last_not_of(' ') + 1);
  if (name->empty()) return fault("MissingParameter", "The request must contain the parameter GroupName");
  if (auto usable = check_words("GroupName", *name); !usable) return fault(usable.error());
  if (base::ascii_lower(*name).starts_with("sg-")) {
    return invalid_value("GroupName", *name, "Group names may not be in the format sg-*.");
  }
  if (base::ascii_iequals(*name, kReservedName)) {
    return fault("InvalidGroup.Reserved",
                 "Cannot use the reserved security group name '" + *name + "': each VPC has its own from the start");
  }
  return name;
}

Ec2Result<const model::Vpc*> read_vpc(const Context& context) {
  if (context.params.text("VpcId")) return vpc_at(context, context.params, "VpcId");
  if (const model::Vpc* vpc = default_vpc_of(context.world)) return vpc;
  return fault("VPCIdNotSpecified", "There is no default VPC; give VpcId");
}

// Whether there is room for one more of the groups that users make. Those that come with a cluster, told by the tag
// that no user can give or take, and the VPCs' "default" ones have the limits of clusters and VPCs.
Ec2Status check_group_room(const model::Snapshot& world) {
  const auto& groups = world.security_groups;
  if (groups.size() < base::limits::kSecurityGroups) return {};  // no need to look at each
  const auto is_users = [](const auto& entry) {
    return entry.second->name != kReservedName && !entry.second->tags.contains(kClusterTag);
  };
  return check_room(static_cast<std::size_t>(std::ranges::count_if(groups, is_users)), base::limits::kSecurityGroups,
                    "SecurityGroupLimitExceeded", "security groups besides those of clusters and the VPCs' own");
}

Ec2Result<Outcome> create_group(const Context& context) {
  const Params& params = context.params;
  auto name = read_name(params);
  if (!name) return fault(name.error());
  auto description = params.required("GroupDescription");
  if (!description) return fault(description.error());
  if (auto usable = check_words("GroupDescription", *description); !usable) return fault(usable.error());
  const auto vpc = read_vpc(context);
  if (!vpc) return fault(vpc.error());
  const auto tags = tags_at_creation(params, "security-group");
  if (!tags) return fault(tags.error());
  if (group_named(context.world, (*vpc)->id, *name) != nullptr) {
    return fault("InvalidGroup.Duplicate",
                 "The security group '" + *name + "' already exists for VPC '" + (*vpc)->id.str() + "'");
  }
  if (auto room = check_group_room(context.world); !room) return fault(room.error());
  SecurityGroup group;
  group.id = model::SecurityGroupId(control::new_resource_id("sg-", context.entropy));
  group.vpc = (*vpc)->id;
  group.name = *std::move(name);
  group.description = *std::move(description);
  group.egress = {control::everything_leaves(context.entropy)};
  group.tags = *tags;
  Outcome outcome = done();
  outcome.answer.id("groupId", group.id).tags(group.tags);
  outcome.answer.text("securityGroupArn", arn_of(context, "security-group", group.id.str()));
  outcome.puts.emplace_back(std::move(group));
  return outcome;
}

bool refers_to(const SecurityGroup& group, const model::SecurityGroupId& id) {
  const auto to_it = [&](const model::SecurityGroupRule& rule) { return rule.source_group == id; };
  return std::ranges::any_of(group.ingress, to_it) || std::ranges::any_of(group.egress, to_it);
}

// Clusters, interfaces, and other groups with a rule that refers to it.
std::vector<std::string> users_of(const model::Snapshot& world, const model::SecurityGroupId& id) {
  std::vector<std::string> others;
  for (const auto& [interface_id, interface] : world.all<model::NetworkInterface>()) {
    if (std::ranges::find(interface->groups, id) != interface->groups.end()) {
      others.push_back("network interface " + interface_id.str());
    }
  }
  for (const auto& [group_id, group] : world.security_groups) {
    if (group_id != id && refers_to(*group, id)) others.push_back("a rule of security group " + group_id.str());
  }
  std::ranges::sort(others);
  std::vector<std::string> users = clusters_using(world, id);
  users.insert(users.end(), others.begin(), others.end());
  return users;
}

Ec2Result<Outcome> delete_group(const Context& context) {
  const auto group = requested_group(context);
  if (!group) return fault(group.error());
  const model::SecurityGroupId& id = (*group)->id;
  if ((*group)->name == kReservedName) {
    return fault("CannotDelete", "the specified group: \"" + id.str() +
                                     "\" name: \"default\" cannot be deleted by a user; it goes with its VPC");
  }
  const auto users = users_of(context.world, id);
  if (!users.empty()) return dependency_violation("security group", id.str(), users);
  Outcome outcome = done();
  outcome.answer.id("groupId", id);
  outcome.erases.emplace_back(id);
  return outcome;
}

using Groups = model::Table<SecurityGroup>;

// Those of the default VPC that GroupName.N names.
Ec2Result<Groups> named_groups(const Context& context, const std::vector<std::string>& names) {
  if (context.params.has("GroupId")) {
    return fault("InvalidParameterCombination", "Give GroupId or GroupName, not both; or use the filter group-name");
  }
  const model::Vpc* vpc = default_vpc_of(context.world);
  Groups groups;
  for (const std::string& name : names) {
    const SecurityGroup* group = vpc == nullptr ? nullptr : group_named(context.world, vpc->id, name);
    if (group == nullptr) {
      return fault(kNotFound, "The security group '" + wire::shortened(name) +
                                  "' does not exist in the default VPC; in others use the filter group-name");
    }
    groups.emplace(group->id, context.world.security_groups.at(group->id));
  }
  return groups;
}

Ec2Result<Outcome> describe_groups(const Context& context) {
  const std::vector<std::string> names = context.params.list("GroupName");
  Ec2Result<Groups> named = names.empty() ? Groups{} : named_groups(context, names);
  if (!named) return fault(named.error());
  return describe<SecurityGroup>(
      context, {"DescribeSecurityGroups", "GroupId", kNotFound, "security group", "securityGroupInfo"},
      names.empty() ? context.world.security_groups : *named,
      {"description",
       "egress.ip-permission.cidr",
       "egress.ip-permission.from-port",
       "egress.ip-permission.group-id",
       "egress.ip-permission.group-name",
       "egress.ip-permission.ipv6-cidr",
       "egress.ip-permission.prefix-list-id",
       "egress.ip-permission.protocol",
       "egress.ip-permission.to-port",
       "egress.ip-permission.user-id",
       "group-id",
       "group-name",
       "ip-permission.cidr",
       "ip-permission.from-port",
       "ip-permission.group-id",
       "ip-permission.group-name",
       "ip-permission.ipv6-cidr",
       "ip-permission.prefix-list-id",
       "ip-permission.protocol",
       "ip-permission.to-port",
       "ip-permission.user-id",
       "owner-id",
       "vpc-id"},
      [&](const SecurityGroup& group) { return facts_of(context, group); },
      [&](Xml& xml, const SecurityGroup& group) { render_group(xml, context, group); });
}

constexpr auto kSecurityGroupOperations = std::to_array<Entry>({
    {"CreateSecurityGroup", create_group, true},
    {"DeleteSecurityGroup", delete_group, true},
    {"DescribeSecurityGroups", describe_groups},
});

}  // namespace

std::span<const Entry> security_group_operations() { return kSecurityGroupOperations; }

}  // namespace sallyport::api::ec2
