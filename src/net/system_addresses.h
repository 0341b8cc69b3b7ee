#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/ip_address.h"

namespace sallyport::net {

// What getaddrinfo(3) says to a name: its code, 0 where it knows the name, and the first `most` addresses.
struct SystemAddresses {
  int code = 0;
  std::vector<base::IpAddress> found;
};

// Any thread; blocks for as long as the system's resolver does, and cannot be called off.
SystemAddresses system_addresses(const std::string& name, std::size_t most);

}  // namespace sallyport::net
