#include "control/reconciler.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "control/network_rules.h"

namespace sallyport::control {

namespace {

using namespace std::chrono_literals;
using model::ClusterStatus;
using model::UpdateStatus;

constexpr std::size_t kStepsPerTransaction = 64;
constexpr base::Millis kFirstPause = 200ms;
constexpr base::Millis kLongestPause = 30s;

// The cluster's own group stays where another cluster was given it too, or may be by an update in flight, whichever
// way that ends, or an interface is in it. One that is being deleted needs it no longer.
bool group_is_shared(const State& state, const model::Cluster& owner) {
  const auto named_by = [&](const model::VpcConfig& config) {
    const auto& group = owner.vpc_config.cluster_security_group;
    return std::ranges::find(config.security_groups, group) != config.security_groups.end();
  };
  const auto uses = [&](const auto& entry) {
    const model::Cluster& other = *entry.second;
    return other.name != owner.name && other.status != ClusterStatus::kDeleting && named_by(other.vpc_config);
  };
  const auto may_use = [&](const model::ClusterName& name, const model::VpcConfig& config) {
    return name != owner.name && named_by(config);
  };
  const bool has_members = std::ranges::any_of(state.world().all<model::NetworkInterface>(), [&](const auto& entry) {
    const auto& groups = entry.second->groups;
    return std::ranges::find(groups, owner.vpc_config.cluster_security_group) != groups.end();
  });
  return has_members || std::ranges::any_of(state.world().clusters, uses) ||
         update_that_may_end_with(state, may_use) != nullptr;
}

}  // namespace

struct Reconciler::Batch {
  store::Transaction transaction;
  std::vector<model::Update> updates;    // as they are after it
  std::vector<model::Cluster> provided;  // as a provider's work leaves them
  std::vector<model::EndpointId> gone;
  std::size_t steps = 0;
};

void Reconciler::Backoff::failed(Steady::time_point now) {
  pause = std::clamp(pause * 2, kFirstPause, kLongestPause);
  until = now + pause;
}

Reconciler::Reconciler(Ledger& ledger, std::shared_ptr<AckBoard> board, Publisher& publisher, const base::Clock& clock,
                       base::Millis acknowledge_time, Provisioner& provisioner)
    : ledger_(ledger),
      board_(std::move(board)),
      publisher_(publisher),
      clock_(clock),
      acknowledge_time_(acknowledge_time),
      provisioning_(provisioner) {
  ledger_.read([&](const State& state) {
    count_cuts(state);
    provisioning_.resume(state);
    return true;
  });
  publisher_.publish();
  thread_ = std::thread([this] { run(); });
}

Reconciler::~Reconciler() {
  stopping_ = true;
  board_->ring();
  thread_.join();
}

void Reconciler::run() {
  while (!stopping_) {
    const std::uint64_t seen = board_->generation();
    bool moved = false;
    try {
      moved = pass();
    } catch (const std::exception& e) {
      spdlog::error("reconciliation failed, will be tried again: {}", e.what());
      store_backoff_.failed(Steady::now());
    }
    if (!moved && !stopping_) board_->wait(seen, deadline());
  }
}

bool Reconciler::pass() {
  const auto now = Steady::now();
  bool moved = store_backoff_.due(now) && (advance(now) || retry_failed_nodes(now));
  moved = publisher_.publish() || moved;
  return moved;
}

bool Reconciler::advance(Steady::time_point now) {
  Batch batch;
  const auto written = ledger_.write([&](const State& state) -> base::Result<std::optional<store::Transaction>> {
    batch = {};
    plan(state, now, batch);
    if (batch.steps == 0) return std::nullopt;
    return batch.transaction;
  });
  if (!written) {
    store_backoff_.failed(now);
    spdlog::warn("a step of {} could not be stored, next attempt in {} ms: {}",
                 batch.steps == 1 ? "one cluster" : std::to_string(batch.steps) + " clusters",
                 store_backoff_.pause.count(), written.error().message);
    return false;
  }
  store_backoff_.cleared();
  committed(batch);
  return batch.steps > 0;
}

void Reconciler::plan(const State& state, Steady::time_point now, Batch& batch) {
  // A step may have been stored though its commit failed: begin from what the state says.
  std::erase_if(waits_, [&](const auto& wait) {
    const bool over = state.find_pending(wait.first) == nullptr;
    if (over) board_->stop_counting(wait.first);
    return over;
  });
  count_cuts(state);
  for (const auto& [name, pending] : state.pending()) {
    if (batch.steps == kStepsPerTransaction) return;
    const model::Cluster* cluster = state.world().find_cluster(name);
    if (cluster == nullptr) continue;
    const Enforcement enforcement = board_->enforcement(pending.since);
    if (pending.update) {
      const model::Update& update = *pending.update;
      const Step step = next_step(update, enforcement, waited(update, now), acknowledge_time_);
      if (step.kind == Step::Kind::kWait) continue;
      model::Update after = update_after(update, step, clock_.now(), state.revision().next(), board_->cuts(name));
      batch.transaction.puts.emplace_back(cluster_after(*cluster, update, step));
      batch.transaction.puts.emplace_back(after);
      batch.updates.push_back(std::move(after));
    } else if (!plan_transit(state, *cluster, enforcement, now, batch)) {
      continue;
    }
    ++batch.steps;
  }
  for (model::Cluster& cluster : provisioning_.after_checks(state, now)) {
    batch.transaction.puts.emplace_back(cluster);
    batch.provided.push_back(std::move(cluster));
    ++batch.steps;
  }
}

bool Reconciler::plan_transit(const State& state, const model::Cluster& cluster, const Enforcement& enforcement,
                              Steady::time_point now, Batch& batch) {
  const auto put_provided = [&](model::Cluster provided) {
    batch.transaction.puts.emplace_back(provided);
    batch.provided.push_back(std::move(provided));
  };
  const bool provided = model::is_provided(cluster);
  if (cluster.status == ClusterStatus::kCreating && provided && cluster.servers.empty()) {
    auto after = provisioning_.after_create(cluster);
    if (!after) return false;
    put_provided(*std::move(after));
    return true;
  }
  if (!enforcement.everywhere) return false;
  if (cluster.status == ClusterStatus::kCreating) {
    model::Cluster active = cluster;
    active.status = ClusterStatus::kActive;
    batch.transaction.puts.emplace_back(std::move(active));
    return true;
  }
  if (provided) {
    auto removal = provisioning_.after_remove(cluster, now);
    if (removal.complaint) put_provided(*std::move(removal.complaint));
    if (!removal.done) return removal.complaint.has_value();
    batch.gone.push_back(cluster.endpoint_id);
  }
  batch.transaction.erases.emplace_back(cluster.name);
  for (const model::AccessEntry* entry : model::entries_of(state.identities(), cluster.name))
    batch.transaction.erases.emplace_back(entry->id);
  const auto& group = cluster.vpc_config.cluster_security_group;
  if (state.world().find_security_group(group) != nullptr && !group_is_shared(state, cluster)) {
    batch.transaction.erases.emplace_back(group);
  }
  return true;
}

void Reconciler::check_servers(const model::ClusterName& name) {
  provisioning_.check(name);
  board_->ring();
}

void Reconciler::committed(const Batch& batch) {
  for (const model::Cluster& cluster : batch.provided) {
    if (cluster.status == ClusterStatus::kFailed)
      spdlog::warn("cluster {}: {}", cluster.name.str(), cluster.health_issues.back().message);
    provisioning_.stored(cluster);
  }
  for (const model::EndpointId& cluster : batch.gone)
    provisioning_.gone(cluster);
  for (const model::Update& update : batch.updates) {
    if (update.status == UpdateStatus::kInProgress) {
      board_->count_cuts(update, *update.revision);
      continue;
    }
    board_->stop_counting(update.cluster);
    waits_.erase(update.cluster);
    const bool ok = update.status == UpdateStatus::kSuccessful;
    ++(ok ? successful_ : failed_);
    spdlog::log(ok ? spdlog::level::info : spdlog::level::warn, "update {} of cluster {} is {}, {} connections cut{}{}",
                update.id.str(), update.cluster.str(), model::to_string(update.status), update.connections_cut,
                update.errors.empty() ? "" : ": ", update.errors.empty() ? "" : update.errors.front().message);
  }
}

void Reconciler::count_cuts(const State& state) {
  for (const auto& [name, pending] : state.pending()) {
    if (pending.update && pending.update->revision) board_->count_cuts(*pending.update, pending.since);
  }
}

bool Reconciler::retry_failed_nodes(Steady::time_point now) {
  if (!board_->some_node_failed()) {
    node_backoff_.cleared();
    return false;
  }
  if (!node_backoff_.until) {
    node_backoff_.failed(now);
    return false;
  }
  if (!node_backoff_.due(now)) return false;
  node_backoff_.failed(now);
  for (const auto& node : board_->nodes()) {
    if (node.error) spdlog::warn("node {} is given the present state again; it last said: {}", node.name, *node.error);
  }
  const auto written = ledger_.write(
      [](const State&) -> base::Result<std::optional<store::Transaction>> { return store::Transaction{}; });
  return written.has_value();
}

base::Millis Reconciler::waited(const model::Update& update, Steady::time_point now) {
  const auto [found, fresh] = waits_.try_emplace(update.cluster, Wait{update.id, update.step, now});
  Wait& wait = found->second;
  if (!fresh && (wait.update != update.id || wait.step != update.step)) wait = {update.id, update.step, now};
  return std::chrono::duration_cast<base::Millis>(now - wait.since);
}

std::optional<Reconciler::Steady::time_point> Reconciler::deadline() const {
  std::optional<Steady::time_point> earliest;
  const auto take = [&](Steady::time_point at) { earliest = earliest ? std::min(*earliest, at) : at; };
  if (store_backoff_.until) take(*store_backoff_.until);
  // While the store is failing, whatever else is overdue would make this thread spin.
  if (!store_backoff_.until) {
    if (node_backoff_.until) take(*node_backoff_.until);
    if (const auto again = provisioning_.deadline()) take(*again);
    for (const auto& [name, wait] : waits_)
      take(wait.since + acknowledge_time_);
  }
  return earliest;
}

}  // namespace sallyport::control
