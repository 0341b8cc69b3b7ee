#include <string>
#include <utility>

#include "app/config_sections.h"
#include "app/shapes.h"
#include "base/ip_address.h"

namespace sallyport::app {

namespace {

bool is_wildcard(const base::IpAddress& address) {
  return address == base::IpAddress::v4(0) || address == base::IpAddress{};
}

// "host:port" whose host is an address that others can dial, or a DNS name.
bool is_dialled(const std::string& text) {
  if (const auto address = base::SocketAddress::parse(text))
    return address->port != 0 && !is_wildcard(address->address);
  const std::size_t colon = text.rfind(':');
  return colon != std::string::npos && is_dns_name(text.substr(0, colon)) &&
         !why_not_address("192.0.2.1" + text.substr(colon));
}

// "https://api.example.com", "http://10.0.0.5:8787": no path.
bool is_origin(const std::string& text) {
  const std::size_t end = text.find("://");
  if (end == std::string::npos || (text.substr(0, end) != "https" && text.substr(0, end) != "http")) return false;
  const std::string host = text.substr(end + 3);
  return is_dns_name(host) || is_dialled(host) || base::IpAddress::parse(host).has_value();
}

void read_advertise(TableReader& reader, const toml::table& table, WebhookConfig& config) {
  if (const auto advertise = reader.text("advertise")) {
    if (!is_dialled(advertise->value)) {
      reader.error(advertise->line, "advertise", quoted(advertise->value),
                   "must be the host and port API servers dial, such as \"10.0.0.5:8790\" or "
                   "\"sallyport.example.com:8790\"");
    }
    config.advertise = advertise->value;
  } else if (!config.listen.empty() && is_wildcard(config.listen.front().address) &&
             table.get("advertise") == nullptr) {
    reader.error(reader.line(), "advertise", {},
                 "is missing: API servers cannot dial " + config.listen.front().to_string() +
                     "; write the host and port they dial, such as \"10.0.0.5:8790\"");
  } else if (!config.listen.empty()) {
    config.advertise = config.listen.front().to_string();
  }
}

void read_webhook_tls(TableReader& reader, Reading& reading, WebhookConfig& config) {
  auto tls = read_tls_files(reader, reading);
  const auto authority = reader.text("tls_ca_file");
  if (tls && !authority) {
    reader.error(reader.line(), "tls_ca_file", {},
                 "is missing: API servers must know who signed tls_cert_file; name the authority's PEM file");
  }
  if (authority && !tls) {
    reader.error(authority->line, "tls_ca_file", {}, "needs tls_cert_file and tls_key_file beside it");
  }
  if (authority) config.ca_pem = read_certificates(reader, "tls_ca_file", *authority, reading);
  if (!tls) return;
  config.tls_cert_file = std::move(tls->cert_file);
  config.tls_key_file = std::move(tls->key_file);
}

}  // namespace

void read_webhooks(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  TableReader reader(*table, "[webhooks]", reading.errors);
  WebhookConfig config;
  if (const auto listen = reader.addresses("listen")) {
    for (const auto& [address, line] : *listen) {
      config.listen.push_back(address);
      reading.binds.push_back({"[webhooks] listen", address, {}, line});
    }
  }
  if (config.listen.empty() && (table->get("listen") == nullptr || table->get("listen")->as_array() != nullptr)) {
    reader.error(reader.line(), "listen", {}, "must hold an address, such as [\"127.0.0.1:8790\"]");
  }
  read_advertise(reader, *table, config);
  read_webhook_tls(reader, reading, config);
  for (const auto& [origin, line] : reader.texts("token_origins").value_or(std::vector<Located<std::string>>{})) {
    if (!is_origin(origin)) {
      reader.error(line, "token_origins", quoted(origin),
                   "must be a URL of this API as clients have it, without a path, such as \"https://api.example.com\"");
    }
    config.token_origins.push_back(origin);
  }
  reader.finish();
  reading.config.webhooks = std::move(config);
}

}  // namespace sallyport::app
