#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "model/snapshot.h"
#include "wire/dns_query.h"

// The world of this room's tests: a home VPC with one cluster, another VPC, listeners on both sides; all
// addresses in 127.0.0.0/8, so that a server can be bound to them.
namespace sallyport::dns::test {

inline const model::VpcId kHome{"vpc-0000000000000000a"};
inline const model::VpcId kOther{"vpc-0000000000000000b"};
inline const model::SubnetId kSubnet{"subnet-a"};
inline constexpr std::string_view kId = "0123456789ABCDEF0123456789ABCDEF";
inline constexpr std::string_view kHost = "0123456789ABCDEF0123456789ABCDEF.gr1.us-east-1.eks.sallyport.internal";
inline constexpr std::string_view kPublic4 = "203.0.113.10";
inline constexpr std::string_view kPublic6 = "2001:db8::10";
inline constexpr std::string_view kPrivate4 = "127.1.0.10";
inline constexpr std::string_view kHomeResolver = "127.1.0.2";
inline constexpr std::string_view kOtherResolver = "127.2.0.2";

inline base::IpAddress ip(std::string_view text) { return base::IpAddress::parse(text).value(); }

inline model::Vpc vpc(const model::VpcId& id, std::string_view block) {
  model::Vpc made;
  made.id = id;
  made.cidr_blocks = {model::Cidr::parse(block).value()};
  made.enable_dns_hostnames = true;
  made.domain_name_servers = {model::kAmazonProvidedDns};
  return made;
}

inline model::Listener listener(std::string_view address) {
  model::Listener made;
  made.bind = made.advertise = {ip(address), 443};
  return made;
}

inline void put(model::Snapshot& snapshot, model::Vpc vpc) {
  auto shared = std::make_shared<const model::Vpc>(std::move(vpc));
  snapshot.vpcs[shared->id] = shared;
}

inline model::Cluster cluster(bool public_access, bool private_access) {
  model::Cluster made;
  made.name = model::ClusterName("my-cluster");
  made.endpoint_id = model::EndpointId(std::string(kId));
  made.status = model::ClusterStatus::kActive;
  made.vpc_config.vpc = kHome;
  made.vpc_config.subnets = {kSubnet};
  made.access.public_access = public_access;
  made.access.private_access = private_access;
  return made;
}

inline model::Snapshot world(model::Cluster only) {
  model::Snapshot snapshot;
  snapshot.revision = model::Revision(7);
  snapshot.region = model::Region("us-east-1");
  snapshot.zone = "sallyport.internal";
  snapshot.listeners = {listener(kPublic4), listener(kPublic6), listener(kPrivate4)};
  snapshot.listeners[2].side = model::Listener::Side::kPrivate;
  snapshot.listeners[2].vpc = kHome;
  snapshot.listeners[2].subnet = kSubnet;
  put(snapshot, vpc(kHome, "127.1.0.0/16"));
  put(snapshot, vpc(kOther, "127.2.0.0/16"));
  snapshot.put_cluster(std::move(only));
  return snapshot;
}

inline wire::DnsQuery query_for(std::string_view name, wire::DnsType type = wire::DnsType::kA) {
  wire::DnsQuery query;
  query.id = 0x4242;
  query.recursion_desired = true;
  query.question = {wire::DnsName::parse(name).value(), type, wire::DnsClass::kIn};
  return query;
}

}  // namespace sallyport::dns::test
