#include "net/system_addresses.h"

#include <netdb.h>

#include <cstring>
#include <memory>

#include <boost/asio/ip/tcp.hpp>

#include "net/asio_address.h"

namespace sallyport::net {

SystemAddresses system_addresses(const std::string& name, std::size_t most) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  SystemAddresses answer;
  answer.code = ::getaddrinfo(name.c_str(), nullptr, &hints, &list);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(answer.code == 0 ? list : nullptr, ::freeaddrinfo);
  for (const addrinfo* entry = owner.get(); entry != nullptr && answer.found.size() < most; entry = entry->ai_next) {
    boost::asio::ip::tcp::endpoint at;
    const bool is_ip = entry->ai_family == AF_INET || entry->ai_family == AF_INET6;
    if (!is_ip || entry->ai_addrlen > at.capacity()) continue;
    std::memcpy(at.data(), entry->ai_addr, entry->ai_addrlen);
    at.resize(entry->ai_addrlen);
    answer.found.push_back(from_asio(at.address()));
  }
  return answer;
}

}  // namespace sallyport::net
