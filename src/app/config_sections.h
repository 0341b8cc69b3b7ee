#pragma once

#include <vector>

#include "app/config_parts.h"
#include "app/config_reader.h"

namespace sallyport::app {

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
