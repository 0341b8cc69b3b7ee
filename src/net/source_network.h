#pragma once

#include "base/ip_address.h"

namespace sallyport::net {

// Whom limits per source count as one: an IPv4 address, and of an IPv6 address its /64, which one host may have whole.
base::IpAddress network_of(const base::IpAddress& source);

}  // namespace sallyport::net
