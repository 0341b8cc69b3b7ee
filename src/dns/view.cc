#include "dns/view.h"

#include <utility>

#include "policy/reach.h"

namespace sallyport::dns {

namespace {

bool is_unspecified(const base::IpAddress& address) {
  return address == base::IpAddress() || address == base::IpAddress::v4(0);
}

// The VPCs that may be meant; one is what is hoped for.
std::vector<model::VpcId> vpcs_of(const ResolverConfig& resolver, const model::Snapshot& snapshot) {
  if (!resolver.vpc) return policy::vpcs_containing(snapshot, resolver.bind.address);
  if (snapshot.find_vpc(*resolver.vpc) == nullptr) return {};
  return {*resolver.vpc};
}

std::vector<base::IpAddress> public_addresses(const DnsConfig& config) {
  std::vector<base::IpAddress> addresses;
  for (const auto& listener : config.public_listeners) {
    if (!is_unspecified(listener.address)) addresses.push_back(listener.address);
  }
  return addresses;
}

}  // namespace

base::Result<Served> make_served(const DnsConfig& config, model::SnapshotPtr snapshot) {
  auto zone = make_zone(snapshot->zone, snapshot->revision);
  if (!zone) return base::fail(zone.error());
  Served served{std::move(snapshot), std::move(*zone), {}, {}};
  const View public_view{policy::Vantage::at_public(), false, public_addresses(config)};
  served.views.assign(config.public_listeners.size(), public_view);
  for (const auto& resolver : config.resolvers) {
    auto vpcs = vpcs_of(resolver, *served.snapshot);
    auto& view = served.views.emplace_back();
    if (vpcs.size() > 1) served.ambiguous.push_back(resolver.bind);
    if (vpcs.size() != 1) continue;
    view = View{policy::Vantage::in_vpc(std::move(vpcs.front())), !config.forward.empty(), {}};
    if (!is_unspecified(resolver.bind.address)) view->own_addresses.push_back(resolver.bind.address);
  }
  return served;
}

}  // namespace sallyport::dns
