#include "control/network.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/bytes.h"

namespace sallyport::control {

namespace {

using base::ErrorKind;
using base::fail;
using model::Cidr;

constexpr std::size_t kIdDigits = 17;
constexpr std::size_t kZoneDigits = 20;
constexpr unsigned kUsualSubnetPrefix = 20;
constexpr unsigned kSmallestVpcPrefix = 28;
constexpr std::uint16_t kHttps = 443;

std::string ten_digits(base::Entropy& entropy) {
  std::array<std::uint8_t, 8> raw{};
  entropy.fill(raw);
  std::uint64_t value = 0;
  for (const std::uint8_t byte : raw)
    value = value << 8 | byte;
  std::string digits = std::to_string(value % 10'000'000'000ULL);
  return std::string(10 - digits.size(), '0') + digits;
}

}  // namespace

std::string new_resource_id(const char* kind, base::Entropy& entropy) {
  return kind + base::random_hex(entropy, kIdDigits);
}

model::SecurityGroupRule everything_from(const model::SecurityGroupId& group, base::Entropy& entropy) {
  model::SecurityGroupRule rule;
  rule.id = model::SecurityGroupRuleId(new_resource_id("sgr-", entropy));
  rule.protocol = "-1";
  rule.from_port = rule.to_port = -1;
  rule.source_group = group;
  return rule;
}

model::SecurityGroupRule everything_leaves(base::Entropy& entropy) {
  model::SecurityGroupRule rule;
  rule.id = model::SecurityGroupRuleId(new_resource_id("sgr-", entropy));
  rule.protocol = "-1";
  rule.from_port = rule.to_port = -1;
  rule.source_cidr = *Cidr::parse("0.0.0.0/0");
  return rule;
}

model::DhcpOptions usual_dhcp_options(const model::Region& region, base::Entropy& entropy) {
  model::DhcpOptions options;
  options.id = model::DhcpOptionsId(new_resource_id("dopt-", entropy));
  options.configurations = usual_dhcp_configurations(region);
  return options;
}

std::map<std::string, std::vector<std::string>> usual_dhcp_configurations(const model::Region& region) {
  return {{"domain-name", {region.str() == "us-east-1" ? "ec2.internal" : region.str() + ".compute.internal"}},
          {"domain-name-servers", {model::kAmazonProvidedDns}}};
}

model::HostedZone new_hosted_zone(const model::VpcId& vpc, base::Time now, base::Entropy& entropy) {
  return {.id = model::HostedZoneId("Z" + base::ascii_upper(base::random_hex(entropy, kZoneDigits))),
          .vpc = vpc,
          .created_at = now};
}

base::Result<store::Transaction> default_vpc(const Cidr& block, const model::Region& region, base::Entropy& entropy) {
  const Cidr whole = block == Cidr{} ? *Cidr::parse("172.31.0.0/16") : block;
  if (whole.family() != base::Family::kV4 || whole.prefix() > kSmallestVpcPrefix) {
    return fail(ErrorKind::kInvalidParameter,
                "default_vpc_cidr '" + whole.to_string() + "' must be an IPv4 block of /28 or larger",
                "default_vpc_cidr");
  }
  model::Vpc vpc;
  vpc.id = model::VpcId(new_resource_id("vpc-", entropy));
  vpc.cidr_blocks = {whole};
  vpc.is_default = true;
  vpc.enable_dns_hostnames = true;
  const model::DhcpOptions options = usual_dhcp_options(region, entropy);
  vpc.dhcp_options = options.id;
  vpc.domain_name_servers = {model::kAmazonProvidedDns};

  store::Transaction transaction;
  transaction.puts.emplace_back(options);
  transaction.puts.emplace_back(vpc);
  const unsigned prefix = std::max(kUsualSubnetPrefix, whole.prefix() + 2);
  for (std::uint32_t i = 0; i < 3; ++i) {
    model::Subnet subnet;
    subnet.id = model::SubnetId(new_resource_id("subnet-", entropy));
    subnet.vpc = vpc.id;
    subnet.cidr_block = Cidr::of(base::IpAddress::v4(whole.network().v4_value() + (i << (32 - prefix))), prefix);
    subnet.availability_zone = region.str() + static_cast<char>('a' + i);
    subnet.is_default = true;
    subnet.map_public_ip_on_launch = true;
    transaction.puts.emplace_back(std::move(subnet));
  }
  model::SecurityGroup group;
  group.id = model::SecurityGroupId(new_resource_id("sg-", entropy));
  group.vpc = vpc.id;
  group.name = "default";
  group.description = "default VPC security group";
  group.ingress = {everything_from(group.id, entropy)};
  group.egress = {everything_leaves(entropy)};
  transaction.puts.emplace_back(std::move(group));
  transaction.settings.emplace_back(kDefaultVpcSetting, vpc.id.str());
  return transaction;
}

model::SecurityGroup cluster_security_group(const model::ClusterName& cluster, const model::Vpc& vpc,
                                            base::Entropy& entropy) {
  model::SecurityGroup group;
  group.id = model::SecurityGroupId(new_resource_id("sg-", entropy));
  group.vpc = vpc.id;
  group.name = "eks-cluster-sg-" + cluster.str() + "-" + ten_digits(entropy);
  group.description = "Made with the cluster " + cluster.str() + " and deleted with it";
  group.ingress.push_back(everything_from(group.id, entropy));
  group.egress.push_back(everything_leaves(entropy));
  group.tags["aws:eks:cluster-name"] = cluster.str();
  group.tags["kubernetes.io/cluster/" + cluster.str()] = "owned";
  for (const Cidr& block : vpc.cidr_blocks) {
    model::SecurityGroupRule rule;
    rule.id = model::SecurityGroupRuleId(new_resource_id("sgr-", entropy));
    rule.from_port = kHttps;
    rule.to_port = kHttps;
    rule.source_cidr = block;
    rule.description = "Addresses of the VPC itself; revoke to admit members of the group alone";
    group.ingress.push_back(std::move(rule));
  }
  return group;
}

}  // namespace sallyport::control
