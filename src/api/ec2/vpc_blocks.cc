#include "api/ec2/vpc_blocks.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "api/ec2/operation.h"
#include "api/ec2/peering.h"
#include "api/ec2/resources.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "wire/crypto.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::Cidr;
using model::Vpc;

bool is_v4(const Cidr& block) { return block.family() == base::Family::kV4; }

void render_block(Xml& xml, const Vpc& vpc, const Cidr& block, const char* state) {
  xml.text("associationId", block_association_id(vpc.id, block));
  xml.text(is_v4(block) ? "cidrBlock" : "ipv6CidrBlock", block.to_string());
  xml.group(is_v4(block) ? "cidrBlockState" : "ipv6CidrBlockState", [&](Xml& inner) { inner.text("state", state); });
}

Outcome answer_of(const Vpc& vpc, const Cidr& block, const char* state) {
  Outcome outcome;
  outcome.answer.id("vpcId", vpc.id);
  outcome.answer.group(is_v4(block) ? "cidrBlockAssociation" : "ipv6CidrBlockAssociation",
                       [&](Xml& xml) { render_block(xml, vpc, block, state); });
  return outcome;
}

Ec2Result<Outcome> associate_block(const Context& context) {
  const Params& params = context.params;
  const auto vpc = vpc_at(context, params, "VpcId");
  if (!vpc) return fault(vpc.error());
  const auto v4 = cidr_in(params, "CidrBlock");
  if (!v4) return fault(v4.error());
  const auto v6 = cidr_in(params, "Ipv6CidrBlock");
  if (!v6) return fault(v6.error());
  if (v4->has_value() == v6->has_value()) {
    return fault("InvalidParameterCombination", "Give exactly one of CidrBlock and Ipv6CidrBlock");
  }
  const Cidr block = *v4 ? **v4 : **v6;
  if (*v4) {
    if (auto usable = check_vpc_block(block); !usable) return fault(usable.error());
  } else if (is_v4(block) || block.prefix() < 44 || block.prefix() > 60) {
    return invalid_value("Ipv6CidrBlock", block.to_string(), "Give an IPv6 block of /44 to /60.");
  }
  for (const Cidr& taken : (*vpc)->cidr_blocks) {
    if (taken.overlaps(block)) {
      return fault("CidrConflict", "The CIDR '" + block.to_string() + "' overlaps the block " + taken.to_string() +
                                       " of the same VPC; choose another");
    }
  }
  if (auto clear = check_peers_of(context.world, **vpc, block); !clear) return fault(clear.error());
  if (auto room =
          check_room((*vpc)->cidr_blocks.size(), base::limits::kBlocksPerVpc, "CidrLimitExceeded", "blocks in the VPC");
      !room) {
    return fault(room.error());
  }
  Vpc changed = **vpc;
  changed.cidr_blocks.push_back(block);
  Outcome outcome = answer_of(changed, block, "associated");
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

// What lies in the block: subnets, and interfaces by their own addresses, since IPv6 ones lie in no subnet here.
std::vector<std::string> users_of(const model::Snapshot& world, const model::VpcId& vpc, const Cidr& block) {
  std::vector<std::string> users;
  for (const auto& [id, subnet] : world.subnets) {
    if (subnet->vpc == vpc && block.contains(subnet->cidr_block)) users.push_back(id.str());
  }
  for (const auto& [id, interface] : world.all<model::NetworkInterface>()) {
    const auto in_block = [&](const base::IpAddress& address) { return block.contains(address); };
    if (interface->vpc == vpc && std::ranges::any_of(interface->addresses, in_block)) users.push_back(id.str());
  }
  std::ranges::sort(users);
  return users;
}

Ec2Result<Outcome> disassociate_block(const Context& context) {
  const auto id = context.params.required("AssociationId");
  if (!id) return fault(id.error());
  for (const auto& [vpc_id, vpc] : context.world.vpcs) {
    const auto at = std::ranges::find_if(vpc->cidr_blocks,
                                         [&](const Cidr& block) { return block_association_id(vpc_id, block) == *id; });
    if (at == vpc->cidr_blocks.end()) continue;
    const Cidr block = *at;
    if (at == vpc->cidr_blocks.begin()) {
      return fault("OperationNotPermitted",
                   "The block " + block.to_string() + " is the VPC's primary one and stays with it");
    }
    const auto users = users_of(context.world, vpc_id, block);
    if (!users.empty()) return dependency_violation("CIDR block", block.to_string(), users);
    Vpc changed = *vpc;
    std::erase(changed.cidr_blocks, block);
    Outcome outcome = answer_of(*vpc, block, "disassociated");
    outcome.puts.emplace_back(std::move(changed));
    return outcome;
  }
  return fault("InvalidVpcCidrBlockAssociationID.NotFound",
               "The association ID '" + wire::shortened(*id) + "' does not exist");
}

constexpr auto kVpcBlockOperations = std::to_array<Entry>({
    {"AssociateVpcCidrBlock", associate_block, true},
    {"DisassociateVpcCidrBlock", disassociate_block, true},
});

}  // namespace

std::string block_association_id(const model::VpcId& vpc, const Cidr& block) {
  constexpr std::size_t kDigits = 17;
  return "vpc-cidr-assoc-" + base::to_hex(wire::sha256(vpc.str() + " " + block.to_string())).substr(0, kDigits);
}

Ec2Status check_vpc_block(const Cidr& block) {
  if (is_v4(block) && block.prefix() >= 16 && block.prefix() <= 28) return {};
  return fault("InvalidVpc.Range", "The CIDR '" + block.to_string() + "' is invalid: give an IPv4 block of /16 to /28");
}

void render_blocks(Xml& xml, const Vpc& vpc) {
  std::vector<Cidr> v4;
  std::vector<Cidr> v6;
  for (const Cidr& block : vpc.cidr_blocks)
    (is_v4(block) ? v4 : v6).push_back(block);
  const auto item = [&](Xml& inner, const Cidr& block) { render_block(inner, vpc, block, "associated"); };
  xml.set("cidrBlockAssociationSet", v4, item);
  if (!v6.empty()) xml.set("ipv6CidrBlockAssociationSet", v6, item);
}

std::span<const Entry> vpc_block_operations() { return kVpcBlockOperations; }

}  // namespace sallyport::api::ec2
