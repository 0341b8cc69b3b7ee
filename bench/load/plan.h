#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "traffic/transport.h"

namespace sallyport::bench {

using Clock = std::chrono::steady_clock;

// A server name, and what is sent to it.
struct Server {
  std::string name;   // in SNI and Host
  std::string hello;  // raw mode's ClientHello
  std::string request;
};

// What is asked of whom. Fixed before the first connection; shared by all threads.
struct Plan {
  base::SocketAddress target;
  bool has_tls = false;
  base::IpAddress first_source;  // connections take turns with this and the addresses after it
  std::uint32_t sources = 1;
  std::size_t connections = 1;
  double rate = 0;  // requests or attempts a second; 0: as fast as answers come
  std::chrono::nanoseconds warmup{0};
  std::chrono::nanoseconds duration{0};
  std::size_t request_bytes = 0;
  std::size_t answer_bytes = 0;

  TlsContext tls;
  std::vector<Server> servers;  // at least one; new connections take turns with them

  base::IpAddress source(std::size_t number) const {
    return base::IpAddress::v4(first_source.v4_value() + static_cast<std::uint32_t>(number % sources));
  }
};

}  // namespace sallyport::bench
