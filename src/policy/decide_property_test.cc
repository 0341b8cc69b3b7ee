#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "policy/decide.h"
#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using base::IpAddress;
using model::Cidr;

// Few networks and few hosts, so that blocks and sources meet often.
IpAddress any_source() {
  const int host = *rc::gen::inRange(0, 16);
  switch (*rc::gen::inRange(0, 6)) {
    case 0: return test::ip("10.0.1." + std::to_string(host));
    case 1: return test::ip("10.0.2." + std::to_string(host));
    case 2: return test::ip("10.9.0." + std::to_string(host));
    case 3: return test::ip("203.0.113." + std::to_string(host));
    default: return test::ip("2001:db8::" + std::to_string(host));
  }
}

Cidr any_block() {
  const IpAddress within = any_source();
  // Whole families, short prefixes and nearly whole addresses are where mistakes live.
  const unsigned width = within.is_v4() ? 32 : 128;
  switch (*rc::gen::inRange(0, 4)) {
    case 0: return Cidr::of(within, 0);
    case 1: return Cidr::of(within, *rc::gen::inRange(0U, width + 1));
    default: return Cidr::of(within, width - *rc::gen::inRange(0U, 5U));
  }
}

std::vector<Cidr> any_blocks(int most) {
  std::vector<Cidr> blocks;
  const int count = *rc::gen::inRange(0, most + 1);
  for (int i = 0; i < count; ++i)
    blocks.push_back(any_block());
  return blocks;
}

model::SecurityGroup any_group(const model::SecurityGroupId& id) {
  model::SecurityGroup group;
  group.id = id;
  group.vpc = *rc::gen::element(test::kHome, test::kHome, test::kOther);
  const int members = *rc::gen::inRange(0, 4);
  for (int i = 0; i < members; ++i)
    group.members.insert(any_source());
  const int rules = *rc::gen::inRange(0, 3);
  for (int i = 0; i < rules; ++i) {
    const auto referenced = *rc::gen::element(test::kOwnGroup, test::kExtraGroup, test::kPeers);
    auto rule = *rc::gen::arbitrary<bool>() ? test::rule_from("sgr-" + std::to_string(i), any_block())
                                            : test::rule_from("sgr-" + std::to_string(i), referenced);
    rule.protocol = *rc::gen::element<std::string>("tcp", "tcp", "udp", "-1");
    rule.from_port = *rc::gen::element<std::uint16_t>(0, 443, 444);
    rule.to_port = *rc::gen::element<std::uint16_t>(442, 443, 65535);
    group.ingress.push_back(rule);
  }
  return group;
}

model::Cluster any_cluster(int number) {
  model::Cluster cluster = test::cluster();
  cluster.name = model::ClusterName("c" + std::to_string(number));
  cluster.endpoint_id = model::EndpointId("E" + std::to_string(number));
  cluster.status = *rc::gen::element(model::ClusterStatus::kActive, model::ClusterStatus::kActive,
                                     model::ClusterStatus::kUpdating, model::ClusterStatus::kCreating,
                                     model::ClusterStatus::kDeleting, model::ClusterStatus::kFailed);
  cluster.vpc_config.vpc = *rc::gen::element(test::kHome, test::kHome, test::kOther, model::VpcId("vpc-none"));
  cluster.access.public_access = *rc::gen::arbitrary<bool>();
  cluster.access.private_access = *rc::gen::arbitrary<bool>();
  std::vector<Cidr> blocks = any_blocks(6);
  // Both families at once, as the default is.
  if (*rc::gen::inRange(0, 3) == 0) blocks.push_back(test::cidr("::/0"));
  cluster.access.public_access_cidrs = model::CidrSet(std::move(blocks));
  return cluster;
}

model::Snapshot any_snapshot() {
  model::Snapshot snapshot = test::world();
  snapshot.erase_cluster(test::kName);
  for (const auto& id : {test::kOwnGroup, test::kExtraGroup, test::kPeers}) {
    test::put(snapshot.security_groups, any_group(id));
  }
  if (*rc::gen::inRange(0, 3) == 0) {
    model::Vpc home = *snapshot.find_vpc(test::kHome);
    home.cidr_blocks.push_back(test::cidr("2001:db8::/64"));
    test::put(snapshot.vpcs, home);
  }
  if (*rc::gen::arbitrary<bool>()) {
    model::Vpc home = *snapshot.find_vpc(test::kHome);
    home.peered_vpcs = {test::kOther};
    test::put(snapshot.vpcs, home);
  }
  const int clusters = *rc::gen::inRange(1, 4);
  for (int i = 0; i < clusters; ++i)
    snapshot.put_cluster(any_cluster(i));
  return snapshot;
}

Arrival any_arrival() {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
    case 1: return Arrival::at_public();
    case 2: return Arrival::at_private(test::kHome);
    default: return Arrival::at_private(test::kOther);
  }
}

// The table again, bit by bit and without the types' own look-ups.
bool naive_in(const Cidr& block, const IpAddress& source) {
  if (block.network().is_v4() != source.is_v4()) return false;
  const unsigned first = source.is_v4() ? 96 : 0;
  for (unsigned bit = first; bit < first + block.prefix(); ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((block.network().octets()[bit / 8] & mask) != (source.octets()[bit / 8] & mask)) return false;
  }
  return true;
}

bool naive_in_any(const std::vector<Cidr>& blocks, const IpAddress& source) {
  for (const Cidr& block : blocks) {
    if (naive_in(block, source)) return true;
  }
  return false;
}

bool naive_member(const model::Snapshot& snapshot, const model::VpcId& home, const model::SecurityGroupId& id,
                  const IpAddress& source) {
  const model::SecurityGroup& group = *snapshot.security_groups.at(id);
  if (group.members.count(source) == 0) return false;
  if (group.vpc == home) return true;
  const auto vpc = snapshot.vpcs.find(home);
  return vpc != snapshot.vpcs.end() && vpc->second->peered_vpcs.count(group.vpc) > 0;
}

bool naive_groups_admit(const model::Snapshot& snapshot, const model::Cluster& cluster, const IpAddress& source) {
  std::vector<model::SecurityGroupId> ids = cluster.vpc_config.security_groups;
  ids.push_back(cluster.vpc_config.cluster_security_group);
  for (const auto& id : ids) {
    for (const auto& rule : snapshot.security_groups.at(id)->ingress) {
      const bool port =
          rule.protocol == "-1" || (rule.protocol == "tcp" && rule.from_port <= 443 && rule.to_port >= 443);
      if (!port) continue;
      if (rule.source_cidr && naive_in(*rule.source_cidr, source)) return true;
      if (rule.source_group && naive_member(snapshot, cluster.vpc_config.vpc, *rule.source_group, source)) return true;
    }
  }
  return false;
}

bool naive_allows(const model::Snapshot& snapshot, const model::Cluster& cluster, const Arrival& arrival,
                  const IpAddress& source) {
  if (cluster.status == model::ClusterStatus::kDeleting || cluster.status == model::ClusterStatus::kFailed)
    return false;
  if (!arrival.private_vpc) {
    return cluster.access.public_access && naive_in_any(cluster.access.public_access_cidrs.entries(), source);
  }
  return cluster.access.private_access && *arrival.private_vpc == cluster.vpc_config.vpc &&
         naive_in_any(snapshot.vpcs.at(*arrival.private_vpc)->cidr_blocks, source) &&
         naive_groups_admit(snapshot, cluster, source);
}

const std::vector<Arrival> kArrivals = {Arrival::at_public(), Arrival::at_private(test::kHome),
                                        Arrival::at_private(test::kOther)};
constexpr int kSourcesEach = 12;  // for each random snapshot, since making one is the dear part

RC_GTEST_PROP(DecideProperty, EqualsTheTableRestated, ()) {
  const model::Snapshot snapshot = any_snapshot();
  for (int i = 0; i < kSourcesEach; ++i) {
    const IpAddress source = any_source();
    for (const Arrival& arrival : kArrivals) {
      for (const auto& [name, cluster] : snapshot.clusters) {
        const bool allow = decide(snapshot, *cluster, arrival, source).allow;
        RC_ASSERT(allow == naive_allows(snapshot, *cluster, arrival, source));
      }
    }
  }
}

RC_GTEST_PROP(DecideProperty, WhatIsAllowedIsAdmittedSomewhere, ()) {
  const model::Snapshot snapshot = any_snapshot();
  for (const Arrival& arrival : kArrivals) {
    const model::CidrSet admitted = admitted_anywhere(snapshot, arrival);
    for (int i = 0; i < kSourcesEach; ++i) {
      const IpAddress source = any_source();
      for (const auto& [name, cluster] : snapshot.clusters) {
        if (naive_allows(snapshot, *cluster, arrival, source)) RC_ASSERT(admitted.contains(source));
      }
    }
  }
}

RC_GTEST_PROP(DecideProperty, PublicAdmissionIsExactlyTheUnion, ()) {
  const model::Snapshot snapshot = any_snapshot();
  const IpAddress source = any_source();
  bool anyone = false;
  for (const auto& [name, cluster] : snapshot.clusters) {
    anyone = anyone || decide(snapshot, *cluster, Arrival::at_public(), source).allow;
  }
  RC_ASSERT(admitted_anywhere(snapshot, Arrival::at_public()).contains(source) == anyone);
}

RC_GTEST_PROP(DecideProperty, PublicAccessCidrsNeverMatterForPrivateArrivals, ()) {
  const model::Snapshot snapshot = any_snapshot();
  const IpAddress source = any_source();
  const Arrival arrival = Arrival::at_private(*rc::gen::element(test::kHome, test::kOther));
  model::Cluster cluster = *snapshot.clusters.begin()->second;
  const Decision before = decide(snapshot, cluster, arrival, source);
  cluster.access.public_access_cidrs = model::CidrSet(any_blocks(6));
  cluster.access.public_access = !cluster.access.public_access;
  RC_ASSERT(decide(snapshot, cluster, arrival, source).reason == before.reason);
}

RC_GTEST_PROP(DecideProperty, SecurityGroupsNeverMatterForPublicArrivals, ()) {
  model::Snapshot snapshot = any_snapshot();
  const IpAddress source = any_source();
  model::Cluster cluster = *snapshot.clusters.begin()->second;
  const Decision before = decide(snapshot, cluster, Arrival::at_public(), source);
  test::put(snapshot.security_groups, any_group(test::kOwnGroup));
  cluster.vpc_config.security_groups.clear();
  cluster.access.private_access = !cluster.access.private_access;
  RC_ASSERT(decide(snapshot, cluster, Arrival::at_public(), source).reason == before.reason);
}

RC_GTEST_PROP(DecideProperty, AnIpv4MappedSourceIsTheIpv4Source, ()) {
  const model::Snapshot snapshot = any_snapshot();
  const Arrival arrival = any_arrival();
  const IpAddress source = any_source();
  RC_PRE(source.is_v4());
  const auto mapped = IpAddress::parse("::ffff:" + source.to_string());
  RC_ASSERT(mapped.has_value());
  for (const auto& [name, cluster] : snapshot.clusters) {
    RC_ASSERT(decide(snapshot, *cluster, arrival, *mapped).reason ==
              decide(snapshot, *cluster, arrival, source).reason);
  }
}

RC_GTEST_PROP(DecideProperty, WholeFamiliesAdmitTheirOwnFamilyAlone, ()) {
  const model::Snapshot snapshot = test::world();
  model::Cluster cluster = test::cluster();
  const IpAddress source = any_source();
  cluster.access.public_access_cidrs = test::cidrs({"::/0"});
  RC_ASSERT(decide(snapshot, cluster, Arrival::at_public(), source).allow == !source.is_v4());
  cluster.access.public_access_cidrs = test::cidrs({"0.0.0.0/0"});
  RC_ASSERT(decide(snapshot, cluster, Arrival::at_public(), source).allow == source.is_v4());
}

RC_GTEST_PROP(DecideProperty, NamingTheRuleChangesNothingElse, ()) {
  const model::Snapshot snapshot = any_snapshot();
  const Arrival arrival = any_arrival();
  const IpAddress source = any_source();
  for (const auto& [name, cluster] : snapshot.clusters) {
    const Decision plain = decide(snapshot, *cluster, arrival, source);
    const Decision named = decide_with_rule(snapshot, *cluster, arrival, source);
    RC_ASSERT(named.allow == plain.allow);
    RC_ASSERT(named.reason == plain.reason);
    if (plain.reason != Reason::kClusterNotServing) RC_ASSERT(path_of(snapshot, arrival, source) == named.path);
    RC_ASSERT(named.allow == !named.matched_rule.empty());
  }
}

}  // namespace
}  // namespace sallyport::policy
