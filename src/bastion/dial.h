#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/ip_address.h"

namespace sallyport::bastion {

// Tries the addresses in turn, each for at most kBastionConnectTime and, where given, from `source`, which leaves
// out those of the other family; nothing when none takes the connection. The socket runs on the caller's executor.
boost::asio::awaitable<std::optional<boost::asio::ip::tcp::socket>> dial(std::vector<base::IpAddress> addresses,
                                                                         std::uint16_t port,
                                                                         std::optional<base::IpAddress> source);

}  // namespace sallyport::bastion
