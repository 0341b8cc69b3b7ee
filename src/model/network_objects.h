#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/ip_address.h"
#include "base/shared_map.h"
#include "base/time.h"
#include "model/cidr.h"
#include "model/ids.h"
#include "model/tags.h"

// Things of the EC2 model that VPCs and security groups take facts from: members, egress addresses, connected
// networks, name servers. Values. Names and meaning are those of the Amazon EC2 API Reference.
namespace sallyport::model {

struct DhcpOptions {
  DhcpOptionsId id;
  std::map<std::string, std::vector<std::string>> configurations;  // "domain-name-servers" and the like
  bool user_made = false;  // else made by Sallyport, to be shared by the VPCs that name no other
  Tags tags{};
  friend bool operator==(const DhcpOptions&, const DhcpOptions&) = default;
};

struct PrefixListEntry {
  Cidr block;
  std::string description;
  friend bool operator==(const PrefixListEntry&, const PrefixListEntry&) = default;
};

// A customer-managed prefix list. Holds blocks only, so lists cannot refer to each other.
struct PrefixList {
  PrefixListId id;
  std::string name;
  std::string address_family = "IPv4";  // or "IPv6"
  std::uint64_t max_entries = 0;
  std::uint64_t version = 1;             // of the entries
  std::vector<PrefixListEntry> entries;  // by block, each once
  bool modified = false;                 // in any way since it was made
  std::string client_token;
  Tags tags{};
  friend bool operator==(const PrefixList&, const PrefixList&) = default;
};

struct NetworkInterface {
  NetworkInterfaceId id;
  SubnetId subnet;
  VpcId vpc;                               // of the subnet
  std::vector<base::IpAddress> addresses;  // private IPv4, the primary first; then IPv6
  std::vector<SecurityGroupId> groups;
  std::string mac_address;  // "02:…"
  std::string description;
  base::Time created_at{};
  std::string request_digest{};  // what the request with a client token asked for; empty without one
  Tags tags{};
  friend bool operator==(const NetworkInterface&, const NetworkInterface&) = default;
};

// An Elastic IP address.
struct ElasticIp {
  AllocationId id;
  base::IpAddress public_ip;
  // Set while associated with an interface; a NAT gateway names its allocations itself.
  std::optional<NetworkInterfaceId> network_interface;
  std::optional<base::IpAddress> private_ip;
  std::string association_id;  // "eipassoc-…"; empty when there is none
  Tags tags{};
  friend bool operator==(const ElasticIp&, const ElasticIp&) = default;
};

struct NatGateway {
  NatGatewayId id;
  SubnetId subnet;
  VpcId vpc;
  bool is_public = true;
  std::vector<AllocationId> allocations;  // none for a private one
  base::IpAddress private_ip;
  base::Time created_at{};
  std::string client_token;
  Tags tags{};
  friend bool operator==(const NatGateway&, const NatGateway&) = default;
};

// A peering connection of two VPCs of this installation. Deleted and rejected ones are not kept.
struct VpcPeering {
  VpcPeeringId id;
  VpcId requester;
  VpcId accepter;
  bool active = false;  // accepted; until then pending-acceptance, and no traffic
  // AllowDnsResolutionFromRemoteVpc of each side: kept for the clients that read it, decides nothing here.
  bool requester_dns = false;
  bool accepter_dns = false;
  base::Time created_at{};
  Tags tags{};
  friend bool operator==(const VpcPeering&, const VpcPeering&) = default;
};

// A static route of a transit gateway's only route table.
struct TransitGatewayRoute {
  Cidr destination;
  std::optional<AttachmentId> attachment;  // nothing: a black hole
  friend bool operator==(const TransitGatewayRoute&, const TransitGatewayRoute&) = default;
};

// One route table each, to which every attachment is associated and propagates: EC2's defaults.
struct TransitGateway {
  TransitGatewayId id;
  std::string description;
  std::uint64_t amazon_side_asn = 64512;
  std::string route_table_id;  // "tgw-rtb-…"
  std::vector<TransitGatewayRoute> routes;
  base::Time created_at{};
  Tags tags{};
  friend bool operator==(const TransitGateway&, const TransitGateway&) = default;
};

// Of a VPC, or of a VPN connection: exactly one of the two is set.
struct TransitGatewayAttachment {
  AttachmentId id;
  TransitGatewayId transit_gateway;
  std::optional<VpcId> vpc;
  std::vector<SubnetId> subnets;  // of the VPC
  bool ipv6_support = false;      // else the VPC's IPv6 blocks do not propagate
  std::optional<VpnConnectionId> vpn;
  base::Time created_at{};
  Tags tags{};
  friend bool operator==(const TransitGatewayAttachment&, const TransitGatewayAttachment&) = default;
};

struct CustomerGateway {
  CustomerGatewayId id;
  base::IpAddress address;
  std::uint64_t bgp_asn = 65000;
  std::string device_name;
  Tags tags{};
  friend bool operator==(const CustomerGateway&, const CustomerGateway&) = default;
};

// A virtual private gateway.
struct VpnGateway {
  VpnGatewayId id;
  std::optional<VpcId> attached;
  std::uint64_t amazon_side_asn = 64512;
  Tags tags{};
  friend bool operator==(const VpnGateway&, const VpnGateway&) = default;
};

// Ends at a virtual private gateway or at a transit gateway: exactly one of the two is set. The tunnels are the
// operator's own; Sallyport knows what lies behind them by the static routes.
struct VpnConnection {
  VpnConnectionId id;
  CustomerGatewayId customer_gateway;
  std::optional<VpnGatewayId> vpn_gateway;
  std::optional<TransitGatewayId> transit_gateway;
  bool static_routes_only = false;  // else its routes come by BGP, which Sallyport does not speak
  std::vector<Cidr> static_routes;  // of a virtual private gateway's connection
  Tags tags{};
  friend bool operator==(const VpnConnection&, const VpnConnection&) = default;
};

template <class T>
using IdOf = decltype(T::id);

// Whether things of a kind are walked in the order of their ids.
template <class T>
inline constexpr bool kInOrder = false;

template <class T>
using Table = std::conditional_t<kInOrder<T>, std::map<IdOf<T>, std::shared_ptr<const T>>,
                                 base::SharedMap<IdOf<T>, std::shared_ptr<const T>>>;

// Kinds that are kept, loaded and looked up alike.
using NetworkObjects =
    std::tuple<Table<DhcpOptions>, Table<PrefixList>, Table<NetworkInterface>, Table<ElasticIp>, Table<NatGateway>,
               Table<VpcPeering>, Table<TransitGateway>, Table<TransitGatewayAttachment>, Table<CustomerGateway>,
               Table<VpnGateway>, Table<VpnConnection>>;

}  // namespace sallyport::model
