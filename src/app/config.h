#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/ip_address.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "dns/dns_server.h"
#include "gateway/gateway.h"
#include "model/cidr.h"
#include "model/ids.h"
#include "model/snapshot.h"

namespace sallyport::app {

struct ApiConfig {
  std::vector<base::SocketAddress> listen;
  std::optional<std::string> tls_cert_file;  // both or neither
  std::optional<std::string> tls_key_file;
};

// An executable that makes API servers for clusters without a pool (docs/provider.md).
struct ProviderConfig {
  std::string command;
  std::vector<std::string> arguments{};
};

// The webhooks that API servers ask who a token is and what they may do.
struct WebhookConfig {
  std::vector<base::SocketAddress> listen;   // at least one
  std::string advertise;                     // host and port that API servers dial
  std::optional<std::string> tls_cert_file;  // both or neither; without them Sallyport is its own authority
  std::optional<std::string> tls_key_file;
  std::string ca_pem;                      // who signed tls_cert_file
  std::vector<std::string> token_origins;  // URLs of this API, besides the obvious, that clients presign tokens for
};

// The host whose shells users get in the console (docs/workplace.md).
struct WorkplaceHostConfig {
  bool tls = true;
  std::string host;  // a name or an address, IPv6 without brackets
  std::uint16_t port = 443;
  std::optional<std::string> ca_file;
  std::string secret;
  base::Seconds check_time = base::limits::kWorkplaceCheckPause;
};

struct AuditConfig {
  std::string dir;  // empty: "audit" in the data folder
  std::uint64_t max_file_mib = 64;
  std::uint64_t keep_mib = 4'096;
  std::uint64_t keep_unauthenticated_mib = 256;
};

// A configuration file as checked values (design.md section 4). Defaults are those of an absent key.
struct Config {
  model::Region region;
  model::AccountId account;
  std::string data_dir;
  std::chrono::seconds handover_drain = base::limits::kHandoverDrainTime;  // of relays in a process taken over from
  std::string zone;                                                        // lower case, no trailing dot
  model::Cidr default_vpc_cidr;
  ApiConfig api;
  gateway::GatewayConfig gateway;  // private listeners carry the subnet the file names, if any
  bool refuse_reserved_cidrs = false;
  dns::DnsConfig dns;
  std::vector<base::SocketAddress> metrics;
  std::optional<WebhookConfig> webhooks;
  std::optional<WorkplaceHostConfig> workplace;
  AuditConfig audit;
  std::vector<model::Pool> pools;
  std::optional<ProviderConfig> provider;
  std::size_t max_clusters = 0;
  std::vector<model::Cidr> elastic_ip_pool;  // IPv4, none overlaps another
  std::string default_kubernetes_version;    // of clusters created without one: "1.34"

  bool has_gateway() const { return !gateway.listeners.empty(); }
  bool has_dns() const { return !dns.public_listeners.empty() || !dns.resolvers.empty(); }
};

// One thing wrong in a configuration file.
struct ConfigError {
  std::size_t line = 0;  // 1-based; 0 when the file as a whole is meant
  std::string key;       // "[gateway] public", empty when none
  std::string value;     // as written, shortened; empty when none
  std::string message;   // what is wrong and what cures it

  friend bool operator==(const ConfigError&, const ConfigError&) = default;
};

// "FILE:LINE: [gateway] public = "203.0.113.10": has no port; write …".
std::string describe(const ConfigError& error, std::string_view filename);

// How certificate files named by the configuration are read.
using ReadFile = std::function<base::Result<std::string>(const std::string& path)>;

// Reads TOML and checks all of it: the configuration, or every error in the order of lines. Relative paths in
// the file are meant from the folder of `filename`. Pure but for `read_file`.
tl::expected<Config, std::vector<ConfigError>> parse_config(std::string_view text, const std::string& filename,
                                                            const ReadFile& read_file);

// The same for a file of at most 1 MiB on disk.
tl::expected<Config, std::vector<ConfigError>> load_config(const std::string& filename);

}  // namespace sallyport::app
