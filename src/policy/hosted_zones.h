#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "model/cluster.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// A private hosted zone as operators see it.
struct ZoneState {
  model::HostedZone zone;
  model::ClusterName cluster;
  std::string name;                      // the endpoint's, as clients see it
  std::vector<base::IpAddress> records;  // what the VPC's resolver answers from it; empty while not serving
  bool serving = false;                  // the VPC's resolver answers from it
  std::string obstacle;                  // why it does not: VPC setting, no private listener; empty while serving
};

// Nothing for a cluster without private access. Pure; any thread.
std::optional<ZoneState> zone_state(const model::Snapshot& snapshot, const model::Cluster& cluster);
// All of them, by cluster name.
std::vector<ZoneState> zone_states(const model::Snapshot& snapshot);

struct ZoneCounts {
  std::size_t serving = 0;
  std::size_t not_serving = 0;
};
ZoneCounts count_zones(const model::Snapshot& snapshot);

// The DNS preconditions `vpc` lacks, as "enableDnsSupport is false, …"; empty when it is fit.
std::string unfit_settings(const model::Vpc& vpc);

}  // namespace sallyport::policy
