#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "model/ids.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// Whose view is asked: the public one, or a VPC's resolver.
struct Vantage {
  std::optional<model::VpcId> vpc;  // nothing: public

  static Vantage at_public() { return {}; }
  static Vantage in_vpc(model::VpcId id) { return {std::move(id)}; }
};

enum class ResolveReason {
  kPublicAddresses,
  kPrivateAddresses,
  kPublicAddressesVpcDnsUnfit,     // private is on, but the VPC's DNS settings keep the zone from working
  kPrivateAddressesFromPublicDns,  // private only: public DNS answers with private addresses
  kLegacyNotInPublicDns,           // private-only legacy cluster: NXDOMAIN outside its VPC
  kVpcDnsDisabled,                 // enableDnsSupport is false: the resolver refuses everything
  kNoListener,                     // the name exists, but no listener has an address to answer with
  kUnknownName,                    // under our zone, no such cluster
  kApex,                           // a name of the zone itself or above an endpoint: exists, no address
  kNotOurZone,                     // to be forwarded or refused
  kUnknownVpc,
};

enum class ResolveStatus { kAnswer, kNoData, kNameError, kRefused, kNotOurs };

struct Answer {
  ResolveStatus status = ResolveStatus::kNameError;
  std::vector<base::IpAddress> addresses;  // both families; the server picks by query type
  std::uint32_t ttl = 60;                  // seconds
  ResolveReason reason = ResolveReason::kUnknownName;
};

// What DNS answers for `name` at `vantage` (design.md section 2, right columns). `name` in any case,
// with or without trailing dot. The zone is "eks.<zone>". Pure; any thread. Allocates for addresses alone: a flood of
// names that do not exist costs none.
Answer resolve(const model::Snapshot& snapshot, std::string_view name, const Vantage& vantage);

// enableDnsSupport and enableDnsHostnames are true and the DHCP options name AmazonProvidedDNS.
bool vpc_dns_is_fit(const model::Vpc& vpc);

std::string_view to_string(ResolveReason reason);  // "private-addresses"

}  // namespace sallyport::policy
