#include "app/bastion_config.h"

#include <utility>

#include "app/host_file.h"

namespace sallyport::app {

namespace {

constexpr std::int64_t kMostIdleSeconds = 7 * 24 * 3600;
constexpr std::int64_t kMostConnections = 1'000'000;

constexpr ServiceWords kLoginApi{"the Sallyport API, which checks logins", "https://sallyport.example.com:8787",
                                 "http://127.0.0.1:8787", "where anyone on the way could answer that a login is good"};

void read_api_address(TableReader& reader, bastion::BastionConfig& config, Reading& reading) {
  const auto url = read_service_url(reader, "api", kLoginApi);
  if (url) {
    config.api.tls = url->tls;
    config.api.host = url->host;
    config.api.port = url->port;
  }
  config.api.ca_file = read_authorities(reader, "api_ca_file", url, reading);
}

void read_listeners(TableReader& reader, bastion::BastionConfig& config, Reading& reading) {
  auto [listen, tls] = read_http_listeners(reader, "passwords", reading);
  if (listen) config.listen = *std::move(listen);
  if (tls) {
    config.tls_cert_file = tls->cert_file;
    config.tls_key_file = tls->key_file;
  }
  const auto plaintext = reader.flag("allow_plaintext_socks");
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
  read_api_address(reader, config, reading);
  read_region(reader, reading.config);
  read_zone(reader, reading.config);
  config.realm.region = reading.config.region.str();
  config.realm.zone = reading.config.zone;
  read_paths(reader, config);
  if (!reader.has("listen") && !reader.has("socks")) {
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
  const auto read = [](TableReader& file, BastionFile& config, Reading& reading) {
    read_bastion(file.section("bastion"), config.bastion, reading);
  };
  return parse_host_file<BastionFile>(text, filename, read_file, read);
}

tl::expected<BastionFile, std::vector<ConfigError>> load_bastion_config(const std::string& filename) {
  return load_by([&](const std::string& text) { return parse_bastion_config(text, filename, read_text_file); },
                 filename);
}

bool is_bastion_config(const std::string& filename) {
  const auto text = read_text_file(filename);
  if (!text) return false;
  const auto root = parse_toml(*text);
  return root && root->contains("bastion");
}

}  // namespace sallyport::app
