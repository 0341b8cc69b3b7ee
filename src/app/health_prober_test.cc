#include "app/health_prober.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace sallyport::app {
namespace {

using namespace std::chrono_literals;
using model::ClusterName;
using model::ClusterStatus;

model::Cluster cluster(const std::string& name, ClusterStatus status, const std::string& endpoint = {}) {
  model::Cluster made;
  made.name = ClusterName(name);
  made.endpoint_id = model::EndpointId(endpoint.empty() ? name : endpoint);
  made.status = status;
  return made;
}

const ProbeSchedule::Instant kStart{};

TEST(ProbeSchedule, LooksAtServingClustersOnceAPeriod) {
  model::Snapshot snapshot;
  snapshot.put_cluster(cluster("a", ClusterStatus::kActive));
  snapshot.put_cluster(cluster("b", ClusterStatus::kUpdating));
  snapshot.put_cluster(cluster("c", ClusterStatus::kCreating));
  ProbeSchedule schedule;
  schedule.follow(snapshot, kStart);
  EXPECT_EQ(schedule.next(kStart), ClusterName("a"));
  EXPECT_EQ(schedule.next(kStart + 1s), ClusterName("b"));
  EXPECT_EQ(schedule.next(kStart + 2s), std::nullopt);
  EXPECT_EQ(schedule.due(kStart + 2s), kStart + kProbePeriod);
  schedule.follow(snapshot, kStart + 3s);
  EXPECT_EQ(schedule.next(kStart + kProbePeriod), ClusterName("a"));
  EXPECT_EQ(schedule.next(kStart + kProbePeriod), std::nullopt);
  EXPECT_EQ(schedule.next(kStart + kProbePeriod + 1s), ClusterName("b"));
}

TEST(ProbeSchedule, NewOnesComeAtOnceGoneOnesNeverAgain) {
  model::Snapshot snapshot;
  snapshot.put_cluster(cluster("a", ClusterStatus::kActive));
  ProbeSchedule schedule;
  schedule.follow(snapshot, kStart);
  EXPECT_EQ(schedule.next(kStart), ClusterName("a"));
  snapshot.put_cluster(cluster("b", ClusterStatus::kActive));
  snapshot.put_cluster(cluster("a", ClusterStatus::kDeleting));
  schedule.follow(snapshot, kStart + 5s);
  EXPECT_EQ(schedule.next(kStart + 5s), ClusterName("b"));
  EXPECT_EQ(schedule.next(kStart + kProbePeriod), std::nullopt);
}

TEST(ProbeSchedule, ANewOneDoesNotWaitForThoseThatAreLate) {
  model::Snapshot snapshot;
  for (const char* name : {"a", "b", "c"})
    snapshot.put_cluster(cluster(name, ClusterStatus::kActive));
  ProbeSchedule schedule;
  schedule.follow(snapshot, kStart);
  EXPECT_EQ(schedule.next(kStart), ClusterName("a"));
  snapshot.put_cluster(cluster("new", ClusterStatus::kActive));
  schedule.follow(snapshot, kStart + 10 * kProbePeriod);
  EXPECT_EQ(schedule.next(kStart + 10 * kProbePeriod), ClusterName("new"));
  EXPECT_EQ(schedule.next(kStart + 10 * kProbePeriod), ClusterName("b"));
}

TEST(ProbeSchedule, WithoutClustersNothingIsDueForAPeriod) {
  EXPECT_EQ(ProbeSchedule().due(kStart), kStart + kProbePeriod);
}

TEST(ClustersWithoutPool, AreFoundByThePoolTheyMiss) {
  model::Snapshot snapshot;
  snapshot.pools.emplace(model::PoolName("here"), std::make_shared<model::Pool>());
  for (const auto& [name, pool] : {std::pair("a", "here"), {"c", "gone"}, {"b", "gone"}, {"d", "lost"}}) {
    model::Cluster made = cluster(name, ClusterStatus::kActive);
    made.pool = model::PoolName(pool);
    snapshot.put_cluster(made);
  }
  const auto found = clusters_without_pool(snapshot);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at(model::PoolName("gone")), (std::vector{ClusterName("b"), ClusterName("c")}));
  EXPECT_EQ(found.at(model::PoolName("lost")), std::vector{ClusterName("d")});
}

TEST(Bell, ARingBeforeTheWaitIsNotLost) {
  Bell bell;
  const std::uint64_t seen = bell.rings();
  bell.ring();
  bell.wait(seen, ProbeSchedule::Instant::max());
  EXPECT_GT(bell.rings(), seen);
  bell.wait(bell.rings(), ProbeSchedule::Instant::min());
}

TEST(ProbeSchedule, ANewClusterOfAnOldNameIsNew) {
  model::Snapshot snapshot;
  snapshot.put_cluster(cluster("a", ClusterStatus::kActive, "ONE"));
  ProbeSchedule schedule;
  schedule.follow(snapshot, kStart);
  EXPECT_EQ(schedule.next(kStart), ClusterName("a"));
  snapshot.put_cluster(cluster("a", ClusterStatus::kActive, "TWO"));
  schedule.follow(snapshot, kStart + 1s);
  EXPECT_EQ(schedule.next(kStart + 1s), ClusterName("a"));
}

}  // namespace
}  // namespace sallyport::app
