#include "control/provisioning.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace sallyport::control {

namespace {

using namespace std::chrono_literals;
using model::Cluster;
using model::ClusterStatus;
using Work = Provisioner::Work;

constexpr base::Millis kFirstPause = 1s;
constexpr base::Millis kLongestPause = 5min;

constexpr const char* kResource = "provider";

}  // namespace

bool is_provider_issue(const model::HealthIssue& issue) {
  return issue.resource_ids.size() == 1 && issue.resource_ids.front() == kResource;
}

Cluster with_servers(Cluster cluster, const ProvidedServers& made) {
  cluster.servers = made.servers;
  cluster.certificate_authority_pem = made.ca_pem;
  std::erase_if(cluster.health_issues, is_provider_issue);
  return cluster;
}

Cluster with_provider_issue(Cluster cluster, const std::string& message) {
  std::erase_if(cluster.health_issues, is_provider_issue);
  cluster.health_issues.push_back({.code = "Other", .message = message, .resource_ids = {kResource}});
  return cluster;
}

void Provisioning::resume(const State& state) {
  for (const auto& [name, cluster] : state.world().clusters) {
    if (model::is_provided(*cluster) && !cluster->servers.empty()) checks_.insert(name);
  }
}

void Provisioning::check(const model::ClusterName& name) {
  const std::lock_guard lock(mutex_);
  checks_.insert(name);
}

std::optional<Provisioner::Outcome> Provisioning::outcome(const Cluster& cluster, Work work, Steady::time_point now) {
  const auto pause = pauses_.find(cluster.endpoint_id);
  if (pause != pauses_.end() && pause->second.work != work) {
    pauses_.erase(pause);
  } else if (pause != pauses_.end()) {
    if (pause->second.until && now < *pause->second.until) return std::nullopt;
    pause->second.until.reset();
  }
  return provisioner_.outcome(cluster, work);
}

void Provisioning::failed(const model::EndpointId& cluster, Work work, Steady::time_point now) {
  Pause& pause = pauses_[cluster];
  pause.work = work;
  pause.length = std::clamp(pause.length * 2, kFirstPause, kLongestPause);
  pause.until = now + pause.length;
  provisioner_.forget(cluster);
}

std::optional<Cluster> Provisioning::after_create(const Cluster& cluster) {
  const auto outcome = provisioner_.outcome(cluster, Work::kCreate);
  if (!outcome) return std::nullopt;
  if (*outcome) return with_servers(cluster, **outcome);
  Cluster lost =
      with_provider_issue(cluster, "The provider could not make the API servers: " + outcome->error().message +
                                       ". Delete the cluster, cure that and create it again");
  lost.status = ClusterStatus::kFailed;
  return lost;
}

Provisioning::Removal Provisioning::after_remove(const Cluster& cluster, Steady::time_point now) {
  const auto ended = outcome(cluster, Work::kRemove, now);
  if (!ended) return {};
  if (*ended) return {.done = true};
  failed(cluster.endpoint_id, Work::kRemove, now);
  Cluster left = with_provider_issue(
      cluster, "The provider could not remove the API servers, it will try again: " + ended->error().message);
  if (left.health_issues == cluster.health_issues) return {};
  spdlog::warn("cluster {}: {}", cluster.name.str(), left.health_issues.back().message);
  return {.done = false, .complaint = std::move(left)};
}

std::vector<Cluster> Provisioning::after_checks(const State& state, Steady::time_point now) {
  const std::lock_guard lock(mutex_);
  std::vector<Cluster> changed;
  std::erase_if(checks_, [&](const model::ClusterName& name) {
    const Cluster* cluster = state.world().find_cluster(name);
    if (cluster == nullptr || !model::is_provided(*cluster)) return true;
    if (cluster->status != ClusterStatus::kActive && cluster->status != ClusterStatus::kUpdating) return true;
    // The step of an update in flight puts the cluster too: the later of the two would undo the other.
    if (state.find_pending(name) != nullptr) return false;
    const auto ended = outcome(*cluster, Work::kCreate, now);
    if (!ended) return false;
    Cluster after =
        *ended ? with_servers(*cluster, **ended)
               : with_provider_issue(*cluster, "The provider cannot make sure of the API servers, it will try again: " +
                                                   ended->error().message);
    if (!*ended) failed(cluster->endpoint_id, Work::kCreate, now);
    if (after == *cluster) {
      if (*ended) gone(cluster->endpoint_id);
      return ended->has_value();
    }
    if (!*ended) spdlog::warn("cluster {}: {}", name.str(), after.health_issues.back().message);
    changed.push_back(std::move(after));
    return false;
  });
  return changed;
}

void Provisioning::stored(const Cluster& cluster) {
  if (cluster.status != ClusterStatus::kFailed && std::ranges::any_of(cluster.health_issues, is_provider_issue)) return;
  gone(cluster.endpoint_id);
  const std::lock_guard lock(mutex_);
  checks_.erase(cluster.name);
}

void Provisioning::gone(const model::EndpointId& cluster) {
  pauses_.erase(cluster);
  provisioner_.forget(cluster);
}

std::optional<Provisioning::Steady::time_point> Provisioning::deadline() const {
  std::optional<Steady::time_point> earliest;
  for (const auto& [cluster, pause] : pauses_) {
    if (pause.until) earliest = earliest ? std::min(*earliest, *pause.until) : *pause.until;
  }
  return earliest;
}

}  // namespace sallyport::control
