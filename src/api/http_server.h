#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/http.h"
#include "base/descriptor.h"
#include "base/ip_address.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::api {

class UpgradeHandler;

struct HttpServerConfig {
  std::vector<base::SocketAddress> listen{};
  std::optional<std::string> unix_socket{};    // path; made with mode 0600, replaced if left by a dead process
  std::optional<std::string> tls_cert_file{};  // with tls_key_file: TLS 1.2 or later on `listen`
  std::optional<std::string> tls_key_file{};
  unsigned threads = 2;
  base::Millis request_time = base::limits::kApiRequestTime;  // to receive a request; the same to send the answer
  std::size_t max_connections = base::limits::kApiConnections;
  // A socket that listens at an address of `listen` already, or an invalid one; asked once for each, in `start`.
  std::function<base::Descriptor(const base::SocketAddress&)> listening_at{};
  bool hold = false;                   // accept nothing before `begin`
  UpgradeHandler* upgrades = nullptr;  // outlives the server; without it, none is granted
};

struct HttpStats {
  std::uint64_t requests = 0;
  std::uint64_t rejected = 0;  // malformed, over a limit, timed out
  std::uint64_t active_connections = 0;
  std::optional<base::Time> certificate_expires{};  // where TLS is served
};

// HTTP/1.1 (RFC 9112) with keep-alive and base::limits: body 1 MiB (413), header 16 KiB (431), request time 30 s
// (408), kApiConnections connections (503; closed, where TLS is spoken). Malformed requests, and those whose
// length could be read in two ways, get 400. Peers of the Unix socket have the source ::ffff:127.0.0.1.
// An exception of the handler is a 500 and logged. Thread-safe.
class HttpServer {
 public:
  // Binds every address before it returns; fails, naming the address or file.
  static base::Result<std::unique_ptr<HttpServer>> start(HttpServerConfig config, HttpHandler handler);
  virtual ~HttpServer() = default;  // stops at once
  // Accepts from now on, where the configuration said `hold`. Once.
  virtual void begin() = 0;
  // Another descriptor of the socket at each address of `listen`, in their order; what waits there, and comes after
  // `drain`, is left to who has them. Before `drain`, not during it.
  virtual std::vector<base::Descriptor> share_listeners() = 0;
  // Refuses new requests and waits, at most kDrainTime, for those under way. Upgraded connections are none of those:
  // they are told to finish, and get a moment for it. Not to be called by the handler.
  virtual void drain() = 0;
  virtual HttpStats stats() const = 0;
  // Reads the certificate and the key again, for connections from now on; live ones go on as they began. Fails, and
  // goes on with what it has, where the new files are unfit. Nothing without TLS. Any thread.
  virtual base::Status reload_tls() = 0;
  // As bound, in the order of `listen`: a port 0 of the configuration is the kernel's choice here.
  virtual const std::vector<base::SocketAddress>& addresses() const = 0;
};

}  // namespace sallyport::api
