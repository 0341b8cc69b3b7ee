#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "gateway/counters.h"
#include "gateway/frequent_sources.h"
#include "model/cluster.h"

namespace sallyport::gateway {

// Events by interval over the last kIntervals of them. Exact.
class RecentIntervals {
 public:
  static constexpr std::size_t kIntervals = base::limits::kTrafficIntervals;
  static constexpr std::chrono::seconds kLength{10};
  using Instant = FrequentSources::Instant;

  struct Counts {
    std::int64_t number = -1;  // of the interval, since the clock's epoch
    std::uint64_t allowed = 0;
    std::uint64_t denied = 0;
  };
  static std::int64_t number_of(Instant at) { return at.time_since_epoch() / kLength; }

  void add(bool allowed, Instant now);
  void clear() { ring_ = {}; }
  // Those that had an event and are not too old, in no order.
  std::vector<Counts> recent(Instant now) const;

 private:
  std::array<Counts, kIntervals> ring_{};
};

// What one worker saw of one cluster, or of one listener before a cluster was named.
struct TrafficRecord {
  FrequentSources::Instant since{};  // whatever came later is in it
  FrequentSources allowed;
  FrequentSources denied;
  RecentIntervals intervals;
};

// What a report takes from one worker: of one cluster, and of the listeners that serve it.
struct TrafficCopy {
  std::unique_ptr<const TrafficRecord> named;  // null where nothing is known of the cluster
  FrequentSources::Instant since{};            // as TrafficRecord has it, where there is none too
  std::vector<TrafficRecord> unnamed;
  FrequentSources::Instant unnamed_since{};
};

// One worker's record of who was admitted and denied. Bounded: kClusters clusters, of 20 KiB or so each; one that had
// no event for the length of the chart gives up its place to another, and where there is none, the event is counted
// as untracked. Allocates when a cluster is first seen, and for a copy, alone. One thread.
class TrafficTable {
 public:
  static constexpr std::size_t kClusters = base::limits::kTrafficClusters;
  using Instant = FrequentSources::Instant;

  // `counters` outlives the table.
  TrafficTable(std::size_t listeners, Counters& counters, Instant now);

  // Has it begin at `now`. Before the first event.
  void begin(Instant now);

  void allowed(const model::Cluster& cluster, const base::IpAddress& source, bool private_arrival, Instant now);
  void denied(const model::Cluster& cluster, const base::IpAddress& source, bool private_arrival, Refusal reason,
              Instant now);
  // Before the name was known: no cluster of the listener admits the source.
  void unnamed(std::size_t listener, const base::IpAddress& source, bool private_arrival, Instant now);

  // Null where nothing is known of the cluster, which its endpoint tells from others that had its name. Good until the
  // next event.
  const TrafficRecord* of(const model::Cluster& cluster) const;
  TrafficCopy copy(const model::Cluster& cluster, const std::vector<std::size_t>& listeners) const;
  std::size_t clusters() const { return clusters_.size(); }

 private:
  struct Tracked {
    model::EndpointId endpoint;
    Instant last{};
    TrafficRecord record;
  };
  using Place = std::list<Tracked>::iterator;

  TrafficRecord* record_of(const model::Cluster& cluster, Instant now);
  std::optional<Place> room_for(const model::EndpointId& endpoint, Instant now);
  void count(TrafficRecord& record, const base::IpAddress& source, bool private_arrival, Refusal reason, Instant now);

  Counters& counters_;
  Instant begun_;
  Instant lost_;  // the last event that no record holds, or holds any longer; the beginning where there is none
  std::vector<TrafficRecord> listeners_;
  std::list<Tracked> clusters_;  // the latest event in front
  std::unordered_map<model::EndpointId, Place> by_endpoint_;
};

}  // namespace sallyport::gateway
