#include "workplace/own_address.h"

#include <ifaddrs.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

#include <boost/asio/ip/tcp.hpp>

#include "net/asio_address.h"

namespace sallyport::workplace {

namespace {

bool is_at(const sockaddr& place, const base::IpAddress& address) {
  boost::asio::ip::tcp::endpoint at;
  if (place.sa_family != AF_INET && place.sa_family != AF_INET6) return false;
  at.resize(place.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
  std::memcpy(at.data(), &place, at.size());
  return net::from_asio(at.address()) == address;
}

}  // namespace

bool is_own(const base::IpAddress& address) {
  if (address.is_loopback()) return true;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return true;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, ::freeifaddrs);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr != nullptr && is_at(*entry->ifa_addr, address)) return true;
  }
  return false;
}

}  // namespace sallyport::workplace
