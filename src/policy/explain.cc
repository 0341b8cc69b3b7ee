#include "policy/explain.h"

#include <algorithm>
#include <utility>

#include "model/cluster.h"

namespace sallyport::policy {

namespace {

using base::ErrorKind;
using base::fail;

bool leads_to_private(const Answer& answer) {
  return answer.reason == ResolveReason::kPrivateAddresses ||
         answer.reason == ResolveReason::kPrivateAddressesFromPublicDns;
}

std::string list(const std::vector<base::IpAddress>& addresses) {
  std::string text;
  for (const base::IpAddress& address : addresses)
    text += (text.empty() ? "" : ", ") + address.to_string();
  return text;
}

std::string place(const Vantage& vantage) { return vantage.vpc ? "In " + vantage.vpc->str() : "Outside every VPC"; }

std::string why(ResolveReason reason) {
  switch (reason) {
    case ResolveReason::kPublicAddresses: return "the public addresses";
    case ResolveReason::kPrivateAddresses: return "the private addresses, since private access is on";
    case ResolveReason::kPublicAddressesVpcDnsUnfit:
      return "the public addresses although private access is on: the VPC needs enableDnsSupport, enableDnsHostnames "
             "and AmazonProvidedDNS in its DHCP options";
    case ResolveReason::kPrivateAddressesFromPublicDns:
      return "the private addresses, which public DNS gives for a private-only endpoint";
    case ResolveReason::kLegacyNotInPublicDns:
      return "this legacy private-only endpoint is not in public DNS; enable public access once and disable it again";
    case ResolveReason::kVpcDnsDisabled:
      return "the VPC's enableDnsSupport is false, so its resolver refuses every name";
    case ResolveReason::kNoListener:
      return "no gateway listener that would serve it has an address: for private access, none lies in the cluster's "
             "VPC";
    case ResolveReason::kUnknownName: return "the cluster is being deleted, so its name no longer exists";
    case ResolveReason::kApex: return "the name belongs to the zone itself";
    case ResolveReason::kNotOurZone: return "the name is not in the zone";
    case ResolveReason::kUnknownVpc: return "no such VPC is known";
  }
  return "unknown";
}

std::string dns_sentence(const Explanation& told) {
  const std::string where = place(told.vantage) + ", DNS ";
  switch (told.answer.status) {
    case ResolveStatus::kAnswer:
      return where + "answers " + list(told.answer.addresses) + ": " + why(told.answer.reason) + ".";
    case ResolveStatus::kNoData: return where + "answers no address: " + why(told.answer.reason) + ".";
    case ResolveStatus::kNameError:
      return where + "says there is no such name (NXDOMAIN): " + why(told.answer.reason) + ".";
    case ResolveStatus::kRefused: return where + "refuses (REFUSED): " + why(told.answer.reason) + ".";
    case ResolveStatus::kNotOurs: return where + "does not answer for the name: " + why(told.answer.reason) + ".";
  }
  return where + "does not answer.";
}

// Sets `seen_as` and `decision`. Of several egress addresses the first denied one decides the picture.
void decide_as_seen(const model::Snapshot& snapshot, const model::Cluster& cluster, const model::Vpc* vpc,
                    Explanation& told) {
  told.decision = decide_with_rule(snapshot, cluster, told.arrival, told.source);
  if (vpc == nullptr || !told.arrival.is_public() || !vpc->contains(told.source)) return;
  bool first = true;
  for (const base::IpAddress& egress : vpc->egress_addresses) {
    Decision decision = decide_with_rule(snapshot, cluster, told.arrival, egress);
    if (!first && decision.allow) continue;
    const bool denied = !decision.allow;
    told.seen_as = egress;
    told.decision = std::move(decision);
    first = false;
    if (denied) return;
  }
}

std::string arrival_sentence(const Explanation& told, const model::Vpc* vpc) {
  const std::optional<model::VpcId>& vpc_arrived_at = told.arrival.private_vpc;
  const std::string side = vpc_arrived_at ? "a private listener of " + vpc_arrived_at->str() : "a public listener";
  const std::string client =
      told.answer.addresses.empty()
          ? "So it goes nowhere. A client at " + told.source.to_string() + " that has the public address all the same"
          : "A client at " + told.source.to_string();
  std::string sentence = client + " arrives at " + side;
  if (told.seen_as != told.source)
    return sentence + ", seen as " + told.seen_as.to_string() + ", an egress address of its VPC.";
  const bool hidden = vpc != nullptr && told.arrival.is_public() && vpc->contains(told.source);
  if (!hidden) return sentence + ".";
  return sentence + "; " + vpc->id.str() + " has no known egress address, so it is judged by its own.";
}

// By what the source is joined to the VPC it arrived at; nothing where it is not.
std::optional<ConnectedNetwork> connected_by(const model::Snapshot& snapshot, const Explanation& told) {
  if (told.decision.path != Path::kConnectedNetwork || !told.arrival.private_vpc) return std::nullopt;
  const model::Vpc* vpc = snapshot.find_vpc(*told.arrival.private_vpc);
  if (vpc == nullptr) return std::nullopt;
  for (ConnectedNetwork& network : connected_networks(snapshot, *vpc)) {
    if (network.block.contains(told.source)) return std::move(network);
  }
  return std::nullopt;
}

std::string connected_sentence(const Explanation& told) {
  return told.source.to_string() + " is in the connected network " + told.connected->block.to_string() +
         ", joined to " + told.arrival.private_vpc->str() + " by " + told.connected->via + ".";
}

std::string decision_sentence(const Explanation& told) {
  return std::string("There it is ") + (told.decision.allow ? "admitted: " : "denied: ") + describe(told.decision) +
         ".";
}

bool has_address_like(const Answer& answer, const base::IpAddress& source) {
  return answer.status == ResolveStatus::kAnswer &&
         std::ranges::any_of(answer.addresses,
                             [&](const base::IpAddress& address) { return address.is_v4() == source.is_v4(); });
}

std::string family_sentence(const base::IpAddress& source) {
  const std::string family = source.is_v4() ? "IPv4" : "IPv6";
  return "But none of the addresses is " + family + ", so a client that has no other cannot connect: it takes a " +
         family + " listener.";
}

}  // namespace

base::Result<Explanation> explain(const model::Snapshot& snapshot, const model::ClusterName& name,
                                  const base::IpAddress& source, const std::optional<model::VpcId>& vpc_id) {
  const model::Cluster* cluster = snapshot.find_cluster(name);
  if (cluster == nullptr) {
    return fail(ErrorKind::kNotFound,
                "no cluster is named '" + name.str() + "'; `aws eks list-clusters` shows their names", "cluster");
  }
  const model::Vpc* vpc = vpc_id ? snapshot.find_vpc(*vpc_id) : nullptr;
  if (vpc_id && vpc == nullptr) {
    return fail(ErrorKind::kNotFound,
                "there is no VPC '" + vpc_id->str() + "'; leave it out to ask from outside every VPC", "vpc");
  }

  Explanation told;
  told.host = model::endpoint_host(cluster->endpoint_id, snapshot.region, snapshot.zone);
  told.vantage = vpc == nullptr ? Vantage::at_public() : Vantage::in_vpc(vpc->id);
  told.source = told.seen_as = source;
  told.answer = resolve(snapshot, told.host, told.vantage);
  told.arrival = leads_to_private(told.answer) ? Arrival::at_private(cluster->vpc_config.vpc) : Arrival::at_public();
  decide_as_seen(snapshot, *cluster, vpc, told);
  told.connected = connected_by(snapshot, told);
  const bool in_family = has_address_like(told.answer, source);
  told.reachable = in_family && told.decision.allow;

  told.sentences = {dns_sentence(told), arrival_sentence(told, vpc)};
  if (told.connected) told.sentences.push_back(connected_sentence(told));
  told.sentences.push_back(decision_sentence(told));
  if (told.answer.status == ResolveStatus::kAnswer && !in_family) told.sentences.push_back(family_sentence(source));
  const model::Vpc* home = snapshot.find_vpc(cluster->vpc_config.vpc);
  if (vpc == nullptr && home != nullptr && home->contains(source)) {
    told.sentences.push_back(source.to_string() + " lies in " + home->id.str() +
                             "; name that VPC to see what a client in it sees.");
  }
  return told;
}

}  // namespace sallyport::policy
