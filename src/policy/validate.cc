#include "policy/validate.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"

namespace sallyport::policy {

namespace {

using base::ErrorKind;
using base::fail;
using model::Cidr;
using model::CidrSet;
using model::EndpointAccess;

constexpr std::size_t kBlocksShown = 50;

// RFC 6890 and its registries, without the documentation blocks: examples use those as Internet addresses.
constexpr std::array<std::string_view, 15> kReserved = {
    "0.0.0.0/8",     "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",   "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4",
    "240.0.0.0/4",   "::/127",       "fc00::/7",       "fe80::/10",     "ff00::/8"};

const std::vector<Cidr>& reserved_blocks() {
  static const std::vector<Cidr> blocks = [] {
    std::vector<Cidr> parsed;
    for (const std::string_view text : kReserved)
      parsed.push_back(*Cidr::parse(text));
    return parsed;
  }();
  return blocks;
}

std::string_view word(bool value) { return value ? "true" : "false"; }

std::string shown(const CidrSet& blocks) {
  std::string text = "[";
  for (std::size_t i = 0; i < blocks.size() && i < kBlocksShown; ++i) {
    text += (i == 0 ? "" : ", ") + blocks.entries()[i].to_string();
  }
  if (blocks.size() > kBlocksShown) text += ", and " + std::to_string(blocks.size() - kBlocksShown) + " more";
  return text + "]";
}

base::Result<CidrSet> checked_blocks(const std::vector<Cidr>& given, const AccessRules& rules) {
  const auto bad = [](std::string message) {
    return fail(ErrorKind::kInvalidParameter, std::move(message), "publicAccessCidrs");
  };
  if (given.empty()) {
    return bad(
        "publicAccessCidrs is empty while public access is on; name at least one CIDR block, leave the "
        "field out, or set endpointPublicAccess to false and endpointPrivateAccess to true");
  }
  if (given.size() > base::limits::kPublicAccessCidrs) {
    return bad("publicAccessCidrs has " + std::to_string(given.size()) + " CIDR blocks; at most " +
               std::to_string(base::limits::kPublicAccessCidrs) + " are allowed, merge neighbouring ones");
  }
  std::vector<Cidr> sorted = given;
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
    return bad("publicAccessCidrs has the CIDR block " + twice->to_string() + " more than once; name it once");
  }
  if (rules.refuse_reserved_cidrs) {
    for (const Cidr& block : given) {
      for (const Cidr& reserved : reserved_blocks()) {
        if (reserved.contains(block)) {
          return bad("The following CIDRs are invalid in publicAccessCidrs: [" + block.to_string() +
                     "]; it lies in the reserved block " + reserved.to_string() +
                     ", which no Internet source has; use private access for such sources");
        }
      }
    }
  }
  return CidrSet(given);
}

base::Result<EndpointAccess> merged(const EndpointAccess& base, const AccessInput& input, const AccessRules& rules) {
  EndpointAccess result = base;
  result.public_access = input.public_access.value_or(base.public_access);
  result.private_access = input.private_access.value_or(base.private_access);
  if (!result.public_access && !result.private_access) {
    return fail(ErrorKind::kInvalidParameter,
                "endpointPublicAccess and endpointPrivateAccess cannot both be false: private access must be on to "
                "turn public access off; set endpointPrivateAccess to true as well",
                "endpointPublicAccess");
  }
  if (!input.public_access_cidrs) return result;
  if (!result.public_access) {
    // Terraform repeats the stored blocks when it turns public access off: that sets nothing.
    if (input.public_access_cidrs->empty() ||
        CidrSet(*input.public_access_cidrs).same_blocks(base.public_access_cidrs)) {
      return result;
    }
    return fail(ErrorKind::kInvalidParameter,
                "publicAccessCidrs cannot be set while endpointPublicAccess is false; leave publicAccessCidrs out or "
                "set endpointPublicAccess to true",
                "publicAccessCidrs");
  }
  auto blocks = checked_blocks(*input.public_access_cidrs, rules);
  if (!blocks) return fail(blocks.error());
  result.public_access_cidrs = std::move(*blocks);
  return result;
}

// The first id that appears twice, or null.
template <class Id>
const Id* repeated(std::span<const Id> ids) {
  std::set<Id> seen;
  for (const Id& id : ids) {
    if (!seen.insert(id).second) return &id;
  }
  return nullptr;
}

}  // namespace

base::Result<EndpointAccess> access_at_creation(const AccessInput& input, const AccessRules& rules) {
  std::vector<Cidr> everyone = {*Cidr::parse("0.0.0.0/0")};
  if (rules.public_ipv6) everyone.push_back(*Cidr::parse("::/0"));
  return merged({.public_access = true, .private_access = false, .public_access_cidrs = CidrSet(std::move(everyone))},
                input, rules);
}

base::Result<EndpointAccess> changed_access(const EndpointAccess& present, const AccessInput& input,
                                            const AccessRules& rules) {
  auto result = merged(present, input, rules);
  if (!result) return result;
  if (result->public_access == present.public_access && result->private_access == present.private_access &&
      result->public_access_cidrs.same_blocks(present.public_access_cidrs)) {
    return fail(ErrorKind::kInvalidParameter,
                "Cluster is already at the desired configuration with endpointPrivateAccess: " +
                    std::string(word(present.private_access)) +
                    ", endpointPublicAccess: " + std::string(word(present.public_access)) +
                    ", and Public Endpoint Restrictions: " + shown(present.public_access_cidrs));
  }
  return result;
}

base::Result<model::VpcId> vpc_of_subnets(const model::Snapshot& snapshot, std::span<const model::SubnetId> subnets) {
  const auto bad = [](std::string message) {
    return fail(ErrorKind::kInvalidParameter, std::move(message), "subnetIds");
  };
  if (subnets.size() > base::limits::kSubnetsPerCluster) {
    return bad("subnetIds has " + std::to_string(subnets.size()) + " subnets; at most " +
               std::to_string(base::limits::kSubnetsPerCluster) + " are allowed");
  }
  if (const auto* twice = repeated(subnets)) {
    return bad("subnetIds has " + twice->str() + " more than once; name it once");
  }
  const model::Subnet* first = nullptr;
  std::set<std::string> zones;
  for (const model::SubnetId& id : subnets) {
    const model::Subnet* subnet = snapshot.find_subnet(id);
    if (subnet == nullptr) return bad("The subnet ID '" + id.str() + "' does not exist; name subnets of one VPC");
    if (first == nullptr) first = subnet;
    if (subnet->vpc != first->vpc) {
      return bad("Subnets " + first->id.str() + " (" + first->vpc.str() + ") and " + subnet->id.str() + " (" +
                 subnet->vpc.str() + ") are in different VPCs; all subnets must be in one VPC");
    }
    zones.insert(subnet->availability_zone);
  }
  if (zones.size() < 2) {
    return bad("Subnets specified must be in at least two different AZs; subnetIds has " +
               std::to_string(subnets.size()) + " in " + (zones.empty() ? std::string("none") : *zones.begin()));
  }
  return first->vpc;
}

base::Status check_security_groups(const model::Snapshot& snapshot, const model::VpcId& vpc,
                                   std::span<const model::SecurityGroupId> groups) {
  const auto bad = [](std::string message) {
    return fail(ErrorKind::kInvalidParameter, std::move(message), "securityGroupIds");
  };
  if (groups.size() > base::limits::kSecurityGroupsPerCluster) {
    return bad("securityGroupIds has " + std::to_string(groups.size()) + " groups; at most " +
               std::to_string(base::limits::kSecurityGroupsPerCluster) + " are allowed");
  }
  if (const auto* twice = repeated(groups)) {
    return bad("securityGroupIds has " + twice->str() + " more than once; name it once");
  }
  for (const model::SecurityGroupId& id : groups) {
    const model::SecurityGroup* group = snapshot.find_security_group(id);
    if (group == nullptr)
      return bad("The security group '" + id.str() + "' does not exist; name groups of " + vpc.str());
    if (group->vpc != vpc) {
      return bad("Security group " + id.str() + " is in " + group->vpc.str() + ", the cluster's subnets are in " +
                 vpc.str() + "; name groups of that VPC");
    }
  }
  return {};
}

}  // namespace sallyport::policy
