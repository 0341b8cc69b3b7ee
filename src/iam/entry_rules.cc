#include "iam/entry_rules.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/limits.h"
#include "iam/entry_policies.h"
#include "wire/json_value.h"

namespace sallyport::iam {

namespace {

namespace limits = base::limits;
using base::ErrorKind;
using base::fail;
using Kind = EntryPrincipal::Kind;

constexpr std::array<std::string_view, 5> kReserved = {"system:", "eks:", "aws:", "amazon:", "iam:"};

// What EKS gives the nodes of a type.
struct NodeType {
  std::string_view type;
  std::string_view username;
  std::vector<std::string> groups;
};

const std::vector<NodeType>& node_types() {
  static const std::vector<NodeType> types = {
      {"FARGATE_LINUX", "system:node:{{SessionName}}", {"system:bootstrappers", "system:nodes", "system:node-proxier"}},
      {"EC2_LINUX", "system:node:{{EC2PrivateDNSName}}", {"system:nodes"}},
      {"EC2_WINDOWS", "system:node:{{EC2PrivateDNSName}}", {"system:nodes", "eks:kube-proxy-windows"}},
      {"EC2", "system:node:{{EC2PrivateDNSName}}", {"system:nodes"}},
      {"HYBRID_LINUX", "system:node:{{SessionName}}", {"system:nodes"}},
      {"HYPERPOD_LINUX", "system:node:{{SessionName}}", {"system:nodes"}},
  };
  return types;
}

const NodeType* node_type(std::string_view type) {
  const auto found = std::ranges::find(node_types(), type, &NodeType::type);
  return found == node_types().end() ? nullptr : &*found;
}

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

const std::string_view* reserved_start(std::string_view text) {
  const auto found = std::ranges::find_if(kReserved, [&](std::string_view start) { return text.starts_with(start); });
  return found == kReserved.end() ? nullptr : &*found;
}

base::Status check_group(const std::string& group) {
  const auto bad = [&](const std::string& why) {
    return fail(ErrorKind::kInvalidParameter,
                "The kubernetes group name " + wire::shortened(group) + " is invalid, it " + why, "kubernetesGroups");
  };
  if (group.empty()) return bad("is empty; leave it out");
  if (group.size() > limits::kKubernetesGroupBytes) {
    return bad("is longer than " + std::to_string(limits::kKubernetesGroupBytes) + " bytes; shorten it");
  }
  if (!is_plain(group)) return bad("has control characters; remove them");
  if (const auto* start = reserved_start(group)) {
    return bad("cannot start with " + std::string(*start) +
               "; name a group of your own RoleBindings, or associate an access policy");
  }
  return {};
}

tl::unexpected<base::Error> bad_username(const std::string& why) {
  return fail(ErrorKind::kInvalidParameter, "The username " + why, "username");
}

base::Status check_template(std::string_view username, std::size_t at, Kind kind) {
  const std::size_t end = username.find("}}", at);
  const std::string_view name = end == std::string_view::npos ? username.substr(at) : username.substr(at, end + 2 - at);
  if (name == "{{AccountID}}") return {};
  if (name != "{{SessionName}}" && name != "{{SessionNameRaw}}") {
    return bad_username("has " + wire::shortened(name) +
                        ", which stands for nothing; {{SessionName}}, {{SessionNameRaw}} and {{AccountID}} are known");
  }
  if (kind != Kind::kRole) {
    return bad_username("has " + std::string(name) + ", and only roles have sessions; leave it out");
  }
  if (username.substr(0, at).find(':') == std::string_view::npos) {
    return bad_username("must have a colon before " + std::string(name) + ", such as " +
                        wire::shortened(username.substr(0, at)) + ":" + std::string(name));
  }
  return {};
}

std::string default_username(const EntryPrincipal& principal, const model::AccountId& account) {
  if (principal.kind != Kind::kRole) return principal.arn.str();
  return "arn:aws:sts::" + account.str() + ":assumed-role/" + principal.name + "/{{SessionName}}";
}

model::AccessEntry standard_entry(const model::ClusterName& cluster, const EntryPrincipal& principal,
                                  const model::AccountId& account, std::string uuid, base::Time now) {
  model::AccessEntry entry;
  entry.id = model::access_entry_id(cluster, principal.arn);
  entry.cluster = cluster;
  entry.principal = principal.arn;
  entry.principal_id = principal.id;
  entry.type = kStandardEntry;
  entry.username = default_username(principal, account);
  entry.uuid = std::move(uuid);
  entry.created_at = now;
  entry.modified_at = now;
  return entry;
}

}  // namespace

bool is_entry_type(std::string_view text) { return text == kStandardEntry || node_type(text) != nullptr; }

std::string entry_types() {
  std::string listed(kStandardEntry);
  for (const NodeType& each : node_types())
    listed.append(", ").append(each.type);
  return listed;
}

base::Status check_entry_groups(const std::vector<std::string>& groups) {
  if (groups.size() > limits::kGroupsPerAccessEntry) {
    return fail(ErrorKind::kInvalidParameter,
                "kubernetesGroups has " + std::to_string(groups.size()) + " entries; at most " +
                    std::to_string(limits::kGroupsPerAccessEntry) + " are allowed",
                "kubernetesGroups");
  }
  std::set<std::string_view> seen;
  for (const std::string& group : groups) {
    if (auto good = check_group(group); !good) return good;
    if (!seen.insert(group).second) {
      return fail(ErrorKind::kInvalidParameter, "kubernetesGroups repeats " + group + "; give each name once",
                  "kubernetesGroups");
    }
  }
  return {};
}

base::Status check_entry_username(std::string_view username, Kind kind) {
  if (username.empty()) return bad_username("is empty; leave it out for the one EKS gives");
  if (username.size() > limits::kKubernetesUsernameBytes) {
    return bad_username("is longer than " + std::to_string(limits::kKubernetesUsernameBytes) + " bytes; shorten it");
  }
  if (!is_plain(username)) return bad_username("has control characters; remove them");
  if (const auto* start = reserved_start(username)) {
    return bad_username("must not begin with " + std::string(*start) + "; it is \"" + wire::shortened(username) +
                        "\", choose another");
  }
  for (std::size_t at = username.find("{{"); at != std::string_view::npos; at = username.find("{{", at + 2)) {
    if (auto known = check_template(username, at, kind); !known) return known;
  }
  return {};
}

base::Result<model::AccessEntry> new_access_entry(const model::ClusterName& cluster, const EntryPrincipal& principal,
                                                  const model::AccountId& account, std::string_view type,
                                                  std::string uuid, base::Time now) {
  model::AccessEntry entry = standard_entry(cluster, principal, account, std::move(uuid), now);
  const NodeType* node = node_type(type);
  if (node == nullptr) return entry;
  if (principal.kind != Kind::kRole) {
    return fail(ErrorKind::kInvalidParameter,
                "The specified principalArn is invalid: an access entry of type " + std::string(type) +
                    " is for a role, and " + principal.arn.str() + " is none; name a role, or make the type STANDARD",
                "principalArn");
  }
  entry.type = type;
  entry.username = node->username;
  entry.groups = node->groups;
  return entry;
}

model::AccessEntry creator_access_entry(const model::ClusterName& cluster, const EntryPrincipal& creator,
                                        const model::AccountId& account, std::string uuid, base::Time now) {
  model::AccessEntry entry = standard_entry(cluster, creator, account, std::move(uuid), now);
  entry.policies.push_back(
      {.policy = entry_policy_arn(kClusterAdminPolicy), .scope = {}, .associated_at = now, .modified_at = now});
  return entry;
}

}  // namespace sallyport::iam
