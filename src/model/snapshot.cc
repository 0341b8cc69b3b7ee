#include "model/snapshot.h"

#include <utility>

#include "base/bytes.h"

namespace sallyport::model {

namespace {

template <class Map, class Key>
auto find_in(const Map& map, const Key& key) -> const typename Map::mapped_type::element_type* {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second.get();
}

}  // namespace

const Cluster* Snapshot::find_cluster(const ClusterName& name) const { return find_in(clusters, name); }

const Cluster* Snapshot::find_host(std::string_view host) const {
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  // Kept from call to call: whoever floods DNS with names pays for no allocation of ours.
  thread_local std::string key;
  key.assign(host);
  base::ascii_lower_in_place(key);
  return find_in(by_host, key);
}

const Vpc* Snapshot::find_vpc(const VpcId& id) const { return find_in(vpcs, id); }
const Subnet* Snapshot::find_subnet(const SubnetId& id) const { return find_in(subnets, id); }
const SecurityGroup* Snapshot::find_security_group(const SecurityGroupId& id) const {
  return find_in(security_groups, id);
}
const Pool* Snapshot::find_pool(const PoolName& name) const { return find_in(pools, name); }

void Snapshot::put_cluster(Cluster cluster) {
  erase_cluster(cluster.name);
  auto shared = std::make_shared<const Cluster>(std::move(cluster));
  by_host[endpoint_host_key(shared->endpoint_id, region, zone)] = shared;
  clusters[shared->name] = shared;
}

void Snapshot::erase_cluster(const ClusterName& name) {
  const auto found = clusters.find(name);
  if (found == clusters.end()) return;
  by_host.erase(endpoint_host_key(found->second->endpoint_id, region, zone));
  clusters.erase(name);
}

}  // namespace sallyport::model
