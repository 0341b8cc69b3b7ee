#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/ip_address.h"
#include "bastion/refusal.h"

namespace sallyport::bastion {

// What the names of the clusters' endpoints have in common. Lower case.
struct Realm {
  std::string region;  // "us-east-1"
  std::string zone;    // "sallyport.internal"
  std::uint16_t port = 443;
};

// The name to look up, in lower case, when `host` is "<32 hex>.<gr1|sk1|yl4>.<region>.eks.<zone>" in any case and
// `port` the realm's; else why it is not. Pure.
tl::expected<std::string, Refusal> authorise(std::string_view host, std::uint16_t port, const Realm& realm);

// False for what no endpoint can have, whatever a resolver says: unspecified, broadcast, multicast and link-local
// addresses, where a cloud's metadata service answers. Loopback can: bastion and gateway may share a machine.
bool may_be_endpoint(const base::IpAddress& address);

}  // namespace sallyport::bastion
