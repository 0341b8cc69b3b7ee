#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <tl/expected.hpp>

#include "api/byte_stream.h"
#include "api/workplace/host.h"
#include "api/workplace/host_lookup.h"
#include "api/workplace/upgrade_request.h"

namespace sallyport::api::workplace {

struct HostAddress {
  bool tls = true;
  std::string host;  // a name or an address, IPv6 without brackets
  std::uint16_t port = 443;
  std::optional<std::string> ca_file;  // PEM; the system's authorities when absent
  std::string secret;                  // never logged

  std::string authority() const;  // "10.0.1.20:3130"
};

// A connection to the host that is a terminal's WebSocket from here on.
struct HostTerminal {
  std::unique_ptr<ByteStream> stream;
  std::string accept;  // Sec-WebSocket-Accept
  std::string early;   // what came behind the answer
};

// Speaks to the host over HTTP/1.1, with TLS where the address says so. Thread-safe.
class HostClient final : public Host {
 public:
  // Fails, naming the file, when ca_file cannot be used.
  static base::Result<std::unique_ptr<HostClient>> make(HostAddress address);

  base::Result<Granted> open(const HostRequest& request) override;
  // Opens the terminal of a ticket that `open` gave, on the caller's executor; at most kWorkplaceAskTime. The error is
  // why not.
  boost::asio::awaitable<tl::expected<HostTerminal, std::string>> terminal(const UpgradeRequest& request) const;

  std::string authority() const { return address_.authority(); }

 private:
  explicit HostClient(HostAddress address) : address_(std::move(address)), lookup_(address_.host) {}

  const HostAddress address_;
  HostLookup lookup_;                               // where the host is given by its name
  std::unique_ptr<boost::asio::ssl::context> tls_;  // set where the host is behind TLS
  std::atomic<int> asking_{0};
};

}  // namespace sallyport::api::workplace
