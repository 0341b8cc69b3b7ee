#pragma once

#include <optional>

#include "base/entropy.h"
#include "base/result.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "control/state.h"
#include "store/store.h"

// What a request comes to: the answer, and the transaction that makes it true. They read the state and
// change nothing, so a plan that lost a race is simply made again. Run under the ledger's write.
namespace sallyport::control {

// Things a plan needs besides state and request.
struct PlanContext {
  const Settings& settings;
  const Caller& caller;
  base::Time now{};
  base::Entropy& entropy;
};

template <class Answer>
struct Planned {
  Answer answer;
  std::optional<store::Transaction> transaction;  // nothing when the answer is true already
};

// kInUse for a taken name, kLimitExceeded past settings.max_clusters, else kInvalidParameter. A token seen
// before gives the cluster of then, as it is now.
base::Result<Planned<model::Cluster>> plan_create(const State& state, const CreateClusterRequest& request,
                                                  const PlanContext& context);

// `earlier`: the cluster's update of the same client request token, if there is one.
base::Result<Planned<model::Update>> plan_update(const State& state, const UpdateClusterRequest& request,
                                                 const std::optional<model::Update>& earlier,
                                                 const PlanContext& context);

// A cluster that is DELETING already is answered as such: a repeated delete is not an error.
base::Result<Planned<model::Cluster>> plan_delete(const State& state, const model::ClusterName& name,
                                                  const PlanContext& context);

base::Result<Planned<model::Cluster>> plan_tag(const State& state, const model::ClusterName& name,
                                               const model::Tags& tags, const PlanContext& context);
base::Result<Planned<model::Cluster>> plan_untag(const State& state, const model::ClusterName& name,
                                                 const std::vector<std::string>& keys, const PlanContext& context);

// kNotFound, in the service's words.
base::Result<const model::Cluster*> existing_cluster(const model::Snapshot& world, const model::ClusterName& name);

store::AuditEvent audit_event(const PlanContext& context, std::string action, const model::Arn& resource);

}  // namespace sallyport::control
