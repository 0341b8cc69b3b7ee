#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "model/snapshot.h"

// The world that enforce_bench changes: many clusters, some of them with long allowlists.
namespace sallyport::bench {

inline constexpr std::uint32_t kMostBigClusters = 1'000;

struct Size {
  std::uint32_t clusters = 1;
  std::uint32_t blocks = 1;  // of each of the first kMostBigClusters; the others have one
  std::uint32_t big() const { return std::min(clusters, kMostBigClusters); }
  std::uint64_t all_blocks() const { return std::uint64_t{big()} * blocks + (clusters - big()); }
};

// No two numbers give the same block; a quarter are IPv6.
inline model::Cidr block(std::uint32_t number) {
  if (number % 4 != 0) return model::Cidr::of(base::IpAddress::v4(0x10000000U + number * 16), 32);
  base::IpAddress::Octets octets{0x20, 0x01, 0x0d, 0xb8};
  for (unsigned i = 0; i < 4; ++i)
    octets[4 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  return model::Cidr::of(base::IpAddress::v6(octets), 64);
}

inline std::string hex(std::uint32_t number, int width) {
  std::string text(static_cast<std::size_t>(width), '0');
  for (auto digit = text.rbegin(); number != 0 && digit != text.rend(); ++digit, number >>= 4)
    *digit = "0123456789ABCDEF"[number & 15];
  return text;
}

inline const model::VpcId& home() {
  static const model::VpcId id("vpc-0000000000000bench");
  return id;
}
inline const model::PoolName& pool_name() {
  static const model::PoolName name("bench");
  return name;
}

inline model::SecurityGroup group_of(std::uint32_t number) {
  model::SecurityGroup group;
  group.id = model::SecurityGroupId("sg-" + hex(number, 17));
  group.vpc = home();
  group.name = "eks-cluster-sg-" + hex(number, 8);
  group.ingress.emplace_back();
  group.ingress.back().from_port = group.ingress.back().to_port = 443;
  group.ingress.back().source_cidr = model::Cidr::of(base::IpAddress::v4(0x0a000000U), 8);
  return group;
}

inline model::Cluster cluster_of(std::uint32_t number, std::vector<model::Cidr> blocks) {
  model::Cluster cluster;
  cluster.name = model::ClusterName("cluster-" + hex(number, 8));
  cluster.endpoint_id = model::EndpointId(hex(number, 32));
  cluster.arn = model::Arn("arn:aws:eks:us-east-1:000000000000:cluster/" + cluster.name.str());
  cluster.status = model::ClusterStatus::kActive;
  cluster.version = model::kDefaultKubernetesVersion;
  cluster.vpc_config.vpc = home();
  cluster.vpc_config.cluster_security_group = group_of(number).id;
  cluster.access.private_access = number % 2 == 0;
  cluster.access.public_access_cidrs = model::CidrSet(std::move(blocks));
  cluster.pool = pool_name();
  return cluster;
}

// The allowlists of a world, and the next change of one of them.
class Allowlists {
 public:
  explicit Allowlists(Size size) : size_(size), fresh_(static_cast<std::uint32_t>(size.all_blocks())) {}

  model::Cluster cluster(std::uint32_t number) const {
    const std::uint32_t big = size_.big();
    const std::uint32_t count = number < big ? size_.blocks : 1;
    const std::uint32_t first = number < big ? number * size_.blocks : big * size_.blocks + (number - big);
    std::vector<model::Cidr> blocks;
    for (std::uint32_t i = 0; i < count; ++i)
      blocks.push_back(block(first + i));
    return cluster_of(number, std::move(blocks));
  }
  // Some cluster with a long list, one block of it put in the place of another.
  model::Cluster changed() {
    random_ = random_ * 1664525U + 1013904223U;
    model::Cluster next = cluster((random_ >> 8) % size_.big());
    std::vector<model::Cidr> blocks = next.access.public_access_cidrs.entries();
    blocks[(random_ >> 4) % blocks.size()] = block(fresh_++);
    next.access.public_access_cidrs = model::CidrSet(std::move(blocks));
    return next;
  }

 private:
  const Size size_;
  std::uint32_t fresh_;
  std::uint32_t random_ = 1;
};

inline model::Vpc home_vpc() {
  model::Vpc vpc;
  vpc.id = home();
  vpc.cidr_blocks = {model::Cidr::of(base::IpAddress::v4(0x0a000000U), 16)};
  vpc.enable_dns_hostnames = true;
  vpc.domain_name_servers = {model::kAmazonProvidedDns};
  return vpc;
}

// A port nobody uses now, for TCP, where ports are scarce, and for UDP with it.
inline std::uint16_t unused_port() {
  const base::Descriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(name);
  (void)::bind(probe.get(), reinterpret_cast<const sockaddr*>(&name), length);
  (void)::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&name), &length);
  return ntohs(name.sin_port);
}

// A public and a private door.
inline std::vector<model::Listener> doors() {
  std::vector<model::Listener> made(2);
  for (std::uint32_t i = 0; i < 2; ++i) {
    made[i].bind = made[i].advertise = {base::IpAddress::v4(0x7f000001U + i), unused_port()};
  }
  made[1].side = model::Listener::Side::kPrivate;
  made[1].vpc = home();
  return made;
}

inline model::Pool pool() { return {pool_name(), {{base::IpAddress::v4(0x7f000001U), unused_port()}}, "", false}; }

inline model::Snapshot world(const Allowlists& lists, Size size) {
  model::Snapshot made;
  made.revision = model::Revision(1);
  made.region = model::Region("us-east-1");
  made.zone = "sallyport.internal";
  made.listeners = doors();
  made.vpcs[home()] = std::make_shared<const model::Vpc>(home_vpc());
  made.pools[pool_name()] = std::make_shared<const model::Pool>(pool());
  for (std::uint32_t i = 0; i < size.clusters; ++i) {
    auto group = std::make_shared<const model::SecurityGroup>(group_of(i));
    made.security_groups[group->id] = group;
    made.put_cluster(lists.cluster(i));
  }
  return made;
}

}  // namespace sallyport::bench
