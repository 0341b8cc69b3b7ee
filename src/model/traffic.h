#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/time.h"

namespace sallyport::model {

// Connections of one source at one side of a cluster.
struct SourceTraffic {
  base::IpAddress source;
  bool private_arrival = false;
  std::uint64_t connections = 0;  // at least so many
  std::uint64_t uncertain = 0;    // and at most so many more
  std::string reason;             // of the last denial, as policy::Reason and the gateway's counters have it
  bool allowed_now = false;       // by the setting in force
  bool by_kernel = false;         // dropped before there was a connection
  base::Time last_seen{};
};

struct TrafficInterval {
  base::Time start{};
  std::uint64_t allowed = 0;
  std::uint64_t denied = 0;
  std::uint64_t unnamed = 0;  // denied before they named a cluster, at the listeners that serve this one
};

// What gateways saw of one cluster. Totals and intervals are exact, counts of sources are estimates with their bounds
// (gateway/frequent_sources.h).
struct Traffic {
  // Of `allowed` and `denied`: whatever came later is counted. What came earlier is not, but where a gateway had no
  // room for all its clusters: then some may be.
  base::Time since{};
  std::chrono::seconds interval{};
  std::vector<TrafficInterval> intervals;  // oldest first, without a gap; the last is not over
  std::uint64_t allowed = 0;
  std::uint64_t denied = 0;
  std::uint64_t unnamed = 0;  // those the gateway itself refused
  base::Time unnamed_since{};
  // Each with the most connections first.
  std::vector<SourceTraffic> allowed_sources;
  std::vector<SourceTraffic> denied_sources;
  std::vector<SourceTraffic> unnamed_sources;  // of the gateway and of the kernel filter
  bool kernel_filter = false;   // drops sources that no cluster of a listener admits, before they name one
  bool kernel_sources = false;  // and remembers them, the most recent alone
  // By all listeners. This and the sources it remembers are of the filter, which outlives a restart that hands it over.
  std::uint64_t kernel_dropped = 0;
  std::uint64_t untracked = 0;  // events of clusters there was no room for
};

}  // namespace sallyport::model
