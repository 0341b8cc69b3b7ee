#include "policy/warnings.h"

#include <algorithm>
#include <cstddef>

#include "policy/hosted_zones.h"
#include "policy/resolve.h"

namespace sallyport::policy {

namespace {

// A VPC may have hundreds; a sentence names the first few.
constexpr std::size_t kNamedAddresses = 5;

std::string left_out(const model::Vpc& vpc, const model::CidrSet& admitted) {
  std::string names;
  std::size_t count = 0;
  for (const base::IpAddress& egress : vpc.egress_addresses) {
    if (admitted.contains(egress)) continue;
    if (++count <= kNamedAddresses) names += (count == 1 ? "" : ", ") + egress.to_string();
  }
  if (count > kNamedAddresses) names += " and " + std::to_string(count - kNamedAddresses) + " more";
  return names;
}

bool has_private_listener(const model::Snapshot& snapshot, const model::VpcId& vpc) {
  return std::ranges::any_of(snapshot.listeners, [&](const model::Listener& listener) {
    return listener.side == model::Listener::Side::kPrivate && listener.vpc == vpc;
  });
}

}  // namespace

std::vector<std::string> access_warnings(const model::Snapshot& snapshot, const model::Cluster& before,
                                         const model::EndpointAccess& target) {
  std::vector<std::string> warnings;
  const model::VpcId& id = before.vpc_config.vpc;
  const model::Vpc* vpc = snapshot.find_vpc(id);

  if (vpc != nullptr && target.public_access && !target.private_access) {
    const std::string addresses = left_out(*vpc, target.public_access_cidrs);
    if (!addresses.empty()) {
      warnings.push_back(
          "publicAccessCidrs leave out " + addresses + ", by which " + id.str() +
          " reaches the public endpoint: its nodes will lose the API server; add them or enable private access");
    }
  }
  if (!target.private_access) return warnings;

  if (!has_private_listener(snapshot, id)) {
    warnings.push_back("private access is on, but no private gateway listener lies in " + id.str() +
                       ": add one to [gateway] private in the configuration");
  }
  if (vpc != nullptr && !vpc_dns_is_fit(*vpc)) {
    warnings.push_back("private access is on, but DNS in " + id.str() +
                       " cannot give its addresses: " + unfit_settings(*vpc) + "; mend that in the VPC");
  }
  return warnings;
}

}  // namespace sallyport::policy
