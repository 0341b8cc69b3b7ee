#pragma once

#include <optional>
#include <string>

#include "model/snapshot.h"
#include "model/tags.h"

namespace sallyport::api::ec2 {

// Calls `visit(table, resource type)` for every kind that has tags and an id of its own. The rules of security groups
// have tags too, and stand in their groups.
template <class Visit>
void each_tagged_kind(const model::Snapshot& world, Visit visit) {
  visit(world.vpcs, "vpc");
  visit(world.subnets, "subnet");
  visit(world.security_groups, "security-group");
  visit(world.all<model::DhcpOptions>(), "dhcp-options");
  visit(world.all<model::PrefixList>(), "prefix-list");
  visit(world.all<model::NetworkInterface>(), "network-interface");
  visit(world.all<model::ElasticIp>(), "elastic-ip");
  visit(world.all<model::NatGateway>(), "natgateway");
  visit(world.all<model::VpcPeering>(), "vpc-peering-connection");
  visit(world.all<model::TransitGateway>(), "transit-gateway");
  visit(world.all<model::TransitGatewayAttachment>(), "transit-gateway-attachment");
  visit(world.all<model::CustomerGateway>(), "customer-gateway");
  visit(world.all<model::VpnGateway>(), "vpn-gateway");
  visit(world.all<model::VpnConnection>(), "vpn-connection");
}

// Of the thing of that id, of any kind, rules too; nothing where there is none. Pure; any thread.
std::optional<model::Tags> tags_of_id(const model::Snapshot& world, const std::string& id);

}  // namespace sallyport::api::ec2
