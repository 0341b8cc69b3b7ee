#include "app/config_sections.h"

#include <algorithm>

#include "app/pem.h"
#include "app/shapes.h"
#include "base/bytes.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

// "<32 hex>.gr1." and ".eks." around region and zone.
constexpr std::size_t kEndpointNameOverhead = 32 + 5 + 5;
constexpr std::size_t kLongestName = 253;

// Reads a PEM file for `key` and passes its text to `check`, which says what is wrong with it.
std::string read_pem(TableReader& reader, std::string_view key, const Located<std::string>& written, Reading& reading,
                     const std::function<base::Status(const std::string&)>& check) {
  const auto text = reading.read_file(reading.path_of(written.value));
  if (!text) {
    reader.error(written.line, key, "\"" + written.value + "\"", text.error().message);
    return {};
  }
  if (const base::Status status = check(*text); !status) {
    reader.error(written.line, key, "\"" + written.value + "\"", status.error().message);
    return {};
  }
  return *text;
}

base::Status has_certificate(const std::string& pem) {
  const auto count = count_certificates(pem);
  if (!count) return base::fail(count.error());
  return {};
}

void check_zone(TableReader& reader, const Located<std::string>& zone, Config& config) {
  const std::string shown = "\"" + zone.value + "\"";
  if (zone.value.ends_with('.')) {
    reader.error(zone.line, "zone", shown, "leave out the dot at the end");
  } else if (!is_dns_name(zone.value)) {
    reader.error(zone.line, "zone", shown,
                 "is not a DNS name; labels are letters, digits and inner hyphens, joined by dots, as in "
                 "\"sallyport.internal\"");
  } else if (zone.value.size() + config.region.str().size() + kEndpointNameOverhead > kLongestName) {
    reader.error(zone.line, "zone", shown, "is too long: with it, endpoint names would pass 253 characters");
  } else {
    config.zone = base::ascii_lower(zone.value);
  }
}

}  // namespace

std::string Reading::path_of(const std::string& written) const {
  if (written.starts_with('/') || folder.empty()) return written;
  return folder + "/" + written;
}

void read_region(TableReader& reader, Config& config) {
  const auto region = reader.text("region");
  if (!region) return;
  if (is_region(region->value)) {
    config.region = model::Region(region->value);
  } else {
    reader.error(region->line, "region", "\"" + region->value + "\"",
                 "is not shaped like a region; write lower-case words and a number, such as \"us-east-1\"");
  }
}

void read_zone(TableReader& reader, Config& config) {
  if (const auto zone = reader.text("zone")) check_zone(reader, *zone, config);
}

std::optional<TlsFiles> read_tls_files(TableReader& reader, Reading& reading) {
  const auto certificate = reader.text("tls_cert_file");
  const auto key = reader.text("tls_key_file");
  if (certificate.has_value() != key.has_value()) {
    const std::string_view there = certificate ? "tls_cert_file" : "tls_key_file";
    const std::string missing = certificate ? "tls_key_file" : "tls_cert_file";
    reader.error(certificate ? certificate->line : key->line, there, {}, "needs " + missing + " beside it");
  }
  if (!certificate || !key) return std::nullopt;
  const std::string chain = read_certificates(reader, "tls_cert_file", *certificate, reading);
  const auto fits = [&](const std::string& pem) { return chain.empty() ? base::Status{} : check_key_pair(chain, pem); };
  read_pem(reader, "tls_key_file", *key, reading, fits);
  return TlsFiles{reading.path_of(certificate->value), reading.path_of(key->value)};
}

std::string read_certificates(TableReader& reader, std::string_view key, const Located<std::string>& written,
                              Reading& reading) {
  return read_pem(reader, key, written, reading, has_certificate);
}

void read_server(const toml::table* table, Reading& reading) {
  Config& config = reading.config;
  if (table == nullptr) return;
  TableReader reader(*table, "[server]", reading.errors);
  read_region(reader, config);
  if (const auto account = reader.text("account_id")) {
    if (is_account_id(account->value)) {
      config.account = model::AccountId(account->value);
    } else {
      reader.error(account->line, "account_id", "\"" + account->value + "\"",
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
      reader.error(block->line, "default_vpc_cidr", "\"" + block->value + "\"", parsed.error().message);
    } else if (parsed->family() != base::Family::kV4 || parsed->prefix() < 16 || parsed->prefix() > 28) {
      reader.error(block->line, "default_vpc_cidr", "\"" + block->value + "\"",
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
  const auto tls = read_tls_files(reader, reading);
  if (const auto listen = reader.addresses("listen")) {
    api.listen.clear();
    if (listen->empty() && table->get("listen")->as_array() != nullptr && table->get("listen")->as_array()->empty()) {
      reader.error(table->get("listen")->source().begin.line, "listen", "[]",
                   "must hold an address, such as \"127.0.0.1:8787\"");
    }
    for (const auto& [address, line] : *listen) {
      if (!address.address.is_loopback() && !tls) {
        reader.error(line, "listen", "\"" + address.to_string() + "\"",
                     "is not a loopback address, and plain HTTP would show requests to the network; set tls_cert_file "
                     "and tls_key_file, or listen on 127.0.0.1");
      }
      api.listen.push_back(address);
      reading.binds.push_back({"[api] listen", address, {}, line});
    }
  } else if (table == nullptr || table->get("listen") == nullptr) {
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
        reader.error(name->line, "name", "\"" + name->value + "\"", "must have 1 to 100 characters");
      } else if (name->value.starts_with("provider/")) {
        reader.error(name->line, "name", "\"" + name->value + "\"",
                     "must not begin with provider/: pools that a provider makes are called so");
      } else if (std::ranges::find(names, name->value) != names.end()) {
        reader.error(name->line, "name", "\"" + name->value + "\"",
                     "is the name of an earlier pool; each needs its own");
      }
      names.push_back(name->value);
      pool.name = model::PoolName(name->value);
    } else if (table->get("name") == nullptr) {
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
    } else if (table->get("servers") == nullptr) {
      reader.error(reader.line(), "servers", {}, "is missing; list the API servers, such as [\"10.0.0.5:6443\"]");
    }
    if (const auto file = reader.text("ca_file")) {
      pool.ca_pem = read_certificates(reader, "ca_file", *file, reading);
    } else if (table->get("ca_file") == nullptr) {
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
      reader.error(version->line, "default_kubernetes_version", "\"" + version->value + "\"",
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
    const auto fault = [&](const std::string& why) { reader.error(line, "elastic_ip_pool", "\"" + text + "\"", why); };
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
      reader.error(backend->line, "backend", "\"" + backend->value + "\"", "is unknown; write \"sqlite\"");
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
  } else if (table->get("command") == nullptr) {
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
