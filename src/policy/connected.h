#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/cidr.h"
#include "model/ids.h"
#include "model/network.h"
#include "model/network_objects.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// A block outside a VPC from which traffic reaches it.
struct ConnectedNetwork {
  model::Cidr block;
  std::string via;  // "pcx-…", "tgw-…" or "vgw-…"

  friend bool operator==(const ConnectedNetwork&, const ConnectedNetwork&) = default;
};

// A route in force in a transit gateway's route table.
struct TransitRoute {
  model::Cidr destination;
  std::optional<model::AttachmentId> attachment;  // nothing: a black hole, or its attachment is gone
  bool propagated = false;                        // by an attached VPC; else static

  friend bool operator==(const TransitRoute&, const TransitRoute&) = default;
};

// By destination, one for each: a static route comes before a propagated one, of propagated ones that of the
// first attachment. An attached VPC propagates its IPv4 blocks, and its IPv6 ones where it has IPv6 support.
// Pure; any thread.
std::vector<TransitRoute> transit_routes(const model::Snapshot& snapshot, const model::TransitGateway& gateway);

// What peering connections, transit gateways and VPN connections join to `vpc`, in the order of their ids:
//  - the blocks of VPCs peered with it, once accepted; never what lies behind those (peering is not transitive);
//  - through each transit gateway it is attached to, what that gateway's routes lead to by longest match:
//    attached VPCs' blocks propagate, static routes come before them, black holes and routes back into the VPC
//    itself lead nowhere (Amazon VPC Transit Gateways guide, "Routing");
//  - the static routes of VPN connections at its virtual private gateway.
// Overlapping blocks may be given more than once. Pure; any thread.
std::vector<ConnectedNetwork> connected_networks(const model::Snapshot& snapshot, const model::Vpc& vpc);

// transit_routes of one snapshot, each worked out once. One thread's.
class TransitRoutes {
 public:
  explicit TransitRoutes(const model::Snapshot& snapshot) : snapshot_(snapshot) {}
  const std::vector<TransitRoute>& of(const model::TransitGateway& gateway);

 private:
  const model::Snapshot& snapshot_;
  std::map<model::TransitGatewayId, std::vector<TransitRoute>> known_;
};

// The same for one VPC after the other.
std::vector<ConnectedNetwork> connected_networks(const model::Snapshot& snapshot, const model::Vpc& vpc,
                                                 TransitRoutes& routes);

// The largest blocks that together hold what `from` holds and none of `holes` does. Pure.
std::vector<model::Cidr> without(const model::Cidr& from, const std::vector<model::Cidr>& holes);

}  // namespace sallyport::policy
