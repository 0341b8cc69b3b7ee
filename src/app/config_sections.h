#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/config_reader.h"

namespace sallyport::app {

// A socket the configuration asks for.
struct Bind {
  std::string where;  // "[gateway] public"
  base::SocketAddress address;
  std::string device;
  std::size_t line = 0;
};

// A configuration while it is read.
struct Reading {
  Config config;
  std::vector<ConfigError> errors;
  std::vector<Bind> binds;
  std::string folder;  // that relative paths start from
  const ReadFile& read_file;

  std::string path_of(const std::string& written) const;
};

// What an empty file means.
Config default_config();
// At most 1 MiB.
base::Result<std::string> read_text_file(const std::string& path);
std::string folder_of(const std::string& filename);

// Parts that sections share. Each takes its keys from `reader` and leaves the default where one is absent.
void read_region(TableReader& reader, Config& config);
void read_zone(TableReader& reader, Config& config);  // after the region
struct TlsFiles {
  std::string cert_file;
  std::string key_file;
};
// tls_cert_file and tls_key_file when both are given, checked against each other.
std::optional<TlsFiles> read_tls_files(TableReader& reader, Reading& reading);
// Reads a PEM file for `key` that holds certificates; empty, with an error recorded, when it does not.
std::string read_certificates(TableReader& reader, std::string_view key, const Located<std::string>& written,
                              Reading& reading);

// Each reads one section (nullptr: absent) and leaves the defaults where a key is absent.
void read_server(const toml::table* table, Reading& reading);
void read_api(const toml::table* table, Reading& reading);
void read_gateway(const toml::table* table, Reading& reading);
void read_dns(const toml::table* table, Reading& reading);
void read_metrics(const toml::table* table, Reading& reading);
void read_webhooks(const toml::table* table, Reading& reading);
void read_workplace_host(const toml::table* table, Reading& reading);
void read_audit(const toml::table* table, Reading& reading);
void read_pools(const std::vector<const toml::table*>& tables, Reading& reading);
void read_eks(const toml::table* table, Reading& reading);
void read_ec2(const toml::table* table, Reading& reading);
void read_store(const toml::table* table, Reading& reading);
void read_provider(const toml::table* table, Reading& reading);

// What no section can see alone: one socket asked for twice, and traffic that would come back to us.
void check_binds(Reading& reading);
void check_loops(Reading& reading);

}  // namespace sallyport::app
