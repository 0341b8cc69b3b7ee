#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/snapshot.h"

// A small world for the tests of this room: two VPCs, a group with members, listeners on both sides.
namespace sallyport::policy::test {

inline base::IpAddress ip(std::string_view text) { return base::IpAddress::parse(text).value(); }
inline model::Cidr cidr(std::string_view text) { return model::Cidr::parse(text).value(); }
inline base::SocketAddress at(std::string_view text) { return base::SocketAddress::parse(text).value(); }

inline model::CidrSet cidrs(const std::vector<std::string>& texts) {
  std::vector<model::Cidr> blocks;
  for (const std::string& text : texts)
    blocks.push_back(cidr(text));
  return model::CidrSet(std::move(blocks));
}

inline const model::VpcId kHome{"vpc-0000000000000000a"};
inline const model::VpcId kOther{"vpc-0000000000000000b"};
inline const model::SubnetId kSubnetA{"subnet-a"};
inline const model::SubnetId kSubnetB{"subnet-b"};
inline const model::SecurityGroupId kOwnGroup{"sg-own"};
inline const model::SecurityGroupId kExtraGroup{"sg-extra"};
inline const model::SecurityGroupId kPeers{"sg-peers"};
inline const model::ClusterName kName{"my-cluster"};
inline constexpr std::string_view kHost = "0123456789ABCDEF0123456789ABCDEF.gr1.us-east-1.eks.sallyport.internal";

inline model::SecurityGroupRule rule_from(std::string id, model::Cidr source) {
  model::SecurityGroupRule rule;
  rule.id = model::SecurityGroupRuleId(std::move(id));
  rule.from_port = rule.to_port = 443;
  rule.source_cidr = source;
  return rule;
}

inline model::SecurityGroupRule rule_from(std::string id, model::SecurityGroupId source) {
  model::SecurityGroupRule rule;
  rule.id = model::SecurityGroupRuleId(std::move(id));
  rule.protocol = "-1";
  rule.source_group = std::move(source);
  return rule;
}

inline model::Listener listener(model::Listener::Side side, std::string_view address) {
  model::Listener made;
  made.side = side;
  made.bind = made.advertise = at(address);
  return made;
}

inline model::Listener private_listener(std::string_view address, const model::VpcId& vpc,
                                        const model::SubnetId& subnet) {
  model::Listener made = listener(model::Listener::Side::kPrivate, address);
  made.vpc = vpc;
  made.subnet = subnet;
  return made;
}

template <class Entity>
void put(model::Table<Entity>& map, Entity entity) {
  auto shared = std::make_shared<const Entity>(std::move(entity));
  map[shared->id] = shared;
}

inline model::Vpc vpc(const model::VpcId& id, std::string_view block, std::string_view egress) {
  model::Vpc made;
  made.id = id;
  made.cidr_blocks = {cidr(block)};
  made.enable_dns_hostnames = true;
  made.domain_name_servers = {model::kAmazonProvidedDns};
  made.egress_addresses = {ip(egress)};
  return made;
}

inline model::Cluster cluster() {
  model::Cluster made;
  made.name = kName;
  made.endpoint_id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
  made.status = model::ClusterStatus::kActive;
  made.vpc_config.vpc = kHome;
  made.vpc_config.subnets = {kSubnetA};
  made.vpc_config.cluster_security_group = kOwnGroup;
  made.vpc_config.security_groups = {kExtraGroup};
  made.access.public_access_cidrs = cidrs({"203.0.113.0/24", "2001:db8:1::/48"});
  return made;
}

// Home is 10.0.0.0/16, seen from outside as 198.51.100.1; Other is 10.9.0.0/16, as 198.51.100.2. The
// cluster's own group admits 10.0.1.0/24 and the members of sg-peers.
inline model::Snapshot world() {
  model::Snapshot made;
  made.revision = model::Revision(7);
  made.region = model::Region("us-east-1");
  made.zone = "sallyport.internal";
  made.listeners = {listener(model::Listener::Side::kPublic, "203.0.113.10:443"),
                    listener(model::Listener::Side::kPublic, "[2001:db8::10]:443"),
                    private_listener("10.0.1.10:443", kHome, kSubnetA),
                    private_listener("10.0.2.10:443", kHome, kSubnetB),
                    private_listener("10.9.0.10:443", kOther, model::SubnetId("subnet-other"))};
  put(made.vpcs, vpc(kHome, "10.0.0.0/16", "198.51.100.1"));
  put(made.vpcs, vpc(kOther, "10.9.0.0/16", "198.51.100.2"));

  model::SecurityGroup own;
  own.id = kOwnGroup;
  own.vpc = kHome;
  own.ingress = {rule_from("sgr-subnet", cidr("10.0.1.0/24")), rule_from("sgr-peers", kPeers)};
  put(made.security_groups, own);
  model::SecurityGroup peers;
  peers.id = kPeers;
  peers.vpc = kHome;
  peers.members = {ip("10.0.3.7")};
  put(made.security_groups, peers);
  model::SecurityGroup extra;
  extra.id = kExtraGroup;
  extra.vpc = kHome;
  put(made.security_groups, extra);

  made.put_cluster(cluster());
  return made;
}

}  // namespace sallyport::policy::test
