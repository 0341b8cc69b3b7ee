#include "app/config_sections.h"

#include <algorithm>

#include "app/shapes.h"
#include "base/limits.h"

namespace sallyport::app {

void read_server(const toml::table* table, Reading& reading) {
  Config& config = reading.config;
  if (table == nullptr) return;
  TableReader reader(*table, "[server]", reading.errors);
  read_region(reader, config);
  if (const auto account = reader.text("account_id")) {
    if (is_account_id(account->value)) {
      config.account = model::AccountId(account->value);
    } else {
      reader.error(account->line, "account_id", quoted(account->value),
                   "must be twelve digits in quotes, such as \"000000000000\"");
    }
  }
  if (const auto folder = reader.text("data_dir")) {
    if (folder->value.empty()) {
      reader.error(folder->line, "data_dir", "\"\"", "must name a folder, such as \"/var/lib/sallyport\"");
    } else {
      config.data_dir = reading.path_of(folder->value);
    }
  }
  constexpr std::int64_t kLongest = std::chrono::seconds(base::limits::kHandoverLongestDrain).count();
  if (const auto drain = reader.number("handover_drain_seconds", 0, kLongest)) {
    config.handover_drain = std::chrono::seconds(drain->value);
  }
  read_zone(reader, config);
  if (const auto block = reader.text("default_vpc_cidr")) {
    const auto parsed = model::Cidr::parse(block->value);
    if (!parsed) {
      reader.error(block->line, "default_vpc_cidr", quoted(block->value), parsed.error().message);
    } else if (parsed->family() != base::Family::kV4 || parsed->prefix() < 16 || parsed->prefix() > 28) {
      reader.error(block->line, "default_vpc_cidr", quoted(block->value),
                   "must be an IPv4 block of /16 to /28, as on AWS; the usual one is 172.31.0.0/16");
    } else {
      config.default_vpc_cidr = *parsed;
    }
  }
  reader.finish();
}

void read_api(const toml::table* table, Reading& reading) {
  ApiConfig& api = reading.config.api;
  const toml::table empty;
  TableReader reader(table != nullptr ? *table : empty, "[api]", reading.errors);
  auto [listen, tls] = read_http_listeners(reader, "requests", reading);
  if (listen) {
    if (table->get("listen")->as_array()->empty()) {
      reader.error(table->get("listen")->source().begin.line, "listen", "[]",
                   "must hold an address, such as \"127.0.0.1:8787\"");
    }
    api.listen = *std::move(listen);
  } else if (!reader.has("listen")) {
    reading.binds.push_back({"[api] listen (default)", api.listen.front(), {}, 0});
  }
  if (tls) {
    api.tls_cert_file = tls->cert_file;
    api.tls_key_file = tls->key_file;
  }
  reader.finish();
}

void read_metrics(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  TableReader reader(*table, "[metrics]", reading.errors);
  if (const auto listen = reader.addresses("listen")) {
    for (const auto& [address, line] : *listen) {
      reading.config.metrics.push_back(address);
      reading.binds.push_back({"[metrics] listen", address, {}, line});
    }
  }
  reader.finish();
}

void read_pools(const std::vector<const toml::table*>& tables, Reading& reading) {
  std::vector<std::string> names;
  for (const toml::table* table : tables) {
    TableReader reader(*table, "[[pool]]", reading.errors);
    model::Pool pool;
    if (const auto name = reader.text("name")) {
      if (name->value.empty() || name->value.size() > 100) {
        reader.error(name->line, "name", quoted(name->value), "must have 1 to 100 characters");
      } else if (name->value.starts_with("provider/")) {
        reader.error(name->line, "name", quoted(name->value),
                     "must not begin with provider/: pools that a provider makes are called so");
      } else if (std::ranges::find(names, name->value) != names.end()) {
        reader.error(name->line, "name", quoted(name->value), "is the name of an earlier pool; each needs its own");
      }
      names.push_back(name->value);
      pool.name = model::PoolName(name->value);
    } else if (!reader.has("name")) {
      reader.error(reader.line(), "name", {}, "is missing; name the pool, as clusters find it by that");
    }
    if (const auto servers = reader.addresses("servers")) {
      for (const auto& server : *servers)
        pool.servers.push_back(server.value);
      const toml::array* written = table->get("servers")->as_array();
      if (written->empty()) {
        reader.error(written->source().begin.line, "servers", "[]",
                     "must hold at least one API server, such as \"10.0.0.5:6443\"");
      }
    } else if (!reader.has("servers")) {
      reader.error(reader.line(), "servers", {}, "is missing; list the API servers, such as [\"10.0.0.5:6443\"]");
    }
    if (const auto file = reader.text("ca_file")) {
      pool.ca_pem = read_certificates(reader, "ca_file", *file, reading);
    } else if (!reader.has("ca_file")) {
      reader.error(reader.line(), "ca_file", {},
                   "is missing; name the PEM file of the authority that signs the API servers' certificates, such as "
                   "\"/etc/kubernetes/pki/ca.crt\"");
    }
    if (const auto flag = reader.flag("send_proxy_protocol")) pool.send_proxy_protocol = flag->value;
    reader.finish();
    reading.config.pools.push_back(std::move(pool));
  }
}

void read_eks(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  TableReader reader(*table, "[eks]", reading.errors);
  if (const auto most = reader.number("max_clusters", 1, std::int64_t{base::limits::kClusters})) {
    reading.config.max_clusters = static_cast<std::size_t>(most->value);
  }
  if (const auto version = reader.text("default_kubernetes_version")) {
    if (!model::is_kubernetes_version(version->value)) {
      reader.error(version->line, "default_kubernetes_version", quoted(version->value),
                   "must be a minor version from \"1.23\" to \"1.99\", such as \"1.34\"");
    }
    reading.config.default_kubernetes_version = version->value;
  }
  reader.finish();
}

void read_ec2(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  TableReader reader(*table, "[ec2]", reading.errors);
  std::vector<model::Cidr>& pool = reading.config.elastic_ip_pool;
  for (const auto& [text, line] : reader.texts("elastic_ip_pool").value_or(std::vector<Located<std::string>>{})) {
    const auto fault = [&](const std::string& why) { reader.error(line, "elastic_ip_pool", quoted(text), why); };
    const auto block = model::Cidr::parse(text);
    if (!block) {
      fault(block.error().message);
    } else if (block->family() != base::Family::kV4) {
      fault("is not IPv4, as Elastic IP addresses are; write a block such as \"203.0.113.64/26\"");
    } else if (std::ranges::any_of(pool, [&](const model::Cidr& earlier) { return earlier.overlaps(*block); })) {
      fault("overlaps an earlier block of the pool; leave one out");
    } else {
      pool.push_back(*block);
    }
  }
  reader.finish();
}

void read_store(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  TableReader reader(*table, "[store]", reading.errors);
  if (const auto backend = reader.text("backend")) {
    if (backend->value == "etcd") {
      reader.error(backend->line, "backend", "\"etcd\"",
                   "this build serves one machine with \"sqlite\"; etcd comes with a later version");
      return;  // its other keys mean nothing here
    }
    if (backend->value != "sqlite") {
      reader.error(backend->line, "backend", quoted(backend->value), "is unknown; write \"sqlite\"");
    }
  }
  reader.finish();
}

void read_provider(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  TableReader reader(*table, "[provider]", reading.errors);
  ProviderConfig provider;
  if (const auto command = reader.text("command")) {
    if (command->value.empty())
      reader.error(command->line, "command", "\"\"", "is empty; name the provider's executable");
    provider.command = reading.path_of(command->value);
  } else if (!reader.has("command")) {
    reader.error(reader.line(), "command", {},
                 "is missing; name the provider's executable, such as "
                 "\"/usr/lib/sallyport/providers/kube-apiserver\"");
  }
  for (auto& [text, line] : reader.texts("arguments").value_or(std::vector<Located<std::string>>{}))
    provider.arguments.push_back(std::move(text));
  reader.finish();
  reading.config.provider = std::move(provider);
}

}  // namespace sallyport::app
