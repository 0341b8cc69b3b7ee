#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "model/cidr.h"
#include "model/cidr_set.h"
#include "model/ids.h"
#include "model/tags.h"

// The EC2 model: only what access decisions and DNS answers depend on. Values; a snapshot shares them
// between threads as constants.
namespace sallyport::model {

inline constexpr const char* kAmazonProvidedDns = "AmazonProvidedDNS";
inline constexpr const char* kNoDhcpOptions = "default";  // as EC2 calls the empty set

struct Vpc {
  VpcId id;
  std::vector<Cidr> cidr_blocks;  // the primary first
  bool is_default = false;
  bool enable_dns_support = true;
  bool enable_dns_hostnames = false;  // true for the default VPC, as on AWS
  DhcpOptionsId dhcp_options;         // kNoDhcpOptions for the set that names no server
  Tags tags{};

  // Follow from other things of the network; whoever changes those sets these in the same transaction
  // (policy/derive.h).
  std::vector<std::string> domain_name_servers;  // of its DHCP options; AmazonProvidedDNS or addresses
  std::set<base::IpAddress> egress_addresses;    // NAT gateways and Elastic IPs: how it looks from outside
  CidrSet connected_blocks;                      // of networks that peering, transit gateways and VPNs join to it
  std::set<VpcId> peered_vpcs;                   // whose groups its groups' rules may name

  bool contains(const base::IpAddress& address) const {
    for (const Cidr& block : cidr_blocks) {
      if (block.contains(address)) return true;
    }
    return false;
  }

  friend bool operator==(const Vpc&, const Vpc&) = default;
};

struct Subnet {
  SubnetId id;
  VpcId vpc;
  Cidr cidr_block;
  std::string availability_zone;  // "us-east-1a"
  bool is_default = false;        // the zone's default subnet, of the default VPC
  bool map_public_ip_on_launch = false;
  Tags tags{};

  friend bool operator==(const Subnet&, const Subnet&) = default;
};

// One rule: protocol, ports and one kind of peer. Only ingress rules decide anything here; egress rules are
// kept for the clients that read them.
struct SecurityGroupRule {
  SecurityGroupRuleId id;
  std::string protocol = "tcp";  // "tcp", "udp", "icmp", "icmpv6", another protocol's number, or "-1" for all
  std::int32_t from_port = 0;    // inclusive; an ICMP type for "icmp"; -1 where there is none
  std::int32_t to_port = 0;      // an ICMP code for "icmp"
  std::optional<Cidr> source_cidr;
  std::optional<SecurityGroupId> source_group;  // members' addresses
  std::optional<PrefixListId> source_prefix_list;
  std::string description;
  Tags tags{};

  bool admits_tcp(std::uint16_t port) const {
    return protocol == "-1" || (protocol == "tcp" && from_port <= port && port <= to_port);
  }

  friend bool operator==(const SecurityGroupRule&, const SecurityGroupRule&) = default;
};

struct SecurityGroup {
  SecurityGroupId id;
  VpcId vpc;
  std::string name;
  std::string description;
  std::vector<SecurityGroupRule> ingress;
  std::vector<SecurityGroupRule> egress;
  Tags tags{};

  std::set<base::IpAddress> members;  // addresses of network interfaces in the group; follows from them

  friend bool operator==(const SecurityGroup&, const SecurityGroup&) = default;
};

}  // namespace sallyport::model
