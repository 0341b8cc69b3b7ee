#include "control/workflow.h"

#include <utility>

namespace sallyport::control {

namespace {

using model::UpdateStep;
using Kind = Step::Kind;

struct PutTarget {
  model::Cluster& cluster;
  void operator()(const model::AccessChange& change) const {
    cluster.access = change.target;
    cluster.hosted_zone = change.target_zone;
    if (change.previous.public_access && !change.target.public_access) cluster.public_resolves_private = true;
  }
  void operator()(const model::VpcConfigChange& change) const { cluster.vpc_config = change.target; }
  void operator()(const model::LoggingChange& change) const { cluster.enabled_logs = change.target; }
  void operator()(const model::DeletionProtectionChange& change) const { cluster.deletion_protection = change.target; }
  void operator()(const model::AuthenticationModeChange& change) const { cluster.authentication_mode = change.target; }
};

struct PutPrevious {
  model::Cluster& cluster;
  void operator()(const model::AccessChange& change) const {
    cluster.access = change.previous;
    cluster.hosted_zone = change.previous_zone;
    cluster.public_resolves_private = change.previous_public_resolves_private;
  }
  void operator()(const model::VpcConfigChange& change) const { cluster.vpc_config = change.previous; }
  void operator()(const model::LoggingChange& change) const { cluster.enabled_logs = change.previous; }
  void operator()(const model::DeletionProtectionChange& change) const {
    cluster.deletion_protection = change.previous;
  }
  void operator()(const model::AuthenticationModeChange& change) const {
    cluster.authentication_mode = change.previous;
  }
};

model::UpdateError node_failed(const Enforcement& enforcement) {
  return {.code = error_code(enforcement.failure->kind),
          .message = "Node " + *enforcement.failed_node + " could not enforce the new setting: " +
                     enforcement.failure->message + "; the previous setting was restored",
          .resource_ids = {}};
}

model::UpdateError too_late(base::Millis limit) {
  return {.code = "Unknown",
          .message = "Not every node acknowledged the new setting within " + std::to_string(limit.count()) +
                     " ms; the previous setting was restored. `sallyport status` names the nodes",
          .resource_ids = {}};
}

model::UpdateError unconfirmed(const Enforcement& enforcement) {
  std::string message = "The previous setting is stored and published again, but not every node has confirmed it";
  if (enforcement.failed_node) message += ": " + *enforcement.failed_node + " said " + enforcement.failure->message;
  return {.code = "Unknown", .message = message + ". `sallyport status` names the nodes", .resource_ids = {}};
}

}  // namespace

Step next_step(const model::Update& update, const Enforcement& enforcement, base::Millis waited, base::Millis limit) {
  switch (update.step) {
    case UpdateStep::kStored: return {Kind::kPublishTarget, {}};
    case UpdateStep::kPublished:
      // An acknowledgement beats the deadline: the setting is in force, undoing it would help nobody.
      if (enforcement.everywhere) return {Kind::kSucceed, {}};
      if (enforcement.failure) return {Kind::kRollBack, {node_failed(enforcement)}};
      if (waited >= limit) return {Kind::kRollBack, {too_late(limit)}};
      return {};
    case UpdateStep::kRollingBack:
      if (enforcement.everywhere) return {Kind::kFail, {}};
      if (waited >= limit) return {Kind::kFail, {unconfirmed(enforcement)}};
      return {};
    case UpdateStep::kDone: return {};
  }
  return {};
}

model::Update update_after(const model::Update& update, const Step& step, base::Time now, model::Revision revision,
                           std::uint64_t connections_cut) {
  model::Update after = update;
  after.errors.insert(after.errors.end(), step.errors.begin(), step.errors.end());
  after.connections_cut = connections_cut;
  switch (step.kind) {
    case Kind::kWait: break;
    case Kind::kPublishTarget:
      after.step = UpdateStep::kPublished;
      after.revision = revision;
      break;
    case Kind::kRollBack:
      after.step = UpdateStep::kRollingBack;
      after.revision = revision;
      break;
    case Kind::kSucceed:
      after.step = UpdateStep::kDone;
      after.status = model::UpdateStatus::kSuccessful;
      after.finished_at = now;
      break;
    case Kind::kFail:
      after.step = UpdateStep::kDone;
      after.status = model::UpdateStatus::kFailed;
      after.finished_at = now;
      break;
  }
  return after;
}

model::Cluster cluster_after(const model::Cluster& cluster, const model::Update& update, const Step& step) {
  model::Cluster after = cluster;
  switch (step.kind) {
    case Kind::kWait: break;
    case Kind::kPublishTarget: return with_target(std::move(after), update.change);
    case Kind::kRollBack: return with_previous(std::move(after), update.change);
    case Kind::kSucceed:
    case Kind::kFail: after.status = model::ClusterStatus::kActive; break;
  }
  return after;
}

model::Cluster with_target(model::Cluster cluster, const model::Change& change) {
  std::visit(PutTarget{cluster}, change);
  return cluster;
}

model::Cluster with_previous(model::Cluster cluster, const model::Change& change) {
  std::visit(PutPrevious{cluster}, change);
  return cluster;
}

std::string error_code(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::kAccessDenied: return "AccessDenied";
    case base::ErrorKind::kInvalidRequest: return "OperationNotPermitted";
    case base::ErrorKind::kInvalidParameter:
    case base::ErrorKind::kNotFound:
    case base::ErrorKind::kInUse: return "ConfigurationConflict";
    default: return "Unknown";
  }
}

}  // namespace sallyport::control
