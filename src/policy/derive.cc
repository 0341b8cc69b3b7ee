#include "policy/derive.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/limits.h"
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

base::Result<model::CidrSet> connected_blocks(const Snapshot& world, const Vpc& vpc, TransitRoutes& routes) {
  std::set<model::Cidr> blocks;
  for (const ConnectedNetwork& network : connected_networks(world, vpc, routes))
    blocks.insert(network.block);
  if (blocks.size() > base::limits::kConnectedBlocks) {
    return base::fail(base::ErrorKind::kLimitExceeded,
                      "peering, transit gateways and VPNs would join " + std::to_string(blocks.size()) +
                          " separate CIDR blocks to " + vpc.id.str() + ", the limit is " +
                          std::to_string(base::limits::kConnectedBlocks) +
                          "; summarise its routes, or black-hole fewer blocks within them");
  }
  return model::CidrSet({blocks.begin(), blocks.end()});
}

std::map<model::VpcId, std::set<model::VpcId>> peers_by_vpc(const Snapshot& world) {
  std::map<model::VpcId, std::set<model::VpcId>> peers;
  for (const auto& [id, peering] : world.all<model::VpcPeering>()) {
    if (!peering->active) continue;
    peers[peering->requester].insert(peering->accepter);
    peers[peering->accepter].insert(peering->requester);
  }
  return peers;
}

}  // namespace

base::Result<Derived> derive(const Snapshot& world) {
  Derived changed;
  auto egress = egress_by_vpc(world);
  auto peers = peers_by_vpc(world);
  TransitRoutes routes(world);
  for (const auto& [id, vpc] : world.vpcs) {
    auto blocks = connected_blocks(world, *vpc, routes);
    if (!blocks) return base::fail(blocks.error());
    auto servers = name_servers(world, *vpc);
    if (vpc->connected_blocks == *blocks && vpc->domain_name_servers == servers &&
        vpc->egress_addresses == egress[id] && vpc->peered_vpcs == peers[id]) {
      continue;
    }
    Vpc now = *vpc;
    now.connected_blocks = *std::move(blocks);
    now.domain_name_servers = std::move(servers);
    now.egress_addresses = std::move(egress[id]);
    now.peered_vpcs = std::move(peers[id]);
    changed.vpcs.push_back(std::move(now));
  }
  auto members = members_by_group(world);
  for (const auto& [id, group] : world.security_groups) {
    // Most groups have no interface in them: nothing is made for those.
    const auto found = members.find(id);
    if (found == members.end() ? group->members.empty() : group->members == found->second) continue;
    model::SecurityGroup now = *group;
    now.members = found == members.end() ? std::set<IpAddress>{} : std::move(found->second);
    changed.security_groups.push_back(std::move(now));
  }
  return changed;
}

}  // namespace sallyport::policy
