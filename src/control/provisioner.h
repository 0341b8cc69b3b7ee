#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "control/provider.h"
#include "model/cluster.h"
#include "model/ids.h"

namespace sallyport::control {

// Runs a provider's work on threads of its own, at most limits::kProvisioners pieces at once; the others wait for their
// turn, one piece a cluster. Thread-safe.
class Provisioner {
 public:
  enum class Work { kCreate, kRemove };
  // Without servers for kRemove.
  using Outcome = base::Result<ProvidedServers>;

  // `provider` (null: whatever is asked for fails at once, naming the section that is missing) and what `done` uses
  // must outlive the provisioner. `done` is called, on a thread of the provisioner, whenever a piece of work has ended.
  Provisioner(Provider* provider, std::function<void()> done);
  ~Provisioner();  // stops the provider
  Provisioner(const Provisioner&) = delete;
  Provisioner& operator=(const Provisioner&) = delete;

  // How `work` for this cluster ended; nothing until then. Begins it unless it has begun, and keeps the outcome until
  // it is forgotten. Other work for the cluster is awaited first, and its outcome dropped.
  std::optional<Outcome> outcome(const model::Cluster& cluster, Work work);
  void forget(const model::EndpointId& cluster);
  // The last line that the provider said of the work for this cluster that is waiting or running.
  std::optional<std::string> progress(const model::EndpointId& cluster) const;

 private:
  struct Job {
    model::Cluster cluster;
    Work work = Work::kCreate;
    std::string line;
    std::optional<Outcome> outcome{};
  };

  void run();
  Outcome carry_out(const model::Cluster& cluster, Work work);
  void say(const model::Cluster& cluster, const std::string& line);

  Provider* const provider_;
  const std::function<void()> done_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::map<model::EndpointId, Job> jobs_;  // at most one a cluster
  std::deque<model::EndpointId> waiting_;
  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace sallyport::control
