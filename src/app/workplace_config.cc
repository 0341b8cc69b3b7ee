#include "app/workplace_config.h"

#include <algorithm>
#include <utility>

#include "app/config_reader.h"
#include "app/config_sections.h"
#include "app/secret_file.h"
#include "app/service_url.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

namespace limits = base::limits;

constexpr std::int64_t kMostSessions = 1'000;
constexpr std::int64_t kMostSeconds = 36 * 3600;
constexpr std::int64_t kLeastMemory = 64LL * 1024 * 1024;
constexpr std::int64_t kMostMemory = 1LL << 40;
constexpr std::int64_t kLeastProcesses = 16;
constexpr std::int64_t kMostProcesses = 32'768;
constexpr std::int64_t kLeastHome = 1024LL * 1024;
// Below are the system's users; the highest stands for none.
constexpr std::int64_t kFirstUid = 1'000;
constexpr std::int64_t kLastUid = 4'294'967'293;

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

void read_listeners(TableReader& reader, workplace::WorkplaceConfig& config, Reading& reading) {
  const auto tls = read_tls_files(reader, reading);
  if (tls) {
    config.tls_cert_file = tls->cert_file;
    config.tls_key_file = tls->key_file;
  }
  const auto listen = reader.addresses("listen");
  for (const auto& [address, line] : listen.value_or(std::vector<Located<base::SocketAddress>>{})) {
    if (!address.address.is_loopback() && !tls) {
      reader.error(line, "listen", quoted(address.to_string()),
                   "is not a loopback address, and plain HTTP would show the secret and users' credentials to the "
                   "network; set tls_cert_file and tls_key_file, or listen on 127.0.0.1");
    }
    config.listen.push_back(address);
    reading.binds.push_back({"[workplace] listen", address, {}, line});
  }
  if (config.listen.empty() && reading.errors.empty()) {
    reader.error(reader.line(), {}, {}, "has no address to listen on; give listen = [\"10.0.1.20:3130\"]");
  }
}

void read_secret_key(TableReader& reader, const toml::table& table, workplace::WorkplaceConfig& config,
                     Reading& reading, const ReadFile& read_secret) {
  const auto file = reader.text("secret_file");
  if (!file) {
    if (table.get("secret_file") == nullptr) {
      reader.error(reader.line(), "secret_file", {},
                   "is missing; name the file with the secret that the API server has too, of mode 0600");
    }
    return;
  }
  auto secret = read_secret(reading.path_of(file->value));
  if (secret) {
    config.secret = *std::move(secret);
  } else {
    reader.error(file->line, "secret_file", quoted(file->value), secret.error().message);
  }
}

void read_api_address(TableReader& reader, const toml::table& table, workplace::WorkplaceConfig& config,
                      Reading& reading) {
  if (const auto api = reader.text("api")) {
    const auto url = parse_service_url(api->value);
    if (!url) {
      reader.error(api->line, "api", quoted(api->value), url.error());
    } else if (is_clear_text(*url)) {
      reader.error(api->line, "api", quoted(api->value),
                   "is plain HTTP to another machine, where anyone on the way could read and answer; use https://, or "
                   "an address such as http://127.0.0.1:8787");
    }
    config.api = api->value;
    while (config.api.ends_with('/'))
      config.api.pop_back();
  } else if (table.get("api") == nullptr) {
    reader.error(reader.line(), "api", {},
                 "is missing; name the Sallyport API as the shells reach it: \"https://sallyport.example.com:8787\"");
  }
  if (const auto file = reader.text("api_ca_file")) {
    config.api_ca = read_certificates(reader, "api_ca_file", *file, reading);
  }
}

void read_bounds(TableReader& reader, workplace::WorkplaceConfig& config) {
  const auto set = [&](std::string_view key, std::int64_t least, std::int64_t most, auto& value) {
    if (const auto number = reader.number(key, least, most)) value = std::decay_t<decltype(value)>(number->value);
  };
  set("max_sessions", 1, kMostSessions, config.max_sessions);
  set("sessions_a_principal", 1, kMostSessions, config.sessions_a_principal);
  set("idle_seconds", 1, kMostSeconds, config.idle_time);
  set("longest_seconds", 1, kMostSeconds, config.longest_time);
  set("memory_bytes", kLeastMemory, kMostMemory, config.memory_bytes);
  set("processes", kLeastProcesses, kMostProcesses, config.processes);
  set("home_bytes", kLeastHome, kMostMemory, config.home_bytes);
}

void read_users(TableReader& reader, workplace::WorkplaceConfig& config) {
  if (const auto shell = reader.text("shell")) {
    config.shell = shell->value;
    if (!shell->value.starts_with('/') || shell->value.find_first_of(":\n") != std::string::npos) {
      reader.error(shell->line, "shell", quoted(shell->value), "must be a path such as \"/bin/bash\"");
    }
  }
  const auto uids = reader.numbers("uids", kFirstUid, kLastUid);
  if (!uids) return;
  if (uids->size() != 2 || uids->front().value > uids->back().value) {
    reader.error(uids->empty() ? reader.line() : uids->front().line, "uids", {},
                 "must be the first and the last uid of a range, such as [70000, 74095]");
    return;
  }
  config.uids = workplace::UidRange{static_cast<uid_t>(uids->front().value), static_cast<uid_t>(uids->back().value)};
}

void read_workplace(const toml::table* table, workplace::WorkplaceConfig& config, Reading& reading,
                    const ReadFile& read_secret) {
  if (table == nullptr) {
    reading.errors.push_back({0, "[workplace]", {}, "is missing; packaging/sallyport-workplace.toml is an example"});
    return;
  }
  TableReader reader(*table, "[workplace]", reading.errors);
  read_listeners(reader, config, reading);
  read_secret_key(reader, *table, config, reading, read_secret);
  read_api_address(reader, *table, config, reading);
  read_bounds(reader, config);
  read_users(reader, config);
  reader.finish();
}

}  // namespace

tl::expected<WorkplaceFile, std::vector<ConfigError>> parse_workplace_config(std::string_view text,
                                                                             const std::string& filename,
                                                                             const ReadFile& read_file,
                                                                             const ReadFile& read_secret) {
  const auto root = parse_toml(text);
  if (!root) return tl::unexpected(root.error());
  Reading reading{default_config(), {}, {}, folder_of(filename), read_file};
  WorkplaceFile config;
  TableReader file(*root, "", reading.errors);
  read_workplace(file.section("workplace"), config.workplace, reading, read_secret);
  read_metrics(file.section("metrics"), reading);
  file.finish();
  check_binds(reading);
  config.metrics = std::move(reading.config.metrics);
  if (reading.errors.empty()) return config;
  std::ranges::stable_sort(reading.errors, {}, &ConfigError::line);
  return tl::unexpected(std::move(reading.errors));
}

tl::expected<WorkplaceFile, std::vector<ConfigError>> load_workplace_config(const std::string& filename) {
  const auto text = read_text_file(filename);
  if (!text) return tl::unexpected(std::vector<ConfigError>{{0, {}, {}, text.error().message}});
  return parse_workplace_config(*text, filename, read_text_file, [](const std::string& path) {
    return read_secret_file(path, limits::kWorkplaceSecretBytes);
  });
}

bool is_workplace_config(const std::string& filename) {
  const auto text = read_text_file(filename);
  if (!text) return false;
  const auto root = parse_toml(*text);
  const toml::table* section = root ? (*root)["workplace"].as_table() : nullptr;
  return section != nullptr && !section->contains("url") && !root->contains("server") && !root->contains("api");
}

}  // namespace sallyport::app
