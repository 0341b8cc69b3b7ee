#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "control/control_plane.h"

namespace sallyport::api::eks {

// A control plane for the tests of this folder: clusters and updates in memory, everything done at once,
// every request and caller kept for inspection, and an error on demand.
class FakeControlPlane final : public control::ControlPlane {
 public:
  std::optional<base::Error> failure;  // what every call answers while set
  std::optional<control::CreateClusterRequest> created;
  std::optional<control::UpdateClusterRequest> updated;
  std::optional<control::Caller> caller;
  std::map<model::ClusterName, model::Cluster> clusters;
  std::vector<model::Update> updates;  // newest first
  model::IdentityObjects identities;

  base::Result<model::Cluster> create_cluster(const control::CreateClusterRequest& request,
                                              const control::Caller& by) override {
    if (failure) return base::fail(*failure);
    created = request;
    caller = by;
    model::Cluster cluster;
    cluster.name = request.name;
    cluster.arn = model::Arn("arn:aws:eks:us-east-1:000000000000:cluster/" + request.name.str());
    cluster.tags = request.tags;
    return clusters.insert_or_assign(cluster.name, cluster).first->second;
  }
  base::Result<model::Cluster> delete_cluster(const model::ClusterName& name, const control::Caller& by) override {
    caller = by;
    auto cluster = describe_cluster(name);
    if (cluster) {
      cluster->status = model::ClusterStatus::kDeleting;
      clusters.erase(name);
    }
    return cluster;
  }
  base::Result<model::Update> update_cluster(const control::UpdateClusterRequest& request,
                                             const control::Caller& by) override {
    updated = request;
    caller = by;
    if (const auto cluster = describe_cluster(request.cluster); !cluster) return base::fail(cluster.error());
    model::Update update;
    update.id =
        model::UpdateId("00000000-0000-4000-8000-" + std::string(9, '0') + std::to_string(100 + updates.size()));
    update.cluster = request.cluster;
    update.change = model::DeletionProtectionChange{true, false};
    updates.insert(updates.begin(), update);
    return update;
  }
  base::Status tag_cluster(const model::ClusterName& name, const model::Tags& tags,
                           const control::Caller& by) override {
    caller = by;
    if (failure) return base::fail(*failure);
    for (const auto& [key, value] : tags)
      clusters.at(name).tags[key] = value;
    return {};
  }
  base::Status untag_cluster(const model::ClusterName& name, const std::vector<std::string>& keys,
                             const control::Caller& by) override {
    caller = by;
    if (failure) return base::fail(*failure);
    for (const std::string& key : keys)
      clusters.at(name).tags.erase(key);
    return {};
  }

  std::optional<std::string> provider_progress(const model::ClusterName&) const override { return std::nullopt; }
  base::Result<model::Cluster> describe_cluster(const model::ClusterName& name) const override {
    if (failure) return base::fail(*failure);
    const auto found = clusters.find(name);
    if (found == clusters.end()) {
      return base::fail(base::ErrorKind::kNotFound, "No cluster found for name: " + name.str() + ".", "name");
    }
    return found->second;
  }
  std::vector<model::ClusterName> list_clusters(const std::optional<model::ClusterName>& after,
                                                std::size_t limit) const override {
    std::vector<model::ClusterName> names;
    for (auto at = after ? clusters.upper_bound(*after) : clusters.begin(); at != clusters.end(); ++at) {
      if (names.size() == limit) break;
      names.push_back(at->first);
    }
    return names;
  }
  base::Result<model::Update> describe_update(const model::ClusterName& cluster,
                                              const model::UpdateId& id) const override {
    if (const auto found = describe_cluster(cluster); !found) return base::fail(found.error());
    for (const model::Update& update : updates) {
      if (update.cluster == cluster && update.id == id) return update;
    }
    return base::fail(base::ErrorKind::kNotFound, "No update found for ID: " + id.str() + ".", "updateId");
  }
  // A position is the number of updates older than or at the page's start, so new ones do not move it.
  base::Result<store::UpdatePage> list_updates(const model::ClusterName& cluster,
                                               std::optional<store::HistoryPosition> from,
                                               std::size_t limit) const override {
    if (const auto found = describe_cluster(cluster); !found) return base::fail(found.error());
    store::UpdatePage page;
    std::size_t left = from ? static_cast<std::size_t>(from->sequence) : updates.size();
    for (; left > 0 && page.updates.size() < limit; --left)
      page.updates.push_back(updates.at(updates.size() - left));
    if (left > 0) page.next = store::HistoryPosition{left};
    return page;
  }

  base::Status change_network(const NetworkPlan& plan, const std::string&, const control::Caller& by) override {
    caller = by;
    if (failure) return base::fail(*failure);
    const auto transaction = plan(*snapshot());
    if (!transaction) return base::fail(transaction.error());
    return {};
  }
  base::Status change_identities(const IdentityPlan& plan, const std::string&, const control::Caller& by) override {
    caller = by;
    const auto planned = plan(identities);
    return planned ? base::Status() : base::Status(base::fail(planned.error()));
  }
  base::Status change_entries(const model::ClusterName& name, const EntryPlan& plan, const std::string&,
                              const control::Caller& by) override {
    caller = by;
    const auto cluster = describe_cluster(name);
    if (!cluster) return base::fail(cluster.error());
    const auto planned = plan(*cluster, identities);
    return planned ? base::Status() : base::Status(base::fail(planned.error()));
  }
  void read_identities(const std::function<void(const model::IdentityObjects&)>& read) const override {
    read(identities);
  }
  void read_state(const std::function<void(const model::Snapshot&)>& read) const override { read(*snapshot()); }

  void report_health(const model::ClusterName&, std::vector<model::HealthIssue>) override {}
  model::SnapshotPtr snapshot() const override {
    auto snapshot = std::make_shared<model::Snapshot>();
    snapshot->zone = "sallyport.internal";
    for (const auto& [name, cluster] : clusters)
      snapshot->put_cluster(cluster);
    return snapshot;
  }
  control::Status status() const override { return {}; }
  std::string endpoint_url(const model::Cluster& cluster) const override {
    return "https://" + cluster.endpoint_id.str() + ".gr1.us-east-1.eks.sallyport.internal";
  }
};

}  // namespace sallyport::api::eks
