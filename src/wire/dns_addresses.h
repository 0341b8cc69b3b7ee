#pragma once

#include <vector>

#include "base/ip_address.h"
#include "wire/dns_query.h"
#include "wire/dns_reply.h"

namespace sallyport::wire {

// The A and AAAA records that `reply`, to a question of that name, has for the name itself, in order and at most
// `most`. Aliases are not followed: a cluster's endpoint is none.
std::vector<base::IpAddress> dns_addresses(const DnsReply& reply, const DnsQuestion& question, std::size_t most);

}  // namespace sallyport::wire
