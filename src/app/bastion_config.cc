#include "app/bastion_config.h"

#include <algorithm>
#include <utility>

#include "app/config_reader.h"
#include "app/config_sections.h"
#include "app/service_url.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

constexpr std::int64_t kMostIdleSeconds = 7 * 24 * 3600;
constexpr std::int64_t kMostConnections = 1'000'000;

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

// Why `text` is not the API's URL; fills `api` when it is.
std::optional<std::string> read_url(const std::string& text, bastion::ApiAddress& api) {
  const auto url = parse_service_url(text);
  if (!url) return url.error();
  api.tls = url->tls;
  api.host = url->host;
  api.port = url->port;
  if (is_clear_text(*url)) {
    return "is plain HTTP to another machine, where anyone on the way could answer that a login is good; use https://, "
           "or an address such as http://127.0.0.1:8787";
  }
  return std::nullopt;
}

void read_api_address(TableReader& reader, const toml::table& table, bastion::BastionConfig& config, Reading& reading) {
  const auto url = reader.text("api");
  if (url) {
    if (auto problem = read_url(url->value, config.api)) {
      reader.error(url->line, "api", quoted(url->value), *std::move(problem));
    }
  } else if (table.get("api") == nullptr) {
    reader.error(reader.line(), "api", {},
                 "is missing; name the Sallyport API, which checks logins: \"https://sallyport.example.com:8787\"");
  }
  const auto file = reader.text("api_ca_file");
  if (!file) return;
  read_certificates(reader, "api_ca_file", *file, reading);
  config.api.ca_file = reading.path_of(file->value);
  if (url && !config.api.tls) {
    reader.error(file->line, "api_ca_file", quoted(file->value), "has no use with http://; remove it, or use https://");
  }
}

void read_listeners(TableReader& reader, bastion::BastionConfig& config, Reading& reading) {
  const auto tls = read_tls_files(reader, reading);
  if (tls) {
    config.tls_cert_file = tls->cert_file;
    config.tls_key_file = tls->key_file;
  }
  const auto plaintext = reader.flag("allow_plaintext_socks");
  const auto listen = reader.addresses("listen");
  for (const auto& [address, line] : listen.value_or(std::vector<Located<base::SocketAddress>>{})) {
    if (!address.address.is_loopback() && !tls) {
      reader.error(line, "listen", quoted(address.to_string()),
                   "is not a loopback address, and plain HTTP would show passwords to the network; set tls_cert_file "
                   "and tls_key_file, or listen on 127.0.0.1");
    }
    config.listen.push_back(address);
    reading.binds.push_back({"[bastion] listen", address, {}, line});
  }
  const auto socks = reader.addresses("socks");
  for (const auto& [address, line] : socks.value_or(std::vector<Located<base::SocketAddress>>{})) {
    if (!address.address.is_loopback() && !(plaintext && plaintext->value)) {
      reader.error(line, "socks", quoted(address.to_string()),
                   "is not a loopback address, and SOCKS5 sends the password in clear; listen on 127.0.0.1, use "
                   "`listen` with TLS instead, or set allow_plaintext_socks = true where the network itself is private "
                   "to its users");
    }
    config.socks.push_back(address);
    reading.binds.push_back({"[bastion] socks", address, {}, line});
  }
}

void read_paths(TableReader& reader, bastion::BastionConfig& config) {
  if (const auto port = reader.number("port", 1, 65'535)) config.realm.port = static_cast<std::uint16_t>(port->value);
  if (const auto resolver = reader.address("resolver")) config.resolver = resolver->value;
  if (const auto source = reader.text("source")) {
    config.source = base::IpAddress::parse(source->value);
    if (!config.source) {
      reader.error(source->line, "source", quoted(source->value),
                   "is not an address; write one of this machine's, such as \"10.0.1.20\", without a port");
    }
  }
  if (const auto most = reader.number("max_connections", 1, kMostConnections)) {
    config.max_connections = static_cast<std::size_t>(most->value);
  }
  if (const auto seconds = reader.number("idle_seconds", 1, kMostIdleSeconds)) {
    config.idle_time = base::Seconds(seconds->value);
  }
}

void read_bastion(const toml::table* table, bastion::BastionConfig& config, Reading& reading) {
  if (table == nullptr) {
    reading.errors.push_back({0, "[bastion]", {}, "is missing; packaging/sallyport-bastion.toml is an example"});
    return;
  }
  TableReader reader(*table, "[bastion]", reading.errors);
  read_listeners(reader, config, reading);
  read_api_address(reader, *table, config, reading);
  read_region(reader, reading.config);
  read_zone(reader, reading.config);
  config.realm.region = reading.config.region.str();
  config.realm.zone = reading.config.zone;
  read_paths(reader, config);
  if (table->get("listen") == nullptr && table->get("socks") == nullptr) {
    reader.error(reader.line(), {}, {},
                 "has no address to listen on; give listen = [\"10.0.1.20:3128\"], or socks = [\"127.0.0.1:1080\"]");
  } else if (config.listen.empty() && config.socks.empty() && reading.errors.empty()) {
    reader.error(reader.line(), {}, {}, "has no address to listen on: its lists are empty");
  }
  reader.finish();
}

}  // namespace

tl::expected<BastionFile, std::vector<ConfigError>> parse_bastion_config(std::string_view text,
                                                                         const std::string& filename,
                                                                         const ReadFile& read_file) {
  const auto root = parse_toml(text);
  if (!root) return tl::unexpected(root.error());
  Reading reading{default_config(), {}, {}, folder_of(filename), read_file};
  BastionFile config;
  TableReader file(*root, "", reading.errors);
  read_bastion(file.section("bastion"), config.bastion, reading);
  read_metrics(file.section("metrics"), reading);
  file.finish();
  check_binds(reading);
  config.metrics = std::move(reading.config.metrics);
  if (reading.errors.empty()) return config;
  std::ranges::stable_sort(reading.errors, {}, &ConfigError::line);
  return tl::unexpected(std::move(reading.errors));
}

tl::expected<BastionFile, std::vector<ConfigError>> load_bastion_config(const std::string& filename) {
  const auto text = read_text_file(filename);
  if (!text) return tl::unexpected(std::vector<ConfigError>{{0, {}, {}, text.error().message}});
  return parse_bastion_config(*text, filename, read_text_file);
}

bool is_bastion_config(const std::string& filename) {
  const auto text = read_text_file(filename);
  if (!text) return false;
  const auto root = parse_toml(*text);
  return root && root->contains("bastion");
}

}  // namespace sallyport::app
