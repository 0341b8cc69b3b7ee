#pragma once

#include <algorithm>

#include <boost/asio/ip/address.hpp>

#include "base/ip_address.h"

namespace sallyport::net {

// Between our addresses and Asio's; `Protocol` is asio::ip::tcp or asio::ip::udp.
template <class Protocol>
typename Protocol::endpoint to_endpoint(const base::SocketAddress& address) {
  if (address.address.is_v4()) return {boost::asio::ip::address_v4(address.address.v4_value()), address.port};
  return {boost::asio::ip::address_v6(address.address.octets()), address.port};
}

inline base::IpAddress from_asio(const boost::asio::ip::address& address) {
  if (address.is_v4()) return base::IpAddress::v4(address.to_v4().to_uint());
  return base::IpAddress::v6(address.to_v6().to_bytes());
}

}  // namespace sallyport::net
