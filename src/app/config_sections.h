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

// Each reads one section (nullptr: absent) and leaves the defaults where a key is absent.
void read_server(const toml::table* table, Reading& reading);
void read_api(const toml::table* table, Reading& reading);
void read_gateway(const toml::table* table, Reading& reading);
void read_dns(const toml::table* table, Reading& reading);
void read_metrics(const toml::table* table, Reading& reading);
void read_pools(const std::vector<const toml::table*>& tables, Reading& reading);
void read_eks(const toml::table* table, Reading& reading);
void read_store(const toml::table* table, Reading& reading);
void read_provider(const toml::table* table, Reading& reading);

// What no section can see alone: one socket asked for twice, and traffic that would come back to us.
void check_binds(Reading& reading);
void check_loops(Reading& reading);

}  // namespace sallyport::app
