#include "policy/derive.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "policy/connected.h"

namespace sallyport::policy {

namespace {

using base::IpAddress;
using model::Snapshot;
using model::Vpc;

std::vector<std::string> name_servers(const Snapshot& world, const Vpc& vpc) {
  const auto* options = world.find<model::DhcpOptions>(vpc.dhcp_options);
  if (options == nullptr) return {};
  const auto found = options->configurations.find("domain-name-servers");
  return found == options->configurations.end() ? std::vector<std::string>{} : found->second;
}

std::map<model::VpcId, std::set<IpAddress>> egress_by_vpc(const Snapshot& world) {
  std::map<model::VpcId, std::set<IpAddress>> egress;
  for (const auto& [id, address] : world.all<model::ElasticIp>()) {
    const auto* interface =
        address->network_interface ? world.find<model::NetworkInterface>(*address->network_interface) : nullptr;
    if (interface != nullptr) egress[interface->vpc].insert(address->public_ip);
  }
  for (const auto& [id, gateway] : world.all<model::NatGateway>()) {
    for (const model::AllocationId& allocation : gateway->allocations) {
      if (const auto* address = world.find<model::ElasticIp>(allocation))
        egress[gateway->vpc].insert(address->public_ip);
    }
  }
  return egress;
}

std::map<model::SecurityGroupId, std::set<IpAddress>> members_by_group(const Snapshot& world) {
  std::map<model::SecurityGroupId, std::set<IpAddress>> members;
  for (const auto& [id, interface] : world.all<model::NetworkInterface>()) {
    for (const model::SecurityGroupId& group : interface->groups)
      members[group].insert(interface->addresses.begin(), interface->addresses.end());
  }
  return members;
}

model::CidrSet connected_blocks(const Snapshot& world, const Vpc& vpc) {
  std::set<model::Cidr> blocks;
  for (const ConnectedNetwork& network : connected_networks(world, vpc))
    blocks.insert(network.block);
  return model::CidrSet({blocks.begin(), blocks.end()});
}

}  // namespace

Derived derive(const Snapshot& world) {
  Derived changed;
  auto egress = egress_by_vpc(world);
  for (const auto& [id, vpc] : world.vpcs) {
    Vpc now = *vpc;
    now.domain_name_servers = name_servers(world, *vpc);
    now.egress_addresses = std::move(egress[id]);
    now.connected_blocks = connected_blocks(world, *vpc);
    if (now != *vpc) changed.vpcs.push_back(std::move(now));
  }
  auto members = members_by_group(world);
  for (const auto& [id, group] : world.security_groups) {
    model::SecurityGroup now = *group;
    now.members = std::move(members[id]);
    if (now != *group) changed.security_groups.push_back(std::move(now));
  }
  return changed;
}

}  // namespace sallyport::policy
