#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "base/time.h"
#include "control/control_plane.h"
#include "model/ids.h"
#include "model/snapshot.h"

namespace sallyport::app {

inline constexpr auto kProbePeriod = std::chrono::seconds(60);
// Between two clusters: of very many, each has its turn less often than once a period.
inline constexpr auto kProbePause = std::chrono::milliseconds(20);

// Wakes the one thread that waits for it. Thread-safe; `ring` never blocks for long.
class Bell {
 public:
  void ring();
  // Counts rings: read it before looking at what they announce, pass it to `wait`.
  std::uint64_t rings() const;
  // Until there are more rings than `seen`, or `limit`.
  void wait(std::uint64_t seen, std::chrono::steady_clock::time_point limit);

 private:
  mutable std::mutex mutex_;
  std::condition_variable rung_;
  std::uint64_t rings_ = 0;
};

// Which cluster's certificates are to be looked at next: new ones at once, every one a period after its last
// turn. Pure; the caller gives the time.
class ProbeSchedule {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // Takes in the clusters of a snapshot that serve; forgets those that are gone. Costs what differs from the snapshot
  // before.
  void follow(const model::Snapshot& snapshot, Instant now);
  // The cluster that has waited longest past its time, put off by a period; nothing when none is due.
  std::optional<model::ClusterName> next(Instant now);
  // When `next` will give one; a period from `now` when there is no cluster.
  Instant due(Instant now) const;

 private:
  std::map<model::ClusterName, std::pair<model::EndpointId, Instant>> due_;
  std::set<std::pair<Instant, model::ClusterName>> order_;
  decltype(model::Snapshot::clusters) followed_;
};

// Clusters whose pool the configuration no longer has, by that pool, in the order of names: nobody reaches them.
std::map<model::PoolName, std::vector<model::ClusterName>> clusters_without_pool(const model::Snapshot& snapshot);

// One thread that probes the API servers' certificates of every serving cluster and reports what changed to the
// control plane. References must outlive it; `published` rings after each new snapshot. Destruction waits for
// the server being probed.
class HealthProber {
 public:
  HealthProber(control::ControlPlane& control, const base::Clock& clock, Bell& published);
  ~HealthProber();
  HealthProber(const HealthProber&) = delete;
  HealthProber& operator=(const HealthProber&) = delete;

  // Ends the thread after the server being probed; does not wait.
  void stop();

 private:
  void run();
  void probe(const model::Snapshot& snapshot, const model::ClusterName& name);

  control::ControlPlane& control_;
  const base::Clock& clock_;
  Bell& published_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace sallyport::app
