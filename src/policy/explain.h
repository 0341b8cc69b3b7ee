#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "model/ids.h"
#include "model/snapshot.h"
#include "policy/connected.h"
#include "policy/decide.h"
#include "policy/resolve.h"

namespace sallyport::policy {

// Everything that decides whether a client somewhere reaches a cluster, as `sallyport explain` shows it.
struct Explanation {
  std::string host;  // the endpoint's name as clients see it
  Vantage vantage;
  base::IpAddress source;   // as asked
  base::IpAddress seen_as;  // the address the listener sees; differs from `source` behind a VPC's egress
  Answer answer;            // what DNS answers at the vantage
  Arrival arrival;          // the side a client that follows `answer` uses; public where DNS gives no address
  std::optional<ConnectedNetwork>
      connected;                       // by what the source is joined to the VPC it arrives at, where it is not in it
  Decision decision;                   // at that arrival, for `seen_as`, with its rule
  bool reachable = false;              // DNS gives an address of its family and the decision allows
  std::vector<std::string> sentences;  // the same for a person, in the order a client goes through it
};

// Follows a client at `source`, in `vpc` or, where none is given, outside every VPC: its DNS answer, the
// side that leads to, and the decision there. From inside a VPC the public side sees the VPC's egress
// address; of several, one that is denied is shown in preference, since a client cannot choose. kNotFound
// where the snapshot has no such cluster or VPC. Pure; any thread.
base::Result<Explanation> explain(const model::Snapshot& snapshot, const model::ClusterName& cluster,
                                  const base::IpAddress& source, const std::optional<model::VpcId>& vpc);

}  // namespace sallyport::policy
