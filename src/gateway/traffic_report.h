#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/time.h"
#include "gateway/syn_filter.h"
#include "gateway/traffic_table.h"
#include "gateway/view.h"
#include "model/snapshot.h"
#include "model/traffic.h"

namespace sallyport::gateway {

// What workers and kernel filters recorded about a cluster, added up. A source's bounds are the sums of its bounds at
// each worker; one that had more than a kRoom-th of all events is listed, for it had so at one worker at least.
class TrafficReport {
 public:
  using Instant = FrequentSources::Instant;
  using Reading = std::pair<Instant, base::Time>;  // of both clocks at one moment

  // `view` is what is in force, null before there is a snapshot; `listeners` are those of the gateway.
  TrafficReport(const model::ClusterName& cluster, std::shared_ptr<const View> view,
                const std::vector<model::Listener>& listeners, Reading now);

  // Whom it is about, as the view has it; null where that has none of the name, and there is nothing to add.
  const model::Cluster* cluster() const { return cluster_; }
  // Those that serve it.
  const std::vector<std::size_t>& serving() const { return serving_; }

  // Of one worker: its copy of `cluster` and of the listeners `serving`.
  void add(const TrafficCopy& copy);
  // Of the filter of one of `serving`.
  void add_drops(std::size_t listener, const std::vector<SynFilter::Drop>& drops);

  // Once. `begun`: of the process.
  model::Traffic finish(Instant begun);

 private:
  struct Sum {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    std::uint64_t floor = 0;  // of the workers that list the source
    Refusal reason = Refusal::kCount;
    Instant last{};
  };
  using Key = std::pair<base::IpAddress, bool>;
  struct Sums {
    std::map<Key, Sum> by_source;
    std::uint64_t total = 0;
    std::uint64_t floor = 0;  // of all workers
  };

  static void add(Sums& sums, const FrequentSources& sources);
  bool serves(std::size_t listener) const;
  bool admits_now(bool private_side, const base::IpAddress& source) const;
  void add_intervals(const RecentIntervals& intervals, bool named);
  base::Time wall(Instant at) const;
  void append(std::vector<model::SourceTraffic>& to, const Sums& sums, bool by_kernel) const;

  const std::shared_ptr<const View> view_;
  const model::Cluster* const cluster_;  // of the view
  const std::vector<model::Listener>& listeners_;
  const Reading now_;
  std::vector<std::size_t> serving_;
  Instant since_{};
  Instant unnamed_since_{};
  Sums allowed_;
  Sums denied_;
  Sums unnamed_;
  Sums dropped_;
  std::map<std::int64_t, model::TrafficInterval> intervals_;  // by number
};

}  // namespace sallyport::gateway
