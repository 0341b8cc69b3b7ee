#pragma once

#include <optional>

#include <boost/asio/awaitable.hpp>

#include "base/ip_address.h"
#include "base/time.h"
#include "wire/dns_query.h"
#include "wire/dns_reply.h"

namespace sallyport::net {

// One query to one server and the reply that matches it, or nothing after `patience` or an error. What does
// not match is ignored, up to a bound. The query must live until the coroutine returns.
boost::asio::awaitable<std::optional<wire::DnsReply>> exchange_udp(base::SocketAddress server,
                                                                   const wire::DnsQuery& query, base::Millis patience);
boost::asio::awaitable<std::optional<wire::DnsReply>> exchange_tcp(base::SocketAddress server,
                                                                   const wire::DnsQuery& query, base::Millis patience);

}  // namespace sallyport::net
