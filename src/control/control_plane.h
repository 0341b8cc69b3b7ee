#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "base/time.h"
#include "control/provider.h"
#include "model/cluster.h"
#include "model/enforcement.h"
#include "model/identity.h"
#include "model/ids.h"
#include "model/snapshot.h"
#include "model/update.h"
#include "store/store.h"

namespace sallyport::control {

// Who asks, for ownership and audit.
struct Caller {
  model::Arn principal;
  std::string source_address;
  std::string request_id;
  std::string principal_id{};  // of the user or role: "AIDA…", "AROA…"; empty for root
};

// Values are syntactically valid (the API's codec saw to that); the control plane checks them against
// the state. `nullopt` means "not given".
struct CreateClusterRequest {
  model::ClusterName name;
  model::Arn role_arn;
  std::optional<std::string> version;
  std::vector<model::SubnetId> subnets;
  std::vector<model::SecurityGroupId> security_groups;
  std::optional<bool> endpoint_public_access;
  std::optional<bool> endpoint_private_access;
  std::optional<std::vector<model::Cidr>> public_access_cidrs;
  std::optional<std::string> service_ipv4_cidr;
  std::optional<std::vector<model::LogType>> enabled_logs;
  std::optional<model::AuthenticationMode> authentication_mode;
  std::optional<bool> bootstrap_creator_admin;
  std::optional<bool> deletion_protection;
  std::optional<std::string> support_type;
  model::Tags tags;
  std::string client_request_token;
  std::string request_hash;  // of everything but the token
};

struct UpdateAccessRequest {
  std::optional<bool> endpoint_public_access;
  std::optional<bool> endpoint_private_access;
  std::optional<std::vector<model::Cidr>> public_access_cidrs;
};
struct UpdateVpcRequest {
  std::optional<std::vector<model::SubnetId>> subnets;
  std::optional<std::vector<model::SecurityGroupId>> security_groups;
};
struct UpdateLoggingRequest {
  std::map<model::LogType, bool> enabled;  // only the types named in the request
};
struct UpdateDeletionProtectionRequest {
  bool enabled = false;
};

struct UpdateAuthenticationModeRequest {
  model::AuthenticationMode mode = model::AuthenticationMode::kApi;
};

struct UpdateClusterRequest {
  model::ClusterName cluster;
  std::variant<UpdateAccessRequest, UpdateVpcRequest, UpdateLoggingRequest, UpdateDeletionProtectionRequest,
               UpdateAuthenticationModeRequest>
      change;
  std::string client_request_token;
  std::string request_hash;
};

struct Settings {
  model::AccountId account;
  model::Region region;
  std::string zone;
  std::vector<model::Listener> listeners;      // vpc and subnet of private ones are found by the control plane
  std::vector<base::SocketAddress> resolvers;  // of DNS, which are to find their VPC by the address
  std::vector<model::Pool> pools;
  std::string default_kubernetes_version{model::kDefaultKubernetesVersion};
  model::Cidr default_vpc_cidr;  // of the VPC made at the first start; 172.31.0.0/16 unless configured
  std::size_t max_clusters = 100'000;
  bool refuse_reserved_cidrs = false;
  Provider* provider = nullptr;   // of API servers for clusters without a pool; outlives the control plane
  base::Millis acknowledge_time;  // how long nodes may take before an update is rolled back
};

// A process that enforces snapshots and must acknowledge an update before it is Successful.
struct Node {
  std::string name;  // "gateway", "dns"
  model::ApplyFn apply;
};

// What `sallyport status` and the metrics show.
struct Status {
  model::Revision stored;
  struct NodeStatus {
    std::string name;
    model::Revision acknowledged;
    std::optional<std::string> error;
  };
  std::vector<NodeStatus> nodes;
  std::size_t clusters = 0;
  std::size_t updates_in_flight = 0;
  std::uint64_t updates_successful = 0;  // since start
  std::uint64_t updates_failed = 0;
  std::uint64_t connections_cut = 0;
};

// The one writer of state: clusters, updates, publication to nodes. Every method is thread-safe; those
// that change state return after the change is durable. Progress (CREATING, UPDATING, DELETING, update
// steps) happens on one thread of its own, and resumes where it was after a crash at any point.
class ControlPlane {
 public:
  // Loads the store, makes the default VPC on the first start, and publishes the first snapshot.
  // `store`, `clock`, `entropy` must outlive the result.
  static base::Result<std::unique_ptr<ControlPlane>> start(store::Store& store, const base::Clock& clock,
                                                           base::Entropy& entropy, Settings settings,
                                                           std::vector<Node> nodes);
  virtual ~ControlPlane() = default;

  virtual base::Result<model::Cluster> create_cluster(const CreateClusterRequest& request, const Caller& caller) = 0;
  virtual base::Result<model::Cluster> delete_cluster(const model::ClusterName& name, const Caller& caller) = 0;
  virtual base::Result<model::Update> update_cluster(const UpdateClusterRequest& request, const Caller& caller) = 0;
  virtual base::Status tag_cluster(const model::ClusterName& name, const model::Tags& tags, const Caller& caller) = 0;
  virtual base::Status untag_cluster(const model::ClusterName& name, const std::vector<std::string>& keys,
                                     const Caller& caller) = 0;

  virtual base::Result<model::Cluster> describe_cluster(const model::ClusterName& name) const = 0;
  // Names in ascending order after `after`, at most `limit`.
  virtual std::vector<model::ClusterName> list_clusters(const std::optional<model::ClusterName>& after,
                                                        std::size_t limit) const = 0;
  virtual base::Result<model::Update> describe_update(const model::ClusterName& cluster,
                                                      const model::UpdateId& id) const = 0;
  virtual base::Result<store::UpdatePage> list_updates(const model::ClusterName& cluster,
                                                       std::optional<store::HistoryPosition> from,
                                                       std::size_t limit) const = 0;

  // What to commit for a change of the network, given the present state; nothing when there is nothing to do.
  // May be called again after a lost race.
  using NetworkPlan = std::function<base::Result<std::optional<store::Transaction>>(const model::Snapshot& world)>;
  // Commits what `plan` gives, with what follows from it, and the audit event of `action` ("ec2:CreateVpc").
  // Returns once every node enforces it; with the change stored and its enforcement going on when a node fails to,
  // and after limits::kNetworkEnforceTime. Fails, with nothing changed, with the plan's error; as policy::derive and
  // check_network_change do; else with kUnavailable.
  virtual base::Status change_network(const NetworkPlan& plan, const std::string& action, const Caller& caller) = 0;
  // The present state, as the next plan would see it. `read` runs under a lock: it must not block.
  virtual void read_state(const std::function<void(const model::Snapshot& world)>& read) const = 0;

  // The same for who may call the API. In force, here, when it returns.
  using IdentityPlan =
      std::function<base::Result<std::optional<store::Transaction>>(const model::IdentityObjects& identities)>;
  virtual base::Status change_identities(const IdentityPlan& plan, const std::string& action, const Caller& caller) = 0;
  // The present ones. `read` runs under a lock: it must not block.
  virtual void read_identities(const std::function<void(const model::IdentityObjects& identities)>& read) const = 0;

  // The same for the access entries of one cluster, which live and die with it: `plan` sees the cluster as it stands
  // when the entries change. kNotFound without it, kInvalidRequest while it is DELETING.
  using EntryPlan = std::function<base::Result<std::optional<store::Transaction>>(
      const model::Cluster& cluster, const model::IdentityObjects& identities)>;
  virtual base::Status change_entries(const model::ClusterName& name, const EntryPlan& plan, const std::string& action,
                                      const Caller& caller) = 0;

  // Replaces what health checking found about a cluster; stored, not an update. What a provider complains of stays.
  virtual void report_health(const model::ClusterName& name, std::vector<model::HealthIssue> issues) = 0;

  // What a provider is doing for the cluster, in its words; nothing when it has nothing to do for it.
  virtual std::optional<std::string> provider_progress(const model::ClusterName& name) const = 0;

  // The last published snapshot; never null.
  virtual model::SnapshotPtr snapshot() const = 0;
  virtual Status status() const = 0;
  // "https://<host>[:port]" as clients see it, by the settings' public listeners (private where none).
  virtual std::string endpoint_url(const model::Cluster& cluster) const = 0;
};

}  // namespace sallyport::control
