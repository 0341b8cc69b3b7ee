#pragma once

#include <variant>

#include "dns/view.h"
#include "dns/zone.h"
#include "wire/dns_response.h"

namespace sallyport::dns {

// The query is for a configured resolver, not for us.
struct Forward {};

// What a view says to a query: the whole of it but for the cookie. Pure; any thread. Access is decided by
// policy::resolve alone; what is added here are the zone's own records and DNS manners:
//  - AXFR, IXFR and classes other than IN are REFUSED, wherever they point;
//  - ANY of a name that exists gets the HINFO of RFC 8482 section 4.2;
//  - NXDOMAIN and no-data carry the SOA with the negative TTL (RFC 2308).
std::variant<wire::DnsResponse, Forward> answer(const model::Snapshot& snapshot, const Zone& zone, const View& view,
                                                const wire::DnsQuery& query);

// The same once policy::resolve `found` the name of `query`, whose class and type `answer` would not refuse.
std::variant<wire::DnsResponse, Forward> present(const Zone& zone, const View& view, const wire::DnsQuery& query,
                                                 policy::Answer found);

// Classes and types that `answer` refuses, wherever they point.
bool is_refused(wire::DnsType type, wire::DnsClass klass);

// An answer that is an error code and nothing else.
wire::DnsResponse error_answer(const wire::DnsQuery& query, wire::DnsRcode rcode);

}  // namespace sallyport::dns
