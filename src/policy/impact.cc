#include "policy/impact.h"

#include "policy/decide.h"

namespace sallyport::policy {

Impact impact(const model::Snapshot& snapshot, const model::ClusterName& name, const model::EndpointAccess& target,
              std::span<const LiveConnections> live) {
  Impact found;
  const model::Cluster* present = snapshot.find_cluster(name);
  if (present == nullptr) return found;
  model::Snapshot changed = snapshot;  // pointers only
  model::Cluster cluster = *present;
  cluster.access = target;
  changed.put_cluster(cluster);

  for (const LiveConnections& connections : live) {
    if (connections.cluster != name) continue;
    const Arrival arrival{connections.private_vpc};
    if (decide(changed, cluster, arrival, connections.source).allow) {
      found.connections_kept += connections.count;
    } else {
      found.cut.push_back(connections);
      found.connections_cut += connections.count;
    }
  }
  return found;
}

}  // namespace sallyport::policy
