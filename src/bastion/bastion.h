#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "bastion/identity_client.h"
#include "bastion/target.h"

namespace sallyport::bastion {

struct BastionConfig {
  std::vector<base::SocketAddress> listen{};   // HTTP CONNECT, over TLS with the files
  std::optional<std::string> tls_cert_file{};  // both or neither; without, `listen` must be loopback addresses
  std::optional<std::string> tls_key_file{};
  std::vector<base::SocketAddress> socks{};  // SOCKS5; the password travels in clear
  ApiAddress api{};
  Realm realm{};
  std::optional<base::SocketAddress> resolver{};  // of endpoint names; the system's when absent
  std::optional<base::IpAddress> source{};        // to connect to endpoints from; the kernel's choice when absent
  std::size_t max_connections = base::limits::kBastionConnections;
  base::Millis idle_time = base::limits::kBastionIdleTime;
  unsigned threads = 2;
};

struct BastionStats {
  std::uint64_t accepted_connect = 0;
  std::uint64_t accepted_socks = 0;
  std::uint64_t active_connections = 0;
  std::uint64_t strangers = 0;  // of these, not logged in
  std::uint64_t tunnels_active = 0;
  std::uint64_t tunnels_opened = 0;
  std::uint64_t tunnels_idle = 0;
  std::uint64_t bytes_to_endpoint = 0;
  std::uint64_t bytes_to_client = 0;
  std::uint64_t logins_asked = 0;                // questions to the API
  std::map<std::string, std::uint64_t> logins;   // by outcome
  std::map<std::string, std::uint64_t> refused;  // by reason, all of them
};

// An authenticated way to the clusters' endpoints, and to nothing else. Thread-safe.
class Bastion {
 public:
  // Binds every address before it returns; fails, naming the address or file.
  static base::Result<std::unique_ptr<Bastion>> start(BastionConfig config);
  virtual ~Bastion() = default;  // ends what is left at once
  // Takes no new connection and waits at most `patience` for the tunnels to end.
  virtual void drain(base::Millis patience) = 0;
  virtual BastionStats stats() const = 0;
  // As bound: those of `listen`, then those of `socks`.
  virtual const std::vector<base::SocketAddress>& addresses() const = 0;
};

}  // namespace sallyport::bastion
