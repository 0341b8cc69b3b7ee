#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "control/creator_entry.h"
#include "control/network.h"
#include "control/plans.h"
#include "control/workflow.h"
#include "policy/validate.h"
#include "policy/warnings.h"

namespace sallyport::control {

namespace {

using base::ErrorKind;
using base::fail;
using model::Change;
using model::Cluster;

template <class Id>
bool same_ids(const std::vector<Id>& a, const std::vector<Id>& b) {
  return std::set<Id>(a.begin(), a.end()) == std::set<Id>(b.begin(), b.end());
}

template <class Id>
std::string shown(const std::vector<Id>& ids) {
  std::string text;
  for (const Id& id : ids)
    text += (text.empty() ? "" : ", ") + id.str();
  return "[" + text + "]";
}

// What a request comes to for a cluster as it stands, checked.
struct ChangeOf {
  const Cluster& cluster;
  const model::Snapshot& world;
  const PlanContext& context;

  base::Result<Change> operator()(const UpdateAccessRequest& request) const {
    auto target = policy::changed_access(cluster.access,
                                         {.public_access = request.endpoint_public_access,
                                          .private_access = request.endpoint_private_access,
                                          .public_access_cidrs = request.public_access_cidrs},
                                         {.refuse_reserved_cidrs = context.settings.refuse_reserved_cidrs});
    if (!target) return fail(target.error());
    model::AccessChange change{.target = *std::move(target),
                               .previous = cluster.access,
                               .previous_public_resolves_private = cluster.public_resolves_private,
                               .target_zone = std::nullopt,
                               .previous_zone = cluster.hosted_zone};
    if (change.target.private_access) {
      change.target_zone = cluster.hosted_zone ? cluster.hosted_zone
                                               : new_hosted_zone(cluster.vpc_config.vpc, context.now, context.entropy);
    }
    return change;
  }

  base::Result<Change> operator()(const UpdateVpcRequest& request) const {
    const model::VpcConfig& present = cluster.vpc_config;
    model::VpcConfig target = present;
    target.subnets = request.subnets.value_or(present.subnets);
    target.security_groups = request.security_groups.value_or(present.security_groups);
    if (same_ids(target.subnets, present.subnets) && same_ids(target.security_groups, present.security_groups)) {
      return fail(ErrorKind::kInvalidParameter,
                  "Cluster is already at the desired configuration with subnetIds: " + shown(present.subnets) +
                      ", securityGroupIds: " + shown(present.security_groups));
    }
    if (request.subnets) {
      const auto vpc = policy::vpc_of_subnets(world, target.subnets);
      if (!vpc) return fail(vpc.error());
      if (*vpc != present.vpc) {
        return fail(ErrorKind::kInvalidParameter,
                    "subnetIds are in " + vpc->str() + ", the cluster is in " + present.vpc.str() +
                        "; name subnets of that VPC, a cluster cannot move to another",
                    "subnetIds");
      }
    }
    if (request.security_groups) {
      if (auto groups = policy::check_security_groups(world, present.vpc, target.security_groups); !groups) {
        return fail(groups.error());
      }
    }
    return model::VpcConfigChange{.target = std::move(target), .previous = present};
  }

  base::Result<Change> operator()(const UpdateLoggingRequest& request) const {
    std::set<model::LogType> enabled(cluster.enabled_logs.begin(), cluster.enabled_logs.end());
    for (const auto& [type, on] : request.enabled) {
      if (on) {
        enabled.insert(type);
      } else {
        enabled.erase(type);
      }
    }
    model::LoggingChange change{.target = {enabled.begin(), enabled.end()}, .previous = cluster.enabled_logs};
    if (change.target == change.previous) {
      return fail(ErrorKind::kInvalidParameter, "No changes needed for the logging config provided", "logging");
    }
    return change;
  }

  base::Result<Change> operator()(const UpdateDeletionProtectionRequest& request) const {
    if (request.enabled == cluster.deletion_protection) {
      return fail(ErrorKind::kInvalidParameter,
                  std::string("Cluster is already at the desired configuration with deletionProtection: ") +
                      (request.enabled ? "true" : "false"),
                  "deletionProtection");
    }
    return model::DeletionProtectionChange{.target = request.enabled, .previous = cluster.deletion_protection};
  }

  base::Result<Change> operator()(const UpdateAuthenticationModeRequest& request) const {
    using Mode = model::AuthenticationMode;
    const Mode present = cluster.authentication_mode;
    const bool next = (present == Mode::kConfigMap && request.mode == Mode::kApiAndConfigMap) ||
                      (present == Mode::kApiAndConfigMap && request.mode == Mode::kApi);
    if (!next) {
      return fail(ErrorKind::kInvalidParameter,
                  "Unsupported authentication mode update from " + std::string(model::to_string(present)) + " to " +
                      std::string(model::to_string(request.mode)) +
                      "; a cluster goes from CONFIG_MAP to API_AND_CONFIG_MAP to API, one step an update, and not back",
                  "accessConfig.authenticationMode");
    }
    return model::AuthenticationModeChange{.target = request.mode, .previous = present};
  }
};

// Stored with the update and without meaning while the mode is CONFIG_MAP: so the creator, whom that mode lets in, is
// let in without a gap when the mode changes. Should the update fail, the entry waits for the next.
std::optional<model::AccessEntry> entry_with(const Change& change, const State& state, const Cluster& cluster,
                                             const PlanContext& context) {
  const auto* mode = std::get_if<model::AuthenticationModeChange>(&change);
  if (mode == nullptr || mode->previous != model::AuthenticationMode::kConfigMap) return std::nullopt;
  if (!cluster.bootstrap_creator_admin) return std::nullopt;
  return creator_entry(cluster, state.identities(), context);
}

base::Status check_idle(const State& state, const Cluster& cluster) {
  if (const Pending* pending = state.find_pending(cluster.name)) {
    const std::string reason =
        pending->update ? "update " + pending->update->id.str() + " is in progress; wait for it to end"
                        : "it is " + std::string(model::to_string(cluster.status)) + "; wait until it is ACTIVE";
    return fail(ErrorKind::kInUse, "Cluster " + cluster.name.str() + " cannot be updated: " + reason);
  }
  if (cluster.status != model::ClusterStatus::kActive) {
    return fail(ErrorKind::kInvalidRequest, "Cluster " + cluster.name.str() + " cannot be updated: it is " +
                                                std::string(model::to_string(cluster.status)));
  }
  return {};
}

}  // namespace

base::Result<Planned<model::Update>> plan_update(const State& state, const UpdateClusterRequest& request,
                                                 const std::optional<model::Update>& earlier,
                                                 const PlanContext& context) {
  const auto cluster = existing_cluster(state.world(), request.cluster);
  if (!cluster) return fail(cluster.error());
  if (earlier) {
    if (earlier->client_request_hash == request.request_hash) return Planned<model::Update>{*earlier, std::nullopt};
    return fail(ErrorKind::kInvalidParameter,
                "clientRequestToken was used before with other parameters, for update " + earlier->id.str() +
                    "; use a new token",
                "clientRequestToken");
  }
  if (auto idle = check_idle(state, **cluster); !idle) return fail(idle.error());
  auto change = std::visit(ChangeOf{**cluster, state.world(), context}, request.change);
  if (!change) return fail(change.error());

  model::Update update;
  update.id = model::UpdateId(base::random_uuid(context.entropy));
  update.cluster = request.cluster;
  update.change = *std::move(change);
  update.created_at = context.now;
  update.client_request_token = request.client_request_token;
  update.client_request_hash = request.request_hash;
  if (const auto* access = std::get_if<model::AccessChange>(&update.change)) {
    update.warnings = policy::access_warnings(state.world(), **cluster, access->target);
  }

  Cluster updating = **cluster;
  updating.status = model::ClusterStatus::kUpdating;
  store::Transaction transaction;
  transaction.puts.emplace_back(std::move(updating));
  transaction.puts.emplace_back(update);
  if (auto entry = entry_with(update.change, state, **cluster, context)) {
    transaction.puts.emplace_back(*std::move(entry));
  }
  transaction.events.push_back(audit_event(context, "eks:UpdateClusterConfig", (*cluster)->arn));
  return Planned<model::Update>{std::move(update), std::move(transaction)};
}

}  // namespace sallyport::control
