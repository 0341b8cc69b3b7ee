#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "model/cidr.h"
#include "model/ids.h"

// The EC2 model: only what access decisions and DNS answers depend on. Values; a snapshot shares them
// between threads as constants.
namespace sallyport::model {

inline constexpr const char* kAmazonProvidedDns = "AmazonProvidedDNS";

struct Vpc {
  VpcId id;
  std::vector<Cidr> cidr_blocks;  // the primary first
  bool is_default = false;
  bool enable_dns_support = true;
  bool enable_dns_hostnames = false;             // true for the default VPC, as on AWS
  std::vector<std::string> domain_name_servers;  // of its DHCP options; AmazonProvidedDNS or addresses
  std::set<base::IpAddress> egress_addresses;    // NAT gateways and Elastic IPs: how it looks from outside

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

  friend bool operator==(const Subnet&, const Subnet&) = default;
};

// One ingress rule: protocol, ports and one kind of source.
struct SecurityGroupRule {
  SecurityGroupRuleId id;
  std::string protocol = "tcp";  // "tcp", "udp", "icmp" or "-1" for all
  std::uint16_t from_port = 0;   // inclusive; ignored when protocol is "-1"
  std::uint16_t to_port = 0;
  std::optional<Cidr> source_cidr;
  std::optional<SecurityGroupId> source_group;  // members' addresses
  std::string description;

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
  std::set<base::IpAddress> members;  // addresses of network interfaces in the group

  friend bool operator==(const SecurityGroup&, const SecurityGroup&) = default;
};

}  // namespace sallyport::model
