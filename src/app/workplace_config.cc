#include "app/workplace_config.h"

#include <utility>

#include "app/host_file.h"
#include "app/secret_file.h"

namespace sallyport::app {

namespace {

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

constexpr ServiceWords kShellApi{"the Sallyport API as the shells reach it", "https://sallyport.example.com:8787",
                                 "http://127.0.0.1:8787", "where anyone on the way could read and answer"};

void read_listeners(TableReader& reader, workplace::WorkplaceConfig& config, Reading& reading) {
  auto [listen, tls] = read_http_listeners(reader, "the secret and users' credentials", reading);
  if (listen) config.listen = *std::move(listen);
  if (tls) {
    config.tls_cert_file = tls->cert_file;
    config.tls_key_file = tls->key_file;
  }
  if (config.listen.empty() && reading.errors.empty()) {
    reader.error(reader.line(), {}, {}, "has no address to listen on; give listen = [\"10.0.1.20:3130\"]");
  }
}

void read_api_address(TableReader& reader, workplace::WorkplaceConfig& config, Reading& reading) {
  if (const auto url = read_service_url(reader, "api", kShellApi)) {
    config.api = (url->tls ? "https://" : "http://") + url->written_authority;
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
  config.secret = read_shared_secret(reader, "the API server", reading, read_secret);
  read_api_address(reader, config, reading);
  read_bounds(reader, config);
  read_users(reader, config);
  reader.finish();
}

}  // namespace

tl::expected<WorkplaceFile, std::vector<ConfigError>> parse_workplace_config(std::string_view text,
                                                                             const std::string& filename,
                                                                             const ReadFile& read_file,
                                                                             const ReadFile& read_secret) {
  const auto read = [&](TableReader& file, WorkplaceFile& config, Reading& reading) {
    read_workplace(file.section("workplace"), config.workplace, reading, read_secret);
  };
  return parse_host_file<WorkplaceFile>(text, filename, read_file, read);
}

tl::expected<WorkplaceFile, std::vector<ConfigError>> load_workplace_config(const std::string& filename) {
  const auto parse = [&](const std::string& text) {
    return parse_workplace_config(text, filename, read_text_file, read_workplace_secret);
  };
  return load_by(parse, filename);
}

bool is_workplace_config(const std::string& filename) {
  const auto text = read_text_file(filename);
  if (!text) return false;
  const auto root = parse_toml(*text);
  const toml::table* section = root ? (*root)["workplace"].as_table() : nullptr;
  return section != nullptr && !section->contains("url") && !root->contains("server") && !root->contains("api");
}

}  // namespace sallyport::app
