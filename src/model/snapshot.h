#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/shared_map.h"
#include "model/cluster.h"
#include "model/ids.h"
#include "model/network.h"
#include "model/network_objects.h"

namespace sallyport::model {

// A front door of the gateway as the outside sees it. Public ones have no subnet. A private one whose
// address lies in no known subnet has neither vpc nor subnet and serves nobody.
struct Listener {
  enum class Side { kPublic, kPrivate };
  Side side = Side::kPublic;
  base::SocketAddress bind;
  base::SocketAddress advertise;   // equals bind unless behind NAT
  std::optional<VpcId> vpc;        // private only
  std::optional<SubnetId> subnet;  // private only
  std::string device;              // SO_BINDTODEVICE; empty for none

  friend bool operator==(const Listener&, const Listener&) = default;
};

// Existing API servers, from the configuration's [[pool]] or a provider.
struct Pool {
  PoolName name;
  std::vector<base::SocketAddress> servers;
  std::string ca_pem;
  bool send_proxy_protocol = false;

  friend bool operator==(const Pool&, const Pool&) = default;
};

// The whole enforced truth at one revision. Immutable once published. Consecutive snapshots share their tables but for
// what changed, so a copy costs a pointer a table and comparing two costs what differs; entities are shared too, so
// that pointer inequality is a cheap test for "changed".
struct Snapshot {
  Revision revision;
  Region region;
  std::string zone;  // "sallyport.internal"
  std::vector<Listener> listeners;
  base::SharedMap<ClusterName, std::shared_ptr<const Cluster>> clusters;
  base::SharedMap<std::string, std::shared_ptr<const Cluster>> by_host;  // key: endpoint_host_key
  base::SharedMap<VpcId, std::shared_ptr<const Vpc>> vpcs;
  base::SharedMap<SubnetId, std::shared_ptr<const Subnet>> subnets;
  base::SharedMap<SecurityGroupId, std::shared_ptr<const SecurityGroup>> security_groups;
  NetworkObjects objects;
  base::SharedMap<PoolName, std::shared_ptr<const Pool>> pools;

  const Cluster* find_cluster(const ClusterName& name) const;
  // `host` in any case, with or without a trailing dot.
  const Cluster* find_host(std::string_view host) const;
  const Vpc* find_vpc(const VpcId& id) const;
  const Subnet* find_subnet(const SubnetId& id) const;
  const SecurityGroup* find_security_group(const SecurityGroupId& id) const;
  const Pool* find_pool(const PoolName& name) const;

  // One of the kinds of NetworkObjects; null where there is none of that id.
  template <class T>
  const T* find(const IdOf<T>& id) const {
    const auto found = all<T>().find(id);
    return found == all<T>().end() ? nullptr : found->second.get();
  }
  template <class T>
  const Table<T>& all() const {
    return std::get<Table<T>>(objects);
  }

  // Keep `clusters` and `by_host` in step.
  void put_cluster(Cluster cluster);
  void erase_cluster(const ClusterName& name);
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace sallyport::model
