#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "control/provisioner.h"
#include "control/state.h"
#include "model/cluster.h"

namespace sallyport::control {

// Whether it is a provider that failed; health checking knows nothing of such issues.
bool is_provider_issue(const model::HealthIssue& issue);

// The cluster with what the provider made, once without its complaint.
model::Cluster with_servers(model::Cluster cluster, const ProvidedServers& made);
// … and with its complaint instead.
model::Cluster with_provider_issue(model::Cluster cluster, const std::string& message);

// When which work of a provider is due for which cluster, and what its outcome makes of the cluster. What did not
// succeed is tried again with growing pauses, except a creation: that cluster is FAILED. For the reconciler's thread,
// but for `check`.
class Provisioning {
 public:
  using Steady = std::chrono::steady_clock;

  explicit Provisioning(Provisioner& provisioner) : provisioner_(provisioner) {}

  // To be called with the state at the start: the servers of every cluster that has some are made sure of.
  void resume(const State& state);
  // Has the servers of a cluster made sure of soon. Any thread.
  void check(const model::ClusterName& name);

  // The cluster as the outcome leaves it: CREATING still, with servers, or FAILED. Nothing while the work goes on.
  std::optional<model::Cluster> after_create(const model::Cluster& cluster);
  // Whether nothing is left of the servers. Else the cluster with the provider's complaint, where that is news.
  struct Removal {
    bool done = false;
    std::optional<model::Cluster> complaint{};
  };
  Removal after_remove(const model::Cluster& cluster, Steady::time_point now);
  // Of clusters whose servers are being made sure of: those that this changes.
  std::vector<model::Cluster> after_checks(const State& state, Steady::time_point now);

  // What the calls above made of a cluster is stored.
  void stored(const model::Cluster& cluster);
  // The cluster is no more.
  void gone(const model::EndpointId& cluster);
  // When something that failed is due again.
  std::optional<Steady::time_point> deadline() const;

 private:
  struct Pause {
    Provisioner::Work work = Provisioner::Work::kCreate;
    base::Millis length{0};
    std::optional<Steady::time_point> until{};  // nothing while it is being tried again
  };
  // The outcome of work that is due; nothing while it is not, or goes on.
  std::optional<Provisioner::Outcome> outcome(const model::Cluster& cluster, Provisioner::Work work,
                                              Steady::time_point now);
  void failed(const model::EndpointId& cluster, Provisioner::Work work, Steady::time_point now);

  Provisioner& provisioner_;
  std::map<model::EndpointId, Pause> pauses_;
  mutable std::mutex mutex_;
  std::set<model::ClusterName> checks_;  // under mutex_
};

}  // namespace sallyport::control
