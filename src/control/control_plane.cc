#include "control/control_plane.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/limits.h"
#include "control/ack_board.h"
#include "control/ledger.h"
#include "control/network.h"
#include "control/network_rules.h"
#include "control/network_state.h"
#include "control/plans.h"
#include "control/provisioner.h"
#include "control/provisioning.h"
#include "control/publisher.h"
#include "control/reconciler.h"

namespace sallyport::control {

namespace {

using base::ErrorKind;
using base::fail;
using model::Cluster;
using model::ClusterName;
using model::Update;

constexpr std::uint16_t kHttpsPort = 443;
constexpr const char* kUnreachableIssue = "ClusterUnreachable";

std::vector<std::string> names_of(const std::vector<Node>& nodes) {
  std::vector<std::string> names;
  for (const Node& node : nodes)
    names.push_back(node.name);
  return names;
}

base::Status make_default_vpc(Ledger& ledger, store::Store& store, const Settings& settings, base::Entropy& entropy) {
  return ledger.write([&](const State&) -> base::Result<std::optional<store::Transaction>> {
    const auto made = store.setting(kDefaultVpcSetting);
    if (!made) return fail(made.error());
    if (*made) return std::nullopt;
    auto transaction = default_vpc(settings.default_vpc_cidr, settings.region, entropy);
    if (!transaction) return fail(transaction.error());
    return *std::move(transaction);
  });
}

class LedgerControlPlane final : public ControlPlane {
 public:
  LedgerControlPlane(store::Store& store, const base::Clock& clock, base::Entropy& entropy, Settings settings,
                     std::vector<Node> nodes, std::unique_ptr<Ledger> ledger)
      : store_(store),
        clock_(clock),
        entropy_(entropy),
        settings_(std::move(settings)),
        ledger_(std::move(ledger)),
        board_(std::make_shared<AckBoard>(names_of(nodes))),
        publisher_(*ledger_, board_, std::move(nodes)),
        provisioner_(settings_.provider, [this] { board_->ring(); }),
        reconciler_(*ledger_, board_, publisher_, clock_, settings_.acknowledge_time, provisioner_) {}

  base::Result<Cluster> create_cluster(const CreateClusterRequest& request, const Caller& caller) override {
    return carry_out<Cluster>(
        caller, [&](const State& state, const PlanContext& context) { return plan_create(state, request, context); });
  }

  base::Result<Cluster> delete_cluster(const ClusterName& name, const Caller& caller) override {
    return carry_out<Cluster>(
        caller, [&](const State& state, const PlanContext& context) { return plan_delete(state, name, context); });
  }

  base::Result<Update> update_cluster(const UpdateClusterRequest& request, const Caller& caller) override {
    auto accepted =
        carry_out<Update>(caller, [&](const State& state, const PlanContext& context) -> base::Result<Planned<Update>> {
          std::optional<Update> earlier;
          if (!request.client_request_token.empty()) {
            auto found = store_.find_update_by_token(request.cluster, request.client_request_token);
            if (!found) return fail(ErrorKind::kUnavailable, "The store cannot be read: " + found.error().message);
            earlier = *std::move(found);
          }
          return plan_update(state, request, earlier, context);
        });
    if (!accepted) return accepted;
    for (const std::string& warning : accepted->warnings)
      spdlog::warn("update {} of cluster {}: {}", accepted->id.str(), accepted->cluster.str(), warning);
    return accepted;
  }

  base::Status tag_cluster(const ClusterName& name, const model::Tags& tags, const Caller& caller) override {
    return without_value(carry_out<Cluster>(
        caller, [&](const State& state, const PlanContext& context) { return plan_tag(state, name, tags, context); }));
  }

  base::Status untag_cluster(const ClusterName& name, const std::vector<std::string>& keys,
                             const Caller& caller) override {
    return without_value(carry_out<Cluster>(caller, [&](const State& state, const PlanContext& context) {
      return plan_untag(state, name, keys, context);
    }));
  }

  base::Result<Cluster> describe_cluster(const ClusterName& name) const override {
    return ledger_->read([&](const State& state) -> base::Result<Cluster> {
      const auto cluster = existing_cluster(state.world(), name);
      if (!cluster) return fail(cluster.error());
      return **cluster;
    });
  }

  std::vector<ClusterName> list_clusters(const std::optional<ClusterName>& after, std::size_t limit) const override {
    return ledger_->read([&](const State& state) {
      std::vector<ClusterName> page;
      auto at = after ? state.names().upper_bound(*after) : state.names().begin();
      for (; at != state.names().end() && page.size() < limit; ++at)
        page.push_back(*at);
      return page;
    });
  }

  base::Result<Update> describe_update(const ClusterName& cluster, const model::UpdateId& id) const override {
    // In flight as long as memory says so: who reads that it has ended then finds the cluster ACTIVE.
    auto in_flight = ledger_->read([&](const State& state) -> base::Result<std::optional<Update>> {
      if (auto known = existing_cluster(state.world(), cluster); !known) return fail(known.error());
      const Pending* pending = state.find_pending(cluster);
      return pending != nullptr && pending->update && pending->update->id == id ? pending->update : std::nullopt;
    });
    if (!in_flight) return fail(in_flight.error());
    if (*in_flight) return **std::move(in_flight);
    auto update = store_.find_update(cluster, id);
    if (!update) return fail(ErrorKind::kUnavailable, "The store cannot be read: " + update.error().message);
    if (!*update) return fail(ErrorKind::kNotFound, "No update found for ID: " + id.str(), "updateId");
    return **std::move(update);
  }

  base::Result<store::UpdatePage> list_updates(const ClusterName& cluster, std::optional<store::HistoryPosition> from,
                                               std::size_t limit) const override {
    if (auto known = describe_cluster(cluster); !known) return fail(known.error());
    auto page = store_.list_updates(cluster, from, limit);
    if (!page) return fail(ErrorKind::kUnavailable, "The store cannot be read: " + page.error().message);
    return page;
  }

  base::Status change_network(const NetworkPlan& plan, const std::string& action, const Caller& caller) override {
    bool changed = false;
    const auto written = ledger_->write([&](const State& state) -> base::Result<std::optional<store::Transaction>> {
      changed = false;
      auto transaction = plan(state.world());
      if (!transaction || !*transaction) return transaction;
      const model::Snapshot after = network_after(state.world(), **transaction);
      if (auto kept = check_network_change(state, after, **transaction, settings_); !kept) return fail(kept.error());
      if (auto added = add_derived(after, **transaction); !added) return fail(added.error());
      changed = true;
      (*transaction)->events.push_back(audit_event(context_of(caller), action, model::Arn{}));
      return transaction;
    });
    const model::Revision revision = ledger_->revision();
    board_->ring();
    if (!written) return fail(written.error());
    if (changed) wait_enforced(revision, action);
    return {};
  }

  void read_state(const std::function<void(const model::Snapshot& world)>& read) const override {
    ledger_->read([&](const State& state) {
      read(state.world());
      return true;
    });
  }

  base::Status change_identities(const IdentityPlan& plan, const std::string& action, const Caller& caller) override {
    auto written = ledger_->write([&](const State& state) -> base::Result<std::optional<store::Transaction>> {
      auto transaction = plan(state.identities());
      if (!transaction || !*transaction) return transaction;
      (*transaction)->events.push_back(audit_event(context_of(caller), action, model::Arn{}));
      return transaction;
    });
    board_->ring();
    return written;
  }

  void read_identities(const std::function<void(const model::IdentityObjects& identities)>& read) const override {
    ledger_->read([&](const State& state) {
      read(state.identities());
      return true;
    });
  }

  base::Status change_entries(const ClusterName& name, const EntryPlan& plan, const std::string& action,
                              const Caller& caller) override {
    auto written = ledger_->write([&](const State& state) -> base::Result<std::optional<store::Transaction>> {
      const auto cluster = existing_cluster(state.world(), name);
      if (!cluster) return fail(cluster.error());
      if ((*cluster)->status == model::ClusterStatus::kDeleting) {
        return fail(ErrorKind::kInvalidRequest,
                    "Cluster " + name.str() + " is being deleted, its access entries with it");
      }
      auto transaction = plan(**cluster, state.identities());
      if (!transaction || !*transaction) return transaction;
      (*transaction)->events.push_back(audit_event(context_of(caller), action, (*cluster)->arn));
      return transaction;
    });
    board_->ring();
    return written;
  }

  void report_health(const ClusterName& name, std::vector<model::HealthIssue> issues) override {
    bool unreachable = false;
    const auto written = ledger_->write([&](const State& state) -> base::Result<std::optional<store::Transaction>> {
      const Cluster* cluster = state.world().find_cluster(name);
      if (cluster == nullptr) return std::nullopt;
      std::vector<model::HealthIssue> found = issues;
      std::ranges::copy_if(cluster->health_issues, std::back_inserter(found), is_provider_issue);
      unreachable = model::is_provided(*cluster) &&
                    std::ranges::any_of(found, [](const auto& issue) { return issue.code == kUnreachableIssue; });
      if (cluster->health_issues == found) return std::nullopt;
      Cluster changed = *cluster;
      changed.health_issues = std::move(found);
      store::Transaction transaction;
      transaction.puts.emplace_back(std::move(changed));
      return transaction;
    });
    if (!written) spdlog::warn("health of cluster {} was not stored: {}", name.str(), written.error().message);
    board_->ring();
    if (unreachable) reconciler_.check_servers(name);
  }

  std::optional<std::string> provider_progress(const ClusterName& name) const override {
    const auto cluster = describe_cluster(name);
    return cluster ? provisioner_.progress(cluster->endpoint_id) : std::nullopt;
  }

  model::SnapshotPtr snapshot() const override { return publisher_.snapshot(); }

  Status status() const override {
    Status status;
    ledger_->read([&](const State& state) {
      status.stored = state.revision();
      status.clusters = state.names().size();
      status.updates_in_flight = static_cast<std::size_t>(
          std::ranges::count_if(state.pending(), [](const auto& entry) { return entry.second.update.has_value(); }));
      return true;
    });
    status.nodes = board_->nodes();
    status.updates_successful = reconciler_.updates_successful();
    status.updates_failed = reconciler_.updates_failed();
    status.connections_cut = board_->total_cuts();
    return status;
  }

  std::string endpoint_url(const Cluster& cluster) const override {
    using Side = model::Listener::Side;
    const auto& listeners = settings_.listeners;
    auto shown = std::ranges::find(listeners, Side::kPublic, &model::Listener::side);
    if (shown == listeners.end()) shown = std::ranges::find(listeners, Side::kPrivate, &model::Listener::side);
    std::string url = "https://" + model::endpoint_host(cluster.endpoint_id, settings_.region, settings_.zone);
    if (shown != listeners.end() && shown->advertise.port != kHttpsPort) {
      url += ":" + std::to_string(shown->advertise.port);
    }
    return url;
  }

 private:
  PlanContext context_of(const Caller& caller) const {
    return {.settings = settings_, .caller = caller, .now = clock_.now(), .entropy = entropy_};
  }

  // Makes the plan, commits it, tells the reconciler.
  template <class Answer, class MakePlan>
  base::Result<Answer> carry_out(const Caller& caller, const MakePlan& make_plan) {
    std::optional<Answer> answer;
    const auto written = ledger_->write([&](const State& state) -> base::Result<std::optional<store::Transaction>> {
      auto planned = make_plan(state, context_of(caller));
      if (!planned) return fail(planned.error());
      answer = std::move(planned->answer);
      return std::move(planned->transaction);
    });
    board_->ring();  // after a failure too: the store may have the change, and the reconciler reads it again
    if (!written) return fail(written.error());
    return *std::move(answer);
  }

  // The change is stored and will be enforced whatever happens here; who waits only learns that it is.
  void wait_enforced(model::Revision revision, const std::string& action) const {
    const auto deadline = std::chrono::steady_clock::now() +
                          std::min<base::Millis>(base::limits::kNetworkEnforceTime, settings_.acknowledge_time);
    while (true) {
      const std::uint64_t seen = board_->generation();
      const Enforcement enforcement = board_->enforcement(revision);
      if (enforcement.everywhere) return;
      if (enforcement.failure || std::chrono::steady_clock::now() >= deadline) break;
      board_->wait(seen, deadline);
    }
    spdlog::warn("{} is stored as revision {} and not yet enforced everywhere; `sallyport status` names the nodes",
                 action, revision.value());
  }

  static base::Status without_value(const base::Result<Cluster>& result) {
    if (!result) return fail(result.error());
    return {};
  }

  store::Store& store_;
  const base::Clock& clock_;
  base::Entropy& entropy_;
  const Settings settings_;
  const std::unique_ptr<Ledger> ledger_;
  const std::shared_ptr<AckBoard> board_;
  Publisher publisher_;
  Provisioner provisioner_;
  Reconciler reconciler_;  // last: its thread uses all of the above
};

}  // namespace

base::Result<std::unique_ptr<ControlPlane>> ControlPlane::start(store::Store& store, const base::Clock& clock,
                                                                base::Entropy& entropy, Settings settings,
                                                                std::vector<Node> nodes) {
  auto ledger = Ledger::open(
      store,
      {.region = settings.region, .zone = settings.zone, .pools = settings.pools, .listeners = settings.listeners});
  if (!ledger) return fail(ledger.error());
  if (auto made = make_default_vpc(**ledger, store, settings, entropy); !made) return fail(made.error());
  return std::make_unique<LedgerControlPlane>(store, clock, entropy, std::move(settings), std::move(nodes),
                                              *std::move(ledger));
}

}  // namespace sallyport::control
