#include <utility>

#include "app/config_sections.h"
#include "app/secret_file.h"

namespace sallyport::app {

namespace {

constexpr std::int64_t kMostCheckSeconds = 3'600;

constexpr ServiceWords kWorkplaceHost{"the workplace host", "https://10.0.1.20:3130", "http://127.0.0.1:3130",
                                      "which would show users' credentials to the network"};

}  // namespace

void read_workplace_host(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  TableReader reader(*table, "[workplace]", reading.errors);
  WorkplaceHostConfig config;
  const auto url = read_service_url(reader, "url", kWorkplaceHost);
  if (url) {
    config.tls = url->tls;
    config.host = url->host;
    config.port = url->port;
  }
  config.ca_file = read_authorities(reader, "ca_file", url, reading);
  config.secret = read_shared_secret(reader, "the workplace host", reading, read_workplace_secret);
  if (const auto seconds = reader.number("check_seconds", 1, kMostCheckSeconds)) {
    config.check_time = base::Seconds(seconds->value);
  }
  reader.finish();
  reading.config.workplace = std::move(config);
}

}  // namespace sallyport::app
