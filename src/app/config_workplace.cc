#include <string>
#include <utility>

#include "app/config_sections.h"
#include "app/secret_file.h"
#include "app/service_url.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

constexpr std::int64_t kMostCheckSeconds = 3'600;

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

void read_url(TableReader& reader, const toml::table& table, WorkplaceHostConfig& config) {
  const auto url = reader.text("url");
  if (!url) {
    if (table.get("url") == nullptr) {
      reader.error(reader.line(), "url", {}, "is missing; name the workplace host, such as \"https://10.0.1.20:3130\"");
    }
    return;
  }
  const auto parsed = parse_service_url(url->value);
  if (!parsed) {
    reader.error(url->line, "url", quoted(url->value), parsed.error());
    return;
  }
  if (is_clear_text(*parsed)) {
    reader.error(
        url->line, "url", quoted(url->value),
        "is plain HTTP to another machine, which would show users' credentials to the network; use https://, or "
        "an address such as http://127.0.0.1:3130");
  }
  config.tls = parsed->tls;
  config.host = parsed->host;
  config.port = parsed->port;
}

void read_secret(TableReader& reader, const toml::table& table, WorkplaceHostConfig& config, Reading& reading) {
  const auto file = reader.text("secret_file");
  if (file) {
    auto secret = read_secret_file(reading.path_of(file->value), base::limits::kWorkplaceSecretBytes);
    if (!secret) reader.error(file->line, "secret_file", quoted(file->value), secret.error().message);
    if (secret) config.secret = *std::move(secret);
  } else if (table.get("secret_file") == nullptr) {
    reader.error(reader.line(), "secret_file", {},
                 "is missing; name the file with the secret that the workplace host has too, of mode 0600");
  }
}

}  // namespace

void read_workplace_host(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  TableReader reader(*table, "[workplace]", reading.errors);
  WorkplaceHostConfig config;
  read_url(reader, *table, config);
  if (const auto file = reader.text("ca_file")) {
    read_certificates(reader, "ca_file", *file, reading);
    config.ca_file = reading.path_of(file->value);
    if (!config.host.empty() && !config.tls) {
      reader.error(file->line, "ca_file", quoted(file->value), "has no use with http://; remove it, or use https://");
    }
  }
  read_secret(reader, *table, config, reading);
  if (const auto seconds = reader.number("check_seconds", 1, kMostCheckSeconds)) {
    config.check_time = base::Seconds(seconds->value);
  }
  reader.finish();
  reading.config.workplace = std::move(config);
}

}  // namespace sallyport::app
