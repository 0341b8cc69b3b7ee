#include "api/ec2/peering.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "base/limits.h"
#include "control/network.h"

namespace sallyport::api::ec2 {

namespace {

using model::Cidr;
using model::Vpc;
using model::VpcPeering;

constexpr const char* kNotFound = "InvalidVpcPeeringConnectionID.NotFound";
constexpr const char* kNoun = "vpcPeeringConnection ID";

const char* state_of(const VpcPeering& peering) { return peering.active ? "active" : "pending-acceptance"; }
std::string message_of(const VpcPeering& peering, const Context& context) {
  return peering.active ? "Active" : "Pending Acceptance by " + context.account.str();
}

void render_options(Xml& xml, std::string_view name, bool dns) {
  xml.group(name, [&](Xml& options) {
    options.flag("allowDnsResolutionFromRemoteVpc", dns);
    options.flag("allowEgressFromLocalClassicLinkToRemoteVpc", false);
    options.flag("allowEgressFromLocalVpcToRemoteClassicLink", false);
  });
}

void render_side(Xml& xml, std::string_view name, const Context& context, const model::VpcId& id, bool dns) {
  xml.group(name, [&](Xml& side) {
    side.id("ownerId", context.account).id("vpcId", id).id("region", context.world.region);
    if (const Vpc* vpc = context.world.find_vpc(id)) {
      side.text("cidrBlock", vpc->cidr_blocks.front().to_string());
      std::vector<Cidr> v4;
      std::vector<Cidr> v6;
      for (const Cidr& block : vpc->cidr_blocks)
        (block.family() == base::Family::kV4 ? v4 : v6).push_back(block);
      side.set("cidrBlockSet", v4, [](Xml& item, const Cidr& block) { item.text("cidrBlock", block.to_string()); });
      if (!v6.empty()) {
        side.set("ipv6CidrBlockSet", v6,
                 [](Xml& item, const Cidr& block) { item.text("ipv6CidrBlock", block.to_string()); });
      }
    }
    render_options(side, "peeringOptions", dns);
  });
}

void render_peering(Xml& xml, const Context& context, const VpcPeering& peering) {
  xml.id("vpcPeeringConnectionId", peering.id);
  render_side(xml, "requesterVpcInfo", context, peering.requester, peering.requester_dns);
  render_side(xml, "accepterVpcInfo", context, peering.accepter, peering.accepter_dns);
  xml.group("status",
            [&](Xml& status) { status.text("code", state_of(peering)).text("message", message_of(peering, context)); });
  xml.tags(peering.tags);
}

Facts facts_of(const Context& context, const VpcPeering& peering) {
  Facts facts{{"vpc-peering-connection-id", peering.id.str()},
              {"status-code", state_of(peering)},
              {"status-message", message_of(peering, context)}};
  for (const auto& [side, id] :
       {std::pair("requester-vpc-info.", &peering.requester), std::pair("accepter-vpc-info.", &peering.accepter)}) {
    const std::string start = side;
    facts.emplace(start + "vpc-id", id->str());
    facts.emplace(start + "owner-id", context.account.str());
    const Vpc* vpc = context.world.find_vpc(*id);
    if (vpc == nullptr) continue;
    for (const Cidr& block : vpc->cidr_blocks)
      facts.emplace(start + "cidr-block", block.to_string());
  }
  add_tags(facts, peering.tags);
  return facts;
}

Ec2Result<const VpcPeering*> peering_at(const Context& context) {
  return object_at<VpcPeering>(context, context.params, "VpcPeeringConnectionId", kNotFound, kNoun);
}

Ec2Status check_owner_and_region(const Context& context) {
  const std::string owner = context.params.text_or("PeerOwnerId", context.account.str());
  if (owner != context.account.str()) {
    return invalid_value("PeerOwnerId", owner,
                         "VPCs of account " + context.account.str() + ", this installation's, can be peered.");
  }
  const std::string region = context.params.text_or("PeerRegion", context.world.region.str());
  if (region == context.world.region.str()) return {};
  return invalid_value("PeerRegion", region,
                       "VPCs of region " + context.world.region.str() + ", this installation's, can be peered.");
}

// Whether the two may be joined.
Ec2Status check_pair(const Context& context, const Vpc& requester, const Vpc& accepter) {
  if (requester.id == accepter.id) {
    return invalid_value("PeerVpcId", accepter.id.str(), "A VPC cannot be peered with itself; name another VPC.");
  }
  std::size_t pending = 0;
  std::size_t of_requester = 0;
  std::size_t of_accepter = 0;
  for (const auto& [id, peering] : context.world.all<VpcPeering>()) {
    const bool forth = peering->requester == requester.id && peering->accepter == accepter.id;
    const bool back = peering->requester == accepter.id && peering->accepter == requester.id;
    if (forth || back) {
      return fault("VpcPeeringConnectionAlreadyExists", "The peering connection '" + id.str() + "' joins " +
                                                            requester.id.str() + " and " + accepter.id.str() +
                                                            " already; it is " + state_of(*peering));
    }
    if (!peering->active) ++pending;
    if (peering->requester == requester.id || peering->accepter == requester.id) ++of_requester;
    if (peering->requester == accepter.id || peering->accepter == accepter.id) ++of_accepter;
  }
  for (const Cidr& one : requester.cidr_blocks) {
    for (const Cidr& other : accepter.cidr_blocks) {
      if (!one.overlaps(other)) continue;
      return invalid_value("PeerVpcId", accepter.id.str(),
                           "Its CIDR block " + other.to_string() + " overlaps the block " + one.to_string() + " of " +
                               requester.id.str() + "; VPCs with overlapping blocks cannot be peered.");
    }
  }
  if (auto room = check_room(pending, base::limits::kPendingPeerings, "OutstandingVpcPeeringConnectionLimitExceeded",
                             "peering connections that await acceptance");
      !room) {
    return room;
  }
  return check_room(std::max(of_requester, of_accepter), base::limits::kPeeringsPerVpc,
                    "VpcPeeringConnectionsPerVpcLimitExceeded", "peering connections of the VPC");
}

Ec2Result<Outcome> create_peering(const Context& context) {
  const auto requester = vpc_at(context, context.params, "VpcId");
  if (!requester) return fault(requester.error());
  if (auto ours = check_owner_and_region(context); !ours) return fault(ours.error());
  const auto accepter = vpc_at(context, context.params, "PeerVpcId");
  if (!accepter) return fault(accepter.error());
  if (auto fit = check_pair(context, **requester, **accepter); !fit) return fault(fit.error());
  const auto tags = tags_at_creation(context.params, "vpc-peering-connection");
  if (!tags) return fault(tags.error());
  if (auto room = check_room(context.world.all<VpcPeering>().size(), base::limits::kNetworkObjectsPerKind,
                             "VpcPeeringConnectionsPerVpcLimitExceeded", "peering connections");
      !room) {
    return fault(room.error());
  }
  VpcPeering peering;
  peering.id = model::VpcPeeringId(control::new_resource_id("pcx-", context.entropy));
  peering.requester = (*requester)->id;
  peering.accepter = (*accepter)->id;
  peering.created_at = context.now;
  peering.tags = *tags;
  Outcome outcome;
  outcome.answer.group("vpcPeeringConnection", [&](Xml& xml) { render_peering(xml, context, peering); });
  outcome.puts.emplace_back(std::move(peering));
  return outcome;
}

tl::unexpected<Fault> wrong_state(const VpcPeering& peering, const std::string& wanted) {
  return fault("InvalidStateTransition", "The peering connection '" + peering.id.str() + "' is " + state_of(peering) +
                                             " and cannot be " + wanted + "; only one that is pending-acceptance can");
}

Ec2Result<Outcome> accept_peering(const Context& context) {
  const auto peering = peering_at(context);
  if (!peering) return fault(peering.error());
  if ((*peering)->active) return wrong_state(**peering, "accepted");
  VpcPeering changed = **peering;
  changed.active = true;
  Outcome outcome;
  outcome.answer.group("vpcPeeringConnection", [&](Xml& xml) { render_peering(xml, context, changed); });
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Ec2Result<Outcome> reject_peering(const Context& context) {
  const auto peering = peering_at(context);
  if (!peering) return fault(peering.error());
  if ((*peering)->active) return wrong_state(**peering, "rejected");
  Outcome outcome = done();
  outcome.erases.emplace_back((*peering)->id);
  return outcome;
}

Ec2Result<Outcome> delete_peering(const Context& context) {
  const auto peering = peering_at(context);
  if (!peering) return fault(peering.error());
  Outcome outcome = done();
  outcome.erases.emplace_back((*peering)->id);
  return outcome;
}

Ec2Result<Outcome> describe_peerings(const Context& context) {
  return describe<VpcPeering>(
      context, {"DescribeVpcPeeringConnections", "VpcPeeringConnectionId", kNotFound, kNoun, "vpcPeeringConnectionSet"},
      context.world.all<VpcPeering>(),
      {"accepter-vpc-info.cidr-block", "accepter-vpc-info.owner-id", "accepter-vpc-info.vpc-id", "expiration-time",
       "requester-vpc-info.cidr-block", "requester-vpc-info.owner-id", "requester-vpc-info.vpc-id", "status-code",
       "status-message", "vpc-peering-connection-id"},
      [&](const VpcPeering& peering) { return facts_of(context, peering); },
      [&](Xml& xml, const VpcPeering& peering) { render_peering(xml, context, peering); });
}

// One side's options of the request, into its `dns`; whether any was given.
Ec2Result<bool> read_options(const Params& side, bool& dns) {
  const auto resolution = side.boolean("AllowDnsResolutionFromRemoteVpc");
  if (!resolution) return fault(resolution.error());
  bool given = resolution->has_value();
  dns = resolution->value_or(dns);
  for (const char* name :
       {"AllowEgressFromLocalClassicLinkToRemoteVpc", "AllowEgressFromLocalVpcToRemoteClassicLink"}) {
    const auto classic = side.boolean(name);
    if (!classic) return fault(classic.error());
    given = given || classic->has_value();
    if (classic->value_or(false)) {
      return invalid_value(side.full_name(name), "true", "EC2-Classic is retired; leave it out.");
    }
  }
  return given;
}

Ec2Result<Outcome> modify_options(const Context& context) {
  const auto peering = peering_at(context);
  if (!peering) return fault(peering.error());
  VpcPeering changed = **peering;
  const auto requester = read_options(context.params.under("RequesterPeeringConnectionOptions"), changed.requester_dns);
  if (!requester) return fault(requester.error());
  const auto accepter = read_options(context.params.under("AccepterPeeringConnectionOptions"), changed.accepter_dns);
  if (!accepter) return fault(accepter.error());
  if (!*requester && !*accepter) {
    return fault("MissingParameter",
                 "The request must contain RequesterPeeringConnectionOptions or AccepterPeeringConnectionOptions");
  }
  if (!changed.active) {
    return fault("OperationNotPermitted", "Peering '" + changed.id.str() +
                                              "' is not active. Options can be set on active peering connections only");
  }
  Outcome outcome;
  if (*requester) render_options(outcome.answer, "requesterPeeringConnectionOptions", changed.requester_dns);
  if (*accepter) render_options(outcome.answer, "accepterPeeringConnectionOptions", changed.accepter_dns);
  if (changed != **peering) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

constexpr auto kPeeringOperations = std::to_array<Entry>({
    {"CreateVpcPeeringConnection", create_peering, true},
    {"AcceptVpcPeeringConnection", accept_peering, true},
    {"RejectVpcPeeringConnection", reject_peering, true},
    {"DeleteVpcPeeringConnection", delete_peering, true},
    {"DescribeVpcPeeringConnections", describe_peerings},
    {"ModifyVpcPeeringConnectionOptions", modify_options, true},
});

}  // namespace

Ec2Status check_peers_of(const model::Snapshot& world, const Vpc& vpc, const Cidr& block) {
  for (const auto& [id, peering] : world.all<VpcPeering>()) {
    if (peering->requester != vpc.id && peering->accepter != vpc.id) continue;
    const Vpc* peer = world.find_vpc(peering->requester == vpc.id ? peering->accepter : peering->requester);
    if (peer == nullptr) continue;
    for (const Cidr& taken : peer->cidr_blocks) {
      if (!taken.overlaps(block)) continue;
      return fault("CidrConflict", "The CIDR '" + block.to_string() + "' overlaps the block " + taken.to_string() +
                                       " of " + peer->id.str() + ", which the peering connection '" + id.str() +
                                       "' joins to " + vpc.id.str() + "; choose another");
    }
  }
  return {};
}

std::span<const Entry> peering_operations() { return kPeeringOperations; }

}  // namespace sallyport::api::ec2
