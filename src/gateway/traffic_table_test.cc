#include "gateway/traffic_table.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>

#include "gateway/traffic_report.h"

namespace sallyport::gateway {
namespace {

using namespace std::chrono_literals;
using Instant = FrequentSources::Instant;

constexpr Instant kStart{std::chrono::hours(1)};
constexpr auto kChart = RecentIntervals::kLength * RecentIntervals::kIntervals;

base::IpAddress source(std::uint32_t number) { return base::IpAddress::v4(0x0a000000U + number); }

model::Cluster cluster(const std::string& name, const std::string& endpoint = "E") {
  model::Cluster made;
  made.name = model::ClusterName(name);
  made.endpoint_id = model::EndpointId(endpoint + name);
  return made;
}

TEST(FrequentSources, AreExactWhileThereIsRoom) {
  FrequentSources sources;
  for (std::uint32_t round = 0; round < 3; ++round) {
    for (std::uint32_t i = round; i < FrequentSources::kRoom; ++i)
      EXPECT_FALSE(sources.add(source(i), false, Refusal::kNoPublicCidrMatch, kStart));
  }
  EXPECT_EQ(sources.floor(), 1U);
  EXPECT_EQ(sources.entries()[0].count, 1U);
  EXPECT_EQ(sources.entries()[1].count, 2U);
  EXPECT_EQ(sources.entries()[9].count, 3U);
  EXPECT_EQ(sources.entries()[9].error, 0U);
  EXPECT_TRUE(sources.add(source(0), true, Refusal::kNotConnected, kStart)) << "the other side is another source";
}

TEST(FrequentSources, AMillionSourcesPushOutNoFrequentOne) {
  const auto sources = std::make_unique<FrequentSources>();
  constexpr std::uint32_t kFlood = 1'000'000;
  const base::IpAddress steady = source(kFlood + 1);
  for (std::uint32_t i = 0; i < kFlood; ++i) {
    sources->add(source(i), false, Refusal::kNoPublicCidrMatch, kStart);
    if (i % 100 == 0) sources->add(steady, false, Refusal::kNoPublicCidrMatch, kStart);
  }
  ASSERT_EQ(sources->entries().size(), FrequentSources::kRoom);
  const auto found = std::ranges::find(sources->entries(), steady, &FrequentSources::Entry::source);
  ASSERT_NE(found, sources->entries().end());
  EXPECT_LE(found->count - found->error, kFlood / 100);
  EXPECT_GE(found->count, kFlood / 100);
}

// Added up, under a snapshot that has the cluster and no listener.
model::Traffic report_of(const std::vector<const TrafficTable*>& workers, Instant now = kStart) {
  model::Snapshot snapshot;
  snapshot.put_cluster(cluster("c"));
  const std::vector<model::Listener> listeners;
  const auto view = compile(std::make_shared<const model::Snapshot>(snapshot), listeners);
  TrafficReport report(model::ClusterName("c"), view, listeners, {now, base::Time{}});
  for (const TrafficTable* worker : workers)
    report.add(worker->copy(*report.cluster(), report.serving()));
  return report.finish(Instant{});
}

// Against exact counts, for several workers whose tables are added up.
TEST(TrafficReport, KeepsItsBoundsAndLosesNoHeavySource) {
  std::mt19937 random(20'261'129);  // NOLINT(bugprone-random-generator-seed): the same run each time
  for (int run = 0; run < 20; ++run) {
    Counters counters;
    std::vector<std::unique_ptr<TrafficTable>> workers;
    for (int i = 0; i < 3; ++i)
      workers.push_back(std::make_unique<TrafficTable>(0, counters, kStart));
    std::map<base::IpAddress, std::uint64_t> exact;
    const std::uint32_t spread = 50U << static_cast<unsigned>(run % 8);
    std::geometric_distribution<std::uint32_t> heavy(0.05);
    std::uniform_int_distribution<std::uint32_t> any(0, spread);
    constexpr std::uint64_t kEvents = 20'000;
    for (std::uint64_t i = 0; i < kEvents; ++i) {
      const base::IpAddress from = source(random() % 2 == 0 ? heavy(random) : any(random));
      ++exact[from];
      workers[random() % workers.size()]->denied(cluster("c"), from, false, Refusal::kNoPublicCidrMatch, kStart);
    }
    const model::Traffic traffic = report_of({workers[0].get(), workers[1].get(), workers[2].get()});
    EXPECT_EQ(traffic.denied, kEvents);
    EXPECT_EQ(traffic.intervals.back().denied, kEvents);
    std::map<base::IpAddress, model::SourceTraffic> told;
    for (const model::SourceTraffic& of : traffic.denied_sources)
      told[of.source] = of;
    for (const auto& [from, count] : exact) {
      if (const auto listed = told.find(from); listed != told.end()) {
        EXPECT_LE(listed->second.connections, count);
        EXPECT_GE(listed->second.connections + listed->second.uncertain, count);
      } else {
        EXPECT_LE(count, kEvents / FrequentSources::kRoom) << from.to_string();
      }
    }
  }
}

TEST(RecentIntervals, RollOverAndForgetWhatIsOld) {
  RecentIntervals intervals;
  intervals.add(true, kStart);
  intervals.add(false, kStart + RecentIntervals::kLength);
  intervals.add(false, kStart + RecentIntervals::kLength);
  const auto now = intervals.recent(kStart + RecentIntervals::kLength);
  ASSERT_EQ(now.size(), 2U);
  EXPECT_EQ(now[0].allowed + now[1].allowed, 1U);
  EXPECT_EQ(now[0].denied + now[1].denied, 2U);
  EXPECT_EQ(intervals.recent(kStart + kChart).size(), 1U);
  EXPECT_EQ(intervals.recent(kStart + kChart * 2).size(), 0U);
  intervals.add(true, kStart + kChart);  // the place of the first
  const auto later = intervals.recent(kStart + kChart);
  ASSERT_EQ(later.size(), 2U);
  EXPECT_EQ(later[0].allowed + later[1].allowed, 1U);
}

TEST(TrafficTable, HasRoomForSoManyClustersAndGivesAwayWhatIsIdle) {
  Counters counters;
  TrafficTable table(1, counters, kStart);
  for (std::size_t i = 0; i < TrafficTable::kClusters; ++i)
    table.allowed(cluster(std::to_string(i)), source(1), false, kStart);
  table.allowed(cluster("late"), source(1), false, kStart);
  EXPECT_EQ(table.of(cluster("late")), nullptr);
  EXPECT_EQ(counters.traffic_untracked, 1U);
  table.allowed(cluster("0"), source(2), false, kStart + kChart);  // idle no more
  table.denied(cluster("late"), source(3), false, Refusal::kNoPublicCidrMatch, kStart + kChart);
  EXPECT_EQ(table.clusters(), TrafficTable::kClusters);
  EXPECT_EQ(table.of(cluster("1")), nullptr);
  ASSERT_NE(table.of(cluster("0")), nullptr);
  EXPECT_EQ(table.of(cluster("0"))->allowed.total(), 2U);
  ASSERT_NE(table.of(cluster("late")), nullptr);
  EXPECT_EQ(table.of(cluster("late"))->allowed.total(), 0U) << "what it took over is another's";
  EXPECT_EQ(table.of(cluster("late"))->denied.total(), 1U);
}

TEST(TrafficTable, SaysSinceWhenEverythingIsCounted) {
  Counters counters;
  TrafficTable calm(1, counters, kStart - 1s);
  calm.begin(kStart);
  EXPECT_EQ(calm.copy(cluster("c"), {}).since, kStart);
  EXPECT_EQ(calm.copy(cluster("c"), {}).unnamed_since, kStart);
  TrafficTable full(1, counters, kStart);
  const auto since = [&](const std::string& name) { return full.copy(cluster(name), {}).since - kStart; };
  full.allowed(cluster("c"), source(1), false, kStart + 1s);
  for (std::size_t i = 1; i < TrafficTable::kClusters; ++i)
    full.allowed(cluster(std::to_string(i)), source(1), false, kStart + 2s);
  EXPECT_EQ(since("c"), 0s) << "nothing was lost before its first event";
  full.allowed(cluster("late"), source(1), false, kStart + 3s);
  EXPECT_EQ(since("late"), 3s) << "there was no room for it";
  EXPECT_EQ(since("c"), 0s);
  full.allowed(cluster("late"), source(1), false, kStart + kChart + 1s);  // takes the place of c
  EXPECT_EQ(since("late"), 3s);
  full.allowed(cluster("later"), source(1), false, kStart + kChart + 2s);
  full.allowed(cluster("c"), source(1), false, kStart + kChart * 2);
  EXPECT_EQ(since("c"), 3s) << "what came before may have been counted in a record that it lost";
  EXPECT_EQ(full.copy(cluster("c"), {0}).unnamed_since, kStart);

  const model::Traffic traffic = report_of({&full, &calm}, kStart + kChart * 2);
  EXPECT_EQ(traffic.allowed, 1U);
  EXPECT_EQ(traffic.since - traffic.unnamed_since, 3s);
}

TEST(TrafficTable, AnotherClusterOfTheNameHasItsOwn) {
  Counters counters;
  TrafficTable table(1, counters, kStart);
  const model::Cluster other = cluster("c", "other");
  table.denied(cluster("c"), source(1), true, Refusal::kNotConnected, kStart);
  EXPECT_EQ(table.of(other), nullptr) << "before any event of its own";
  EXPECT_EQ(table.copy(other, {}).named, nullptr);
  table.allowed(other, source(2), false, kStart);
  ASSERT_NE(table.of(other), nullptr);
  EXPECT_EQ(table.of(other)->denied.total(), 0U);
  EXPECT_EQ(table.of(other)->allowed.total(), 1U);
  EXPECT_EQ(table.of(cluster("c"))->denied.total(), 1U) << "both may be served while one gives way to the other";
}

}  // namespace
}  // namespace sallyport::gateway
