#include "policy/admissions.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "model/test_generators.h"
#include "policy/decide.h"
#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using test::cidrs;
using test::kHome;
using test::kOther;

const std::vector<Arrival> kArrivals = {Arrival::at_public(), Arrival::at_private(kHome), Arrival::at_private(kOther)};

// One of five clusters, which are made, changed and erased again and again.
void change(model::Snapshot& snapshot, const std::vector<model::Cidr>& pool) {
  const int number = *rc::gen::inRange(0, 5);
  const model::ClusterName name("cluster-" + std::to_string(number));
  if (*rc::gen::inRange(0, 6) == 0) return snapshot.erase_cluster(name);
  model::Cluster cluster = test::cluster();
  cluster.name = name;
  cluster.endpoint_id = model::EndpointId(std::string(31, '0') + std::to_string(number));
  cluster.vpc_config.vpc = *rc::gen::element(kHome, kOther);
  cluster.status = *rc::gen::element(model::ClusterStatus::kActive, model::ClusterStatus::kActive,
                                     model::ClusterStatus::kUpdating, model::ClusterStatus::kDeleting);
  cluster.access.public_access = *rc::gen::inRange(0, 3) != 0;
  cluster.access.private_access = *rc::gen::arbitrary<bool>();
  std::vector<model::Cidr> blocks;
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i)
    blocks.push_back(pool[*rc::gen::inRange<std::size_t>(0, pool.size())]);
  cluster.access.public_access_cidrs = model::CidrSet(std::move(blocks));
  snapshot.put_cluster(std::move(cluster));
}

void change_networks(model::Snapshot& snapshot) {
  model::Vpc vpc = *snapshot.find_vpc(kHome);
  vpc.connected_blocks = *rc::gen::arbitrary<bool>() ? cidrs({"192.168.0.0/16"}) : cidrs({});
  test::put(snapshot.vpcs, vpc);
}

model::BlockUnion at(const Admissions& admissions, const model::Snapshot& snapshot, const Arrival& arrival) {
  return arrival.is_public() ? admissions.at_public() : admissions.at_private(snapshot, *arrival.private_vpc);
}

RC_GTEST_PROP(Admissions, FollowingChangesEqualsBeginningAnew, ()) {
  const auto pool = *rc::gen::container<std::vector<model::Cidr>>(12, model::any::cidr());
  model::Snapshot snapshot = test::world();
  Admissions followed;
  followed.follow(nullptr, snapshot);
  for (int step = *rc::gen::inRange(1, 10); step > 0; --step) {
    const model::Snapshot before = snapshot;
    for (int changes = *rc::gen::inRange(0, 4); changes > 0; --changes)
      change(snapshot, pool);
    if (*rc::gen::inRange(0, 4) == 0) change_networks(snapshot);
    followed.follow(&before, snapshot);

    Admissions anew;
    anew.follow(nullptr, snapshot);
    for (const Arrival& arrival : kArrivals) {
      const model::BlockUnion kept = at(followed, snapshot, arrival);
      const auto [opened, closed] = model::BlockUnion::difference(kept, at(anew, snapshot, arrival));
      RC_ASSERT(opened.empty());
      RC_ASSERT(closed.empty());
      const model::CidrSet defined = admitted_anywhere(snapshot, arrival);
      for (int i = 0; i < 5; ++i) {
        const base::IpAddress source = *model::any::address_near(pool);
        RC_ASSERT(kept.contains(source) == defined.contains(source));
      }
      RC_ASSERT(kept.contains(test::ip("10.0.1.5")) == defined.contains(test::ip("10.0.1.5")));
      RC_ASSERT(kept.contains(test::ip("192.168.1.1")) == defined.contains(test::ip("192.168.1.1")));
    }
  }
}

TEST(Admissions, ABlockOfTwoClustersStaysUntilBothGiveItUp) {
  model::Snapshot snapshot = test::world();
  const auto put = [&](const std::string& name, const std::vector<std::string>& blocks) {
    model::Cluster cluster = test::cluster();
    cluster.name = model::ClusterName(name);
    cluster.endpoint_id = model::EndpointId(std::string(31, '0') + name);
    cluster.access.public_access_cidrs = cidrs(blocks);
    snapshot.put_cluster(std::move(cluster));
  };
  put("1", {"192.0.2.0/24", "192.0.2.0/24"});
  put("2", {"192.0.2.0/24"});
  Admissions admissions;
  admissions.follow(nullptr, snapshot);
  model::Snapshot before = snapshot;
  put("1", {"198.51.100.0/24"});
  admissions.follow(&before, snapshot);
  EXPECT_TRUE(admissions.at_public().contains(test::ip("192.0.2.7")));
  before = snapshot;
  snapshot.erase_cluster(model::ClusterName("2"));
  admissions.follow(&before, snapshot);
  EXPECT_FALSE(admissions.at_public().contains(test::ip("192.0.2.7")));
  EXPECT_TRUE(admissions.at_public().contains(test::ip("198.51.100.7")));
}

}  // namespace
}  // namespace sallyport::policy
