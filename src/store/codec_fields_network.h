#pragma once

#include "model/network.h"
#include "model/network_objects.h"
#include "store/codec_fields.h"

// The members of what is stored of the network.
namespace sallyport::store {

template <>
inline constexpr const char* kRoot<model::Vpc> = "vpc";
template <class V, Is<model::Vpc> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("cidrBlocks", value.cidr_blocks);
  visit("isDefault", value.is_default);
  visit("enableDnsSupport", value.enable_dns_support);
  visit("enableDnsHostnames", value.enable_dns_hostnames);
  visit("dhcpOptions", value.dhcp_options);
  visit("tags", value.tags);
  visit("domainNameServers", value.domain_name_servers);
  visit("egressAddresses", value.egress_addresses);
  visit("connectedBlocks", value.connected_blocks);
  visit("peeredVpcs", value.peered_vpcs);
}

template <>
inline constexpr const char* kRoot<model::Subnet> = "subnet";
template <class V, Is<model::Subnet> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("vpc", value.vpc);
  visit("cidrBlock", value.cidr_block);
  visit("availabilityZone", value.availability_zone);
  visit("isDefault", value.is_default);
  visit("mapPublicIpOnLaunch", value.map_public_ip_on_launch);
  visit("tags", value.tags);
}

template <class V, Is<model::SecurityGroupRule> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("protocol", value.protocol);
  visit("fromPort", value.from_port);
  visit("toPort", value.to_port);
  visit("sourceCidr", value.source_cidr);
  visit("sourceGroup", value.source_group);
  visit("sourcePrefixList", value.source_prefix_list);
  visit("description", value.description);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::SecurityGroup> = "securityGroup";
template <class V, Is<model::SecurityGroup> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("vpc", value.vpc);
  visit("name", value.name);
  visit("description", value.description);
  visit("ingress", value.ingress);
  visit("egress", value.egress);
  visit("tags", value.tags);
  visit("members", value.members);
}

template <>
inline constexpr const char* kRoot<model::DhcpOptions> = "dhcpOptions";
template <class V, Is<model::DhcpOptions> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("configurations", value.configurations);
  visit("userMade", value.user_made);
  visit("tags", value.tags);
}

template <class V, Is<model::PrefixListEntry> T>
void fields(V& visit, T& value) {
  visit("block", value.block);
  visit("description", value.description);
}

template <>
inline constexpr const char* kRoot<model::PrefixList> = "prefixList";
template <class V, Is<model::PrefixList> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("name", value.name);
  visit("addressFamily", value.address_family);
  visit("maxEntries", value.max_entries);
  visit("version", value.version);
  visit("entries", value.entries);
  visit("modified", value.modified);
  visit("clientToken", value.client_token);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::NetworkInterface> = "networkInterface";
template <class V, Is<model::NetworkInterface> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("subnet", value.subnet);
  visit("vpc", value.vpc);
  visit("addresses", value.addresses);
  visit("groups", value.groups);
  visit("macAddress", value.mac_address);
  visit("description", value.description);
  visit("createdAt", value.created_at);
  visit("requestDigest", value.request_digest);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::ElasticIp> = "elasticIp";
template <class V, Is<model::ElasticIp> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("publicIp", value.public_ip);
  visit("networkInterface", value.network_interface);
  visit("privateIp", value.private_ip);
  visit("associationId", value.association_id);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::NatGateway> = "natGateway";
template <class V, Is<model::NatGateway> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("subnet", value.subnet);
  visit("vpc", value.vpc);
  visit("isPublic", value.is_public);
  visit("allocations", value.allocations);
  visit("privateIp", value.private_ip);
  visit("createdAt", value.created_at);
  visit("clientToken", value.client_token);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::VpcPeering> = "vpcPeering";
template <class V, Is<model::VpcPeering> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("requester", value.requester);
  visit("accepter", value.accepter);
  visit("active", value.active);
  visit("requesterDns", value.requester_dns);
  visit("accepterDns", value.accepter_dns);
  visit("createdAt", value.created_at);
  visit("tags", value.tags);
}

template <class V, Is<model::TransitGatewayRoute> T>
void fields(V& visit, T& value) {
  visit("destination", value.destination);
  visit("attachment", value.attachment);
}

template <>
inline constexpr const char* kRoot<model::TransitGateway> = "transitGateway";
template <class V, Is<model::TransitGateway> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("description", value.description);
  visit("amazonSideAsn", value.amazon_side_asn);
  visit("routeTableId", value.route_table_id);
  visit("routes", value.routes);
  visit("createdAt", value.created_at);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::TransitGatewayAttachment> = "transitGatewayAttachment";
template <class V, Is<model::TransitGatewayAttachment> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("transitGateway", value.transit_gateway);
  visit("vpc", value.vpc);
  visit("subnets", value.subnets);
  visit("ipv6Support", value.ipv6_support);
  visit("vpn", value.vpn);
  visit("createdAt", value.created_at);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::CustomerGateway> = "customerGateway";
template <class V, Is<model::CustomerGateway> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("address", value.address);
  visit("bgpAsn", value.bgp_asn);
  visit("deviceName", value.device_name);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::VpnGateway> = "vpnGateway";
template <class V, Is<model::VpnGateway> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("attached", value.attached);
  visit("amazonSideAsn", value.amazon_side_asn);
  visit("tags", value.tags);
}

template <>
inline constexpr const char* kRoot<model::VpnConnection> = "vpnConnection";
template <class V, Is<model::VpnConnection> T>
void fields(V& visit, T& value) {
  visit("id", value.id);
  visit("customerGateway", value.customer_gateway);
  visit("vpnGateway", value.vpn_gateway);
  visit("transitGateway", value.transit_gateway);
  visit("staticRoutesOnly", value.static_routes_only);
  visit("staticRoutes", value.static_routes);
  visit("tags", value.tags);
}

}  // namespace sallyport::store
