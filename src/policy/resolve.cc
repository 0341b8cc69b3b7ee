#include "policy/resolve.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace sallyport::policy {

namespace {

using base::IpAddress;
using model::Cluster;
using model::Listener;
using model::Snapshot;
using model::Vpc;

// Takes `tail` off the end of `name`, whatever their case; false where it does not end so.
bool strip_tail(std::string_view& name, std::string_view tail) {
  if (name.size() < tail.size() || !base::ascii_iequals(name.substr(name.size() - tail.size()), tail)) return false;
  name.remove_suffix(tail.size());
  return true;
}

// What stands before the zone in `name`, with the dot between them; nothing for a name outside the zone.
std::optional<std::string_view> before_zone(std::string_view name, std::string_view zone) {
  if (!strip_tail(name, zone) || !strip_tail(name, "eks.")) return std::nullopt;
  if (!name.empty() && name.back() != '.') return std::nullopt;
  return name;
}

void add_once(std::vector<IpAddress>& addresses, const IpAddress& address) {
  if (std::ranges::find(addresses, address) == addresses.end()) addresses.push_back(address);
}

std::vector<IpAddress> public_addresses(const Snapshot& snapshot) {
  std::vector<IpAddress> addresses;
  for (const Listener& listener : snapshot.listeners) {
    if (listener.side == Listener::Side::kPublic) add_once(addresses, listener.advertise.address);
  }
  return addresses;
}

// Those in the cluster's own subnets where there are any, else all of its VPC: a gateway elsewhere in the
// VPC serves it as well.
std::vector<IpAddress> private_addresses(const Snapshot& snapshot, const Cluster& cluster) {
  std::vector<IpAddress> in_subnets;
  std::vector<IpAddress> in_vpc;
  for (const Listener& listener : snapshot.listeners) {
    if (listener.side != Listener::Side::kPrivate || listener.vpc != cluster.vpc_config.vpc) continue;
    add_once(in_vpc, listener.advertise.address);
    const auto& subnets = cluster.vpc_config.subnets;
    if (listener.subnet && std::ranges::find(subnets, *listener.subnet) != subnets.end()) {
      add_once(in_subnets, listener.advertise.address);
    }
  }
  return in_subnets.empty() ? in_vpc : in_subnets;
}

Answer with(ResolveStatus status, ResolveReason reason) {
  Answer answer;
  answer.status = status;
  answer.reason = reason;
  return answer;
}

Answer with_addresses(std::vector<IpAddress> addresses, ResolveReason reason) {
  if (addresses.empty()) return with(ResolveStatus::kNoData, ResolveReason::kNoListener);
  Answer answer = with(ResolveStatus::kAnswer, reason);
  answer.addresses = std::move(addresses);
  return answer;
}

Answer public_view(const Snapshot& snapshot, const Cluster& cluster) {
  if (cluster.access.public_access) {
    return with_addresses(public_addresses(snapshot), ResolveReason::kPublicAddresses);
  }
  if (!cluster.public_resolves_private) {
    return with(ResolveStatus::kNameError, ResolveReason::kLegacyNotInPublicDns);
  }
  return with_addresses(private_addresses(snapshot, cluster), ResolveReason::kPrivateAddressesFromPublicDns);
}

Answer vpc_view(const Snapshot& snapshot, const Cluster& cluster, const Vpc& vpc) {
  if (!cluster.access.private_access || vpc.id != cluster.vpc_config.vpc) return public_view(snapshot, cluster);
  if (!vpc_dns_is_fit(vpc)) {
    Answer answer = public_view(snapshot, cluster);
    if (answer.reason == ResolveReason::kPublicAddresses) answer.reason = ResolveReason::kPublicAddressesVpcDnsUnfit;
    return answer;
  }
  std::vector<IpAddress> addresses = private_addresses(snapshot, cluster);
  // Without a private listener the zone would hold nothing: the public answer keeps the name usable.
  if (addresses.empty() && cluster.access.public_access) return public_view(snapshot, cluster);
  return with_addresses(std::move(addresses), ResolveReason::kPrivateAddresses);
}

// The zone's apex and the names between it and the endpoints, by what stands before the zone.
bool is_above_endpoints(const Snapshot& snapshot, std::string_view labels) {
  if (labels.empty()) return true;
  return strip_tail(labels, ".") && strip_tail(labels, snapshot.region.str()) &&
         (labels.empty() || base::ascii_iequals(labels, "gr1."));
}

}  // namespace

bool vpc_dns_is_fit(const Vpc& vpc) {
  return vpc.enable_dns_support && vpc.enable_dns_hostnames &&
         std::ranges::find(vpc.domain_name_servers, model::kAmazonProvidedDns) != vpc.domain_name_servers.end();
}

Answer resolve(const Snapshot& snapshot, std::string_view name, const Vantage& vantage) {
  const Vpc* vpc = nullptr;
  if (vantage.vpc) {
    vpc = snapshot.find_vpc(*vantage.vpc);
    if (vpc == nullptr) return with(ResolveStatus::kRefused, ResolveReason::kUnknownVpc);
    if (!vpc->enable_dns_support) return with(ResolveStatus::kRefused, ResolveReason::kVpcDnsDisabled);
  }

  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  const auto labels = before_zone(name, snapshot.zone);
  if (!labels) return with(ResolveStatus::kNotOurs, ResolveReason::kNotOurZone);
  if (is_above_endpoints(snapshot, *labels)) return with(ResolveStatus::kNoData, ResolveReason::kApex);

  const Cluster* cluster = snapshot.find_host(name);
  if (cluster == nullptr || cluster->status == model::ClusterStatus::kDeleting) {
    return with(ResolveStatus::kNameError, ResolveReason::kUnknownName);
  }
  return vpc == nullptr ? public_view(snapshot, *cluster) : vpc_view(snapshot, *cluster, *vpc);
}

std::string_view to_string(ResolveReason reason) {
  switch (reason) {
    case ResolveReason::kPublicAddresses: return "public-addresses";
    case ResolveReason::kPrivateAddresses: return "private-addresses";
    case ResolveReason::kPublicAddressesVpcDnsUnfit: return "public-addresses-vpc-dns-unfit";
    case ResolveReason::kPrivateAddressesFromPublicDns: return "private-addresses-from-public-dns";
    case ResolveReason::kLegacyNotInPublicDns: return "legacy-not-in-public-dns";
    case ResolveReason::kVpcDnsDisabled: return "vpc-dns-disabled";
    case ResolveReason::kNoListener: return "no-listener";
    case ResolveReason::kUnknownName: return "unknown-name";
    case ResolveReason::kApex: return "zone-name";
    case ResolveReason::kNotOurZone: return "not-our-zone";
    case ResolveReason::kUnknownVpc: return "unknown-vpc";
  }
  return "unknown";
}

}  // namespace sallyport::policy
