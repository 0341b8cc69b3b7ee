#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/http.h"
#include "base/ip_address.h"
#include "base/result.h"

namespace sallyport::api {

struct HttpServerConfig {
  std::vector<base::SocketAddress> listen;
  std::optional<std::string> unix_socket;       // path; made with mode 0600, replaced if left by a dead process
  std::optional<std::string> tls_cert_file;     // with tls_key_file: TLS 1.2 or later on `listen`
  std::optional<std::string> tls_key_file;
  unsigned threads = 2;
};

struct HttpStats {
  std::uint64_t requests = 0;
  std::uint64_t rejected = 0;            // malformed, over a limit, timed out
  std::uint64_t active_connections = 0;
};

// HTTP/1.1 with keep-alive and base::limits: body 1 MiB (413), header 16 KiB (431), request time 30 s,
// kApiConnections connections. Malformed requests get 400. Thread-safe.
class HttpServer {
 public:
  // Binds every address before it returns; fails, naming the address or file.
  static base::Result<std::unique_ptr<HttpServer>> start(HttpServerConfig config, HttpHandler handler);
  virtual ~HttpServer() = default;       // stops at once
  // Refuses new requests and waits, at most kDrainTime, for those under way.
  virtual void drain() = 0;
  virtual HttpStats stats() const = 0;
};

}  // namespace sallyport::api
