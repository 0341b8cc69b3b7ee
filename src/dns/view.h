#pragma once

#include <optional>
#include <vector>

#include "base/ip_address.h"
#include "dns/dns_server.h"
#include "dns/zone.h"
#include "model/snapshot.h"
#include "policy/resolve.h"

namespace sallyport::dns {

// What one listening address shows.
struct View {
  policy::Vantage vantage;
  bool forwards = false;                       // other names go to the configured resolvers
  std::vector<base::IpAddress> own_addresses;  // of the name server, as seen from here
};

// A snapshot made ready to answer from. Immutable and shared by all threads.
struct Served {
  model::SnapshotPtr snapshot;
  Zone zone;
  // By listener: the public ones first, then the resolvers, in the order of the configuration. Nothing
  // where a resolver's VPC is unknown or ambiguous: everything is refused there.
  std::vector<std::optional<View>> views;
  // Resolvers whose address lies in more than one VPC, for the log.
  std::vector<base::SocketAddress> ambiguous;
};

// Fails when the snapshot's zone is no domain name. Pure.
base::Result<Served> make_served(const DnsConfig& config, model::SnapshotPtr snapshot);

}  // namespace sallyport::dns
