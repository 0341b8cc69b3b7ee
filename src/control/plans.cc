#include "control/plans.h"

#include <utility>

#include "base/limits.h"

namespace sallyport::control {

namespace {

using base::ErrorKind;
using base::fail;
using model::Cluster;
using model::ClusterStatus;

base::Result<Planned<Cluster>> with_tags(const Cluster& cluster, model::Tags tags, const char* action,
                                         const PlanContext& context) {
  if (tags.size() > base::limits::kTagsPerResource) {
    return fail(ErrorKind::kLimitExceeded,
                "tags: the cluster would have " + std::to_string(tags.size()) + " tags; at most " +
                    std::to_string(base::limits::kTagsPerResource) + " are allowed, remove some first",
                "tags");
  }
  if (tags == cluster.tags) return Planned<Cluster>{cluster, std::nullopt};
  Cluster changed = cluster;
  changed.tags = std::move(tags);
  store::Transaction transaction;
  transaction.puts.emplace_back(changed);
  transaction.events.push_back(audit_event(context, action, cluster.arn));
  return Planned<Cluster>{std::move(changed), std::move(transaction)};
}

}  // namespace

base::Result<const Cluster*> existing_cluster(const model::Snapshot& world, const model::ClusterName& name) {
  if (const Cluster* cluster = world.find_cluster(name)) return cluster;
  return fail(ErrorKind::kNotFound, "No cluster found for name: " + name.str() + ".", "name");
}

store::AuditEvent audit_event(const PlanContext& context, std::string action, const model::Arn& resource) {
  return {.at = context.now,
          .request_id = context.caller.request_id,
          .principal = context.caller.principal.str(),
          .source_address = context.caller.source_address,
          .action = std::move(action),
          .resource = resource.str()};
}

base::Result<Planned<Cluster>> plan_delete(const State& state, const model::ClusterName& name,
                                           const PlanContext& context) {
  const auto cluster = existing_cluster(state.world(), name);
  if (!cluster) return fail(cluster.error());
  const auto in_use = [&](const std::string& why) {
    return fail(ErrorKind::kInUse, "Cluster " + name.str() + " cannot be deleted: " + why);
  };
  if ((*cluster)->status == ClusterStatus::kDeleting) return Planned<Cluster>{**cluster, std::nullopt};
  if ((*cluster)->deletion_protection) {
    return fail(ErrorKind::kInvalidRequest,
                "Cluster " + name.str() +
                    " has deletion protection enabled; set deletionProtection to false with UpdateClusterConfig first");
  }
  if (const Pending* pending = state.find_pending(name)) {
    if (pending->update) return in_use("update " + pending->update->id.str() + " is in progress; wait for it to end");
    return in_use("it is being created; wait until it is ACTIVE");
  }
  Cluster deleting = **cluster;
  deleting.status = ClusterStatus::kDeleting;
  store::Transaction transaction;
  transaction.puts.emplace_back(deleting);
  transaction.events.push_back(audit_event(context, "eks:DeleteCluster", deleting.arn));
  return Planned<Cluster>{std::move(deleting), std::move(transaction)};
}

base::Result<Planned<Cluster>> plan_tag(const State& state, const model::ClusterName& name, const model::Tags& tags,
                                        const PlanContext& context) {
  const auto cluster = existing_cluster(state.world(), name);
  if (!cluster) return fail(cluster.error());
  model::Tags merged = (*cluster)->tags;
  for (const auto& [key, value] : tags)
    merged[key] = value;
  return with_tags(**cluster, std::move(merged), "eks:TagResource", context);
}

base::Result<Planned<Cluster>> plan_untag(const State& state, const model::ClusterName& name,
                                          const std::vector<std::string>& keys, const PlanContext& context) {
  const auto cluster = existing_cluster(state.world(), name);
  if (!cluster) return fail(cluster.error());
  model::Tags left = (*cluster)->tags;
  for (const std::string& key : keys)
    left.erase(key);
  return with_tags(**cluster, std::move(left), "eks:UntagResource", context);
}

}  // namespace sallyport::control
