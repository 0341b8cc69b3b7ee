#include "gateway/view.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "model/test_generators.h"

namespace sallyport::gateway {
namespace {

using model::Cidr;
using model::Listener;

const std::vector<model::VpcId> kVpcs = {model::VpcId("vpc-a"), model::VpcId("vpc-b")};

base::SocketAddress door(std::uint16_t port) { return {base::IpAddress::v4(0x7f000001), port}; }

std::vector<Listener> doors() {
  std::vector<Listener> made(3);
  for (std::uint16_t i = 0; i < 3; ++i)
    made[i].bind = made[i].advertise = door(i);
  made[1].side = made[2].side = Listener::Side::kPrivate;
  return made;
}

Cidr from(const std::vector<Cidr>& pool) { return pool[*rc::gen::inRange<std::size_t>(0, pool.size())]; }

std::vector<Cidr> some(const std::vector<Cidr>& pool, int most) {
  std::vector<Cidr> blocks;
  for (int i = *rc::gen::inRange(0, most); i > 0; --i)
    blocks.push_back(from(pool));
  return blocks;
}

void change_cluster(model::Snapshot& snapshot, const std::vector<Cidr>& pool) {
  const std::string number = std::to_string(*rc::gen::inRange(0, 4));
  if (*rc::gen::inRange(0, 5) == 0) return snapshot.erase_cluster(model::ClusterName(number));
  model::Cluster cluster;
  cluster.name = model::ClusterName(number);
  cluster.endpoint_id = model::EndpointId(number);
  cluster.status = *rc::gen::element(model::ClusterStatus::kActive, model::ClusterStatus::kDeleting);
  cluster.access.public_access = *rc::gen::arbitrary<bool>();
  cluster.access.private_access = *rc::gen::arbitrary<bool>();
  cluster.access.public_access_cidrs = model::CidrSet(some(pool, 8));
  cluster.vpc_config.vpc = *rc::gen::elementOf(kVpcs);
  snapshot.put_cluster(std::move(cluster));
}

void change_vpc(model::Snapshot& snapshot, const std::vector<Cidr>& pool) {
  const model::VpcId id = *rc::gen::elementOf(kVpcs);
  if (*rc::gen::inRange(0, 4) == 0) {
    snapshot.vpcs.erase(id);
    return;
  }
  auto vpc = std::make_shared<model::Vpc>();
  vpc->id = id;
  vpc->cidr_blocks = some(pool, 3);
  vpc->connected_blocks = model::CidrSet(some(pool, 3));
  snapshot.vpcs[id] = std::move(vpc);
}

void place_doors(model::Snapshot& snapshot) {
  for (Listener& listener : snapshot.listeners) {
    if (listener.side == Listener::Side::kPublic) continue;
    listener.vpc = *rc::gen::arbitrary<bool>() ? std::optional(*rc::gen::elementOf(kVpcs)) : std::nullopt;
  }
}

RC_GTEST_PROP(CompiledView, FollowingEqualsBeginningAnew, ()) {
  const auto pool = *rc::gen::container<std::vector<Cidr>>(12, model::any::cidr());
  model::Snapshot snapshot;
  snapshot.listeners = doors();
  std::shared_ptr<const View> view;
  for (int step = *rc::gen::inRange(1, 12); step > 0; --step) {
    for (int changes = *rc::gen::inRange(0, 4); changes > 0; --changes)
      change_cluster(snapshot, pool);
    if (*rc::gen::inRange(0, 3) == 0) change_vpc(snapshot, pool);
    if (*rc::gen::inRange(0, 4) == 0) place_doors(snapshot);
    const auto shared = std::make_shared<const model::Snapshot>(snapshot);
    view = compile(shared, doors(), view.get());

    const auto anew = compile(shared, doors());
    RC_ASSERT(view->listeners.size() == anew->listeners.size());
    for (std::size_t i = 0; i < anew->listeners.size(); ++i) {
      const auto& [arrival, admitted] = view->listeners[i];
      RC_ASSERT(arrival.has_value() == anew->listeners[i].arrival.has_value());
      const auto difference = model::BlockUnion::difference(admitted, anew->listeners[i].admitted);
      RC_ASSERT(difference.opened.empty() && difference.closed.empty());
      if (!arrival) continue;
      RC_ASSERT(arrival->private_vpc == anew->listeners[i].arrival->private_vpc);
      const model::CidrSet defined = policy::admitted_anywhere(snapshot, *arrival);
      for (int sources = 0; sources < 4; ++sources) {
        const base::IpAddress source = *model::any::address_near(pool);
        RC_ASSERT(admitted.contains(source) == defined.contains(source));
        for (const auto& [name, cluster] : snapshot.clusters) {
          if (policy::decide(snapshot, *cluster, *arrival, source).allow) RC_ASSERT(admitted.contains(source));
        }
      }
    }
  }
}

TEST(CompiledView, AChangeOfAClusterSharesTheRest) {
  model::Snapshot snapshot;
  snapshot.listeners = doors();
  model::Cluster cluster;
  cluster.name = model::ClusterName("prod");
  cluster.endpoint_id = model::EndpointId("1");
  snapshot.put_cluster(cluster);
  model::Snapshot next = snapshot;
  EXPECT_TRUE(same_networks(snapshot, next));
  cluster.access.public_access = false;
  next.put_cluster(cluster);
  EXPECT_TRUE(same_networks(snapshot, next));
  next.vpcs[kVpcs[0]] = std::make_shared<model::Vpc>();
  EXPECT_FALSE(same_networks(snapshot, next));
}

}  // namespace
}  // namespace sallyport::gateway
