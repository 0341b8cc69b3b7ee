#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/cluster.h"
#include "model/identity.h"
#include "model/ids.h"
#include "model/network.h"
#include "model/network_objects.h"
#include "model/update.h"

namespace sallyport::store {

// Everything an enforcer or the control role keeps in memory. Update history stays in the store.
struct Inventory {
  model::Revision revision;
  std::vector<model::Cluster> clusters;
  std::vector<model::Vpc> vpcs;
  std::vector<model::Subnet> subnets;
  std::vector<model::SecurityGroup> security_groups;
  model::NetworkObjects objects;
  model::IdentityObjects identities;
};

using AnyEntity =
    std::variant<model::Cluster, model::Update, model::Vpc, model::Subnet, model::SecurityGroup, model::DhcpOptions,
                 model::PrefixList, model::NetworkInterface, model::ElasticIp, model::NatGateway, model::VpcPeering,
                 model::TransitGateway, model::TransitGatewayAttachment, model::CustomerGateway, model::VpnGateway,
                 model::VpnConnection, model::IamUser, model::AccessKeyRecord, model::IamRole, model::IamPolicy,
                 model::AccessEntry>;
using AnyEntityId =
    std::variant<model::ClusterName, model::VpcId, model::SubnetId, model::SecurityGroupId, model::DhcpOptionsId,
                 model::PrefixListId, model::NetworkInterfaceId, model::AllocationId, model::NatGatewayId,
                 model::VpcPeeringId, model::TransitGatewayId, model::AttachmentId, model::CustomerGatewayId,
                 model::VpnGatewayId, model::VpnConnectionId, model::IamUserId, model::AccessKeyId, model::IamRoleId,
                 model::IamPolicyId, model::AccessEntryId>;

// One of them. Transactions are made in hundreds of places: what copies, moves and destroys the many alternatives is
// compiled once, not in each.
struct Entity : AnyEntity {
  using AnyEntity::AnyEntity;
  Entity(const Entity& other);
  Entity(Entity&& other) noexcept;
  Entity& operator=(const Entity& other);
  Entity& operator=(Entity&& other) noexcept;
  ~Entity();
};
struct EntityId : AnyEntityId {
  using AnyEntityId::AnyEntityId;
  EntityId(const EntityId& other);
  EntityId(EntityId&& other) noexcept;
  EntityId& operator=(const EntityId& other);
  EntityId& operator=(EntityId&& other) noexcept;
  ~EntityId();
};

// A change of state by a caller, kept for good beside the change it made.
struct AuditEvent {
  base::Time at{};
  std::string request_id;
  std::string principal;  // ARN
  std::string source_address;
  std::string action;    // "eks:UpdateClusterConfig"
  std::string resource;  // ARN
};

// Applied whole or not at all.
struct Transaction {
  // When set: refused with kConflict if any entity this transaction puts or erases was changed or erased
  // after that revision. An Update counts as changed only by its own puts, and as erased with its cluster.
  // Where the revision is older than the last kErasuresRemembered erasures, a missing entity is a conflict.
  std::optional<model::Revision> based_on;
  std::vector<Entity> puts;                                   // inserted or replaced, in order
  std::vector<EntityId> erases;                               // after the puts; a cluster's updates go with it
  std::vector<std::pair<std::string, std::string>> settings;  // small named values of the installation
  std::vector<AuditEvent> events;
};

// Where an update stands in its cluster's history; opaque outside the store.
struct HistoryPosition {
  std::uint64_t sequence = 0;
};

struct UpdatePage {
  std::vector<model::Update> updates;   // newest first
  std::optional<HistoryPosition> next;  // where the following page starts; nothing at the end
};

// Durable state. Implementations: sqlite/ (one machine). All methods are thread-safe and may block on
// the disk; a returned success is durable. Held from the put on: an update's cluster exists, the VPC of a subnet and
// of a security group, the subnet and the VPC of a network interface and of a NAT gateway, and two updates of a
// cluster never share a request token. A breach is kInvalidRequest and nothing is changed; where an erase leaves
// references behind, the message names whose. Every other reference is the control plane's to keep. Texts must be
// UTF-8: others are kInvalidParameter. A full disk or a failing one is kUnavailable, stored bytes that do not decode
// are kCorrupt, naming table and key.
class Store {
 public:
  virtual ~Store() = default;

  virtual base::Result<Inventory> load() = 0;
  // The new revision: one more than the last, even for an empty transaction.
  virtual base::Result<model::Revision> commit(const Transaction& transaction) = 0;

  virtual base::Result<std::optional<model::Update>> find_update(const model::ClusterName& cluster,
                                                                 const model::UpdateId& id) = 0;
  virtual base::Result<std::optional<model::Update>> find_update_by_token(const model::ClusterName& cluster,
                                                                          const std::string& token) = 0;
  // At most `limit` (1 to 100), from `from` on; the last kUpdateHistory of a cluster are kept, and
  // unfinished ones always.
  virtual base::Result<UpdatePage> list_updates(const model::ClusterName& cluster, std::optional<HistoryPosition> from,
                                                std::size_t limit) = 0;
  // Of all clusters, oldest first: what a restart resumes.
  virtual base::Result<std::vector<model::Update>> unfinished_updates() = 0;

  virtual base::Result<std::optional<std::string>> setting(const std::string& name) = 0;
  // Newest first, at most `limit`.
  virtual base::Result<std::vector<AuditEvent>> recent_events(std::size_t limit) = 0;
};

}  // namespace sallyport::store
