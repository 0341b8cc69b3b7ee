#include "app/health_prober.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>
#include <vector>

#include "control/certificate_probe.h"
#include "control/provisioning.h"

namespace sallyport::app {

namespace {

constexpr std::size_t kClustersNamed = 5;

bool serves(const model::Cluster& cluster) {
  return cluster.status == model::ClusterStatus::kActive || cluster.status == model::ClusterStatus::kUpdating;
}

model::HealthIssue without_pool(const model::PoolName& pool) {
  return {.code = "ClusterUnreachable",
          .message = "pool \"" + pool.str() +
                     "\" is not in the configuration, so no API server is known: put its [[pool]] back and restart, or "
                     "delete the cluster",
          .resource_ids = {}};
}

// A pool comes and goes with a start, so it is enough to say so there.
void warn_of_missing_pools(const model::Snapshot& snapshot) {
  for (const auto& [pool, clusters] : clusters_without_pool(snapshot)) {
    std::string names;
    for (std::size_t i = 0; i < std::min(clusters.size(), kClustersNamed); ++i)
      names += (i == 0 ? "" : ", ") + clusters[i].str();
    if (clusters.size() > kClustersNamed) names += ", …";
    spdlog::warn("{} cluster{} ({}) cannot be reached: {}", clusters.size(), clusters.size() == 1 ? "" : "s", names,
                 without_pool(pool).message);
  }
}

}  // namespace

std::map<model::PoolName, std::vector<model::ClusterName>> clusters_without_pool(const model::Snapshot& snapshot) {
  std::map<model::PoolName, std::vector<model::ClusterName>> found;
  for (const auto& [name, cluster] : snapshot.clusters) {
    const bool being_made = model::is_provided(*cluster) && cluster->servers.empty();
    if (!being_made && snapshot.find_pool(cluster->pool) == nullptr) found[cluster->pool].push_back(name);
  }
  for (auto& [pool, clusters] : found)
    std::ranges::sort(clusters);
  return found;
}

void Bell::ring() {
  {
    const std::lock_guard lock(mutex_);
    ++rings_;
  }
  rung_.notify_all();
}

std::uint64_t Bell::rings() const {
  const std::lock_guard lock(mutex_);
  return rings_;
}

void Bell::wait(std::uint64_t seen, std::chrono::steady_clock::time_point limit) {
  std::unique_lock lock(mutex_);
  rung_.wait_until(lock, limit, [&] { return rings_ > seen; });
}

void ProbeSchedule::follow(const model::Snapshot& snapshot, Instant now) {
  using Clusters = decltype(model::Snapshot::clusters);
  // A cluster that comes later is looked at before those whose turn comes late, however many these are.
  const Instant when = followed_.empty() ? now : Instant::min();
  const auto look_at = [&](const Clusters::value_type* was, const Clusters::value_type* is) {
    const model::ClusterName& name = (was == nullptr ? is : was)->first;
    const bool due = is != nullptr && serves(*is->second);
    if (const auto known = due_.find(name); known != due_.end()) {
      if (due && is->second->endpoint_id == known->second.first) return;
      order_.erase({known->second.second, name});
      due_.erase(known);
    }
    if (!due) return;
    due_.try_emplace(name, is->second->endpoint_id, when);
    order_.emplace(when, name);
  };
  Clusters::differences(followed_, snapshot.clusters, look_at);
  followed_ = snapshot.clusters;
}

std::optional<model::ClusterName> ProbeSchedule::next(Instant now) {
  if (order_.empty() || order_.begin()->first > now) return std::nullopt;
  const model::ClusterName name = order_.begin()->second;
  order_.erase(order_.begin());
  const Instant again = now + kProbePeriod;
  due_.at(name).second = again;
  order_.emplace(again, name);
  return name;
}

ProbeSchedule::Instant ProbeSchedule::due(Instant now) const {
  return order_.empty() ? now + kProbePeriod : order_.begin()->first;
}

HealthProber::HealthProber(control::ControlPlane& control, const base::Clock& clock, Bell& published)
    : control_(control), clock_(clock), published_(published), thread_([this] { run(); }) {}

HealthProber::~HealthProber() {
  stop();
  thread_.join();
}

void HealthProber::stop() {
  stopping_ = true;
  published_.ring();
}

void HealthProber::run() {
  using Steady = std::chrono::steady_clock;
  ProbeSchedule schedule;
  model::SnapshotPtr seen;
  warn_of_missing_pools(*control_.snapshot());
  while (true) {
    // Counted before looking, so that neither a stop nor a snapshot in between is slept over.
    const std::uint64_t rings = published_.rings();
    if (stopping_) return;
    auto wake = Steady::now() + kProbePeriod;
    try {
      const auto now = Steady::now();
      const model::SnapshotPtr snapshot = control_.snapshot();
      if (snapshot != seen) schedule.follow(*snapshot, now);
      seen = snapshot;
      if (const auto name = schedule.next(now)) {
        probe(*snapshot, *name);
        wake = Steady::now() + kProbePause;
      } else {
        wake = schedule.due(now);
      }
    } catch (const std::exception& error) {
      spdlog::error("certificate probing failed, will be tried again: {}", error.what());
    }
    published_.wait(rings, wake);
  }
}

void HealthProber::probe(const model::Snapshot& snapshot, const model::ClusterName& name) {
  const model::Cluster* cluster = snapshot.find_cluster(name);
  if (cluster == nullptr) return;
  const model::Pool* pool = snapshot.find_pool(cluster->pool);
  if (pool == nullptr) {
    if (std::vector missing{without_pool(cluster->pool)}; missing != cluster->health_issues)
      control_.report_health(name, std::move(missing));
    return;
  }
  const std::string host = model::endpoint_host(cluster->endpoint_id, snapshot.region, snapshot.zone);
  std::vector<model::HealthIssue> issues;
  // A server at a time, so that stopping need not wait for a whole pool of silent ones.
  for (const base::SocketAddress& server : pool->servers) {
    if (stopping_) return;
    model::Pool one = *pool;
    one.servers = {server};
    std::vector<model::HealthIssue> found = control::probe_certificates(one, host, clock_.now());
    issues.insert(issues.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  std::vector<model::HealthIssue> known = cluster->health_issues;
  std::erase_if(known, control::is_provider_issue);
  // Of servers that a provider made, each time: it is asked to see to those that are still down.
  const bool provided_and_ill = model::is_provided(*cluster) && !issues.empty();
  if (issues == known && !provided_and_ill) return;
  if (issues == known) return control_.report_health(name, std::move(issues));
  for (const model::HealthIssue& issue : issues) {
    spdlog::warn("cluster {}: {}: {}", name.str(), issue.code, issue.message);
  }
  if (issues.empty()) spdlog::info("cluster {}: its API servers are healthy again", name.str());
  control_.report_health(name, std::move(issues));
}

}  // namespace sallyport::app
