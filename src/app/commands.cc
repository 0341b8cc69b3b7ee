#include "app/commands.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include <boost/json.hpp>

#include "app/admin_client.h"
#include "app/audit_reader.h"
#include "app/bastion_config.h"
#include "app/config.h"
#include "app/data_dir.h"
#include "app/environment.h"
#include "app/render.h"
#include "app/render_audit.h"
#include "app/render_preview.h"
#include "app/render_traffic.h"
#include "app/shorthand.h"
#include "app/terminal.h"
#include "app/webhooks.h"
#include "app/workplace_config.h"
#include "base/entropy.h"
#include "base/time.h"
#include "iam/credentials.h"

namespace sallyport::app {

namespace {

namespace json = boost::json;

constexpr int kFailed = 1;
constexpr int kUsage = 2;

int complain(const base::Error& error) {
  fmt::print(stderr, "sallyport: {}\n", error.message);
  return kFailed;
}

int print_json(const json::object& object) {
  fmt::print("{}\n", json::serialize(object));
  return 0;
}

DataPaths paths_of(const std::string& data_dir) { return {chosen_data_dir(data_dir)}; }

int print_view(const std::string& data_dir, const std::string& target, bool as_json,
               std::string (*render)(const json::object&, const Painter&), const std::string& body = {}) {
  const auto view = ask_server(paths_of(data_dir), target, body);
  if (!view) return complain(view.error());
  if (as_json) return print_json(*view);
  fmt::print("{}", render(*view, Painter(colour_wanted(STDOUT_FILENO))));
  return 0;
}

std::string webhooks_text(const std::optional<WebhookConfig>& webhooks) {
  if (!webhooks) return "none; API servers cannot ask who callers are";
  return "API servers dial " + webhooks->advertise + ", certificate " +
         (webhooks->tls_cert_file ? *webhooks->tls_cert_file : "of an authority in the data folder");
}

std::string workplace_text(const std::optional<WorkplaceHostConfig>& host) {
  if (!host) return "none; the console has no terminals";
  const bool v6 = host->host.find(':') != std::string::npos;
  return fmt::format("{}://{}:{}", host->tls ? "https" : "http", v6 ? "[" + host->host + "]" : host->host, host->port);
}

std::string summary(const Config& config) {
  std::size_t servers = 0;
  for (const model::Pool& pool : config.pools)
    servers += pool.servers.size();
  return fmt::format(
      "valid: {} gateway, {} DNS and {} API addresses; pools: {}, servers in them: {}\n"
      "  provider: {}\n  webhooks: {}\n  workplace: {}",
      config.gateway.listeners.size(), config.dns.public_listeners.size() + config.dns.resolvers.size(),
      config.api.listen.size(), config.pools.size(), servers,
      config.provider ? config.provider->command : "none; every cluster needs a pool", webhooks_text(config.webhooks),
      workplace_text(config.workplace));
}

std::string summary(const BastionFile& file) {
  return fmt::format("valid: a bastion with {} CONNECT and {} SOCKS addresses, for *.{}.eks.{}:{}",
                     file.bastion.listen.size(), file.bastion.socks.size(), file.bastion.realm.region,
                     file.bastion.realm.zone, file.bastion.realm.port);
}

std::string summary(const WorkplaceFile& file) {
  return fmt::format("valid: a workplace host with {} addresses, for at most {} sessions, {} a principal",
                     file.workplace.listen.size(), file.workplace.max_sessions, file.workplace.sessions_a_principal);
}

template <class Checked>
int report(const Checked& config, const std::string& config_file, bool as_json) {
  if (as_json) {
    json::array errors;
    if (!config) {
      for (const ConfigError& error : config.error()) {
        errors.push_back(
            json::object{{"line", error.line}, {"key", error.key}, {"value", error.value}, {"message", error.message}});
      }
    }
    print_json({{"file", config_file}, {"valid", config.has_value()}, {"errors", std::move(errors)}});
    return config ? 0 : kUsage;
  }
  if (config) {
    fmt::print("{}: {}\n", config_file, summary(*config));
    return 0;
  }
  for (const ConfigError& error : config.error())
    fmt::print(stderr, "{}\n", describe(error, config_file));
  const std::size_t count = config.error().size();
  fmt::print(stderr, "{} error{}\n", count, count == 1 ? "" : "s");
  return kUsage;
}

}  // namespace

int check_command(const std::string& config_file, bool as_json) {
  if (is_bastion_config(config_file)) return report(load_bastion_config(config_file), config_file, as_json);
  if (is_workplace_config(config_file)) return report(load_workplace_config(config_file), config_file, as_json);
  return report(load_config(config_file), config_file, as_json);
}

int env_command(const std::string& data_dir) {
  std::error_code failed;
  const DataPaths paths{std::filesystem::absolute(chosen_data_dir(data_dir), failed).string()};
  const auto record = read_endpoint_record(paths);
  if (!record) return complain(record.error());
  if (!std::filesystem::exists(paths.credentials(), failed)) {
    fmt::print(stderr, "sallyport: {} is missing or not to be read by this user\n", paths.credentials());
    return kFailed;
  }
  base::SystemEntropy entropy;
  const auto key = iam::load_or_create_root_key(paths.credentials(), entropy, model::AccountId(record->account));
  if (!key) return complain(key.error());
  const auto inherited = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
  fmt::print("{}", environment_exports(*record, key->id, key->secret, paths.root, inherited));
  return 0;
}

int status_command(const std::string& data_dir, bool as_json) {
  return print_view(data_dir, request_target({"v1", "status"}, {}), as_json, render_status);
}

int explain_command(const std::string& data_dir, const std::string& cluster, const std::string& source,
                    const std::string& vpc, bool as_json) {
  std::map<std::string, std::string> query{{"cluster", cluster}, {"source", source}};
  if (!vpc.empty()) query["vpc"] = vpc;
  return print_view(data_dir, request_target({"v1", "explain"}, query), as_json, render_explain);
}

int traffic_command(const std::string& data_dir, const std::string& cluster, bool as_json) {
  return print_view(data_dir, request_target({"v1", "traffic"}, {{"cluster", cluster}}), as_json, render_traffic);
}

int preview_command(const std::string& data_dir, const std::string& cluster, const std::string& vpc_config,
                    bool as_json) {
  const auto config = parse_vpc_config_option(vpc_config);
  if (!config) {
    complain(config.error());
    return kUsage;
  }
  return print_view(data_dir, request_target({"v1", "clusters", cluster, "preview-update"}, {}), as_json,
                    render_preview, json::serialize(json::object{{"resourcesVpcConfig", *config}}));
}

int zones_command(const std::string& data_dir, const std::string& cluster, bool as_json) {
  std::map<std::string, std::string> query;
  if (!cluster.empty()) query["cluster"] = cluster;
  return print_view(data_dir, request_target({"v1", "zones"}, query), as_json, render_zones);
}

int audit_command(const std::string& data_dir, const AuditOptions& options, bool as_json) {
  AuditQuery query{.limit = options.limit};
  if (!options.since.empty()) {
    const auto since = parse_since(options.since, base::SystemClock().now());
    if (!since) {
      complain(since.error());
      return kUsage;
    }
    query.since = *since;
  }
  const auto page = newest_records(options.dir.empty() ? paths_of(data_dir).audit() : options.dir, query);
  if (!page) return complain(page.error());
  if (page->damaged > 0) {
    fmt::print(stderr, "sallyport: lines that are no record, left out: {}\n", page->damaged);
  }
  if (as_json) return print_json({{"Records", json::array(page->records.begin(), page->records.end())}});
  fmt::print("{}", render_audit(page->records, Painter(colour_wanted(STDOUT_FILENO))));
  return 0;
}

int describe_command(const std::string& data_dir, const std::string& cluster, const std::string& update, bool as_json) {
  std::vector<std::string> segments{"v1", "clusters", cluster};
  if (update.empty()) return print_view(data_dir, request_target(segments, {}), as_json, render_cluster);
  segments.insert(segments.end(), {"updates", update});
  return print_view(data_dir, request_target(segments, {}), as_json, render_update);
}

int webhook_config_command(const std::string& data_dir, const std::string& cluster, const std::string& kind,
                           bool as_json) {
  const auto told = ask_server(paths_of(data_dir), request_target({"v1", "clusters", cluster, "webhooks"}, {}));
  if (!told) return complain(told.error());
  if (as_json) return print_json(*told);
  const auto text = [&](std::string_view key) { return json::value_to<std::string>(told->at(key)); };
  const bool authorization = kind == "authorization";
  fmt::print("{}", webhook_kubeconfig(cluster, text(authorization ? "authorizationUrl" : "authenticationUrl"),
                                      text("caPem"), text("bearerToken")));
  std::fflush(stdout);
  if (authorization) {
    fmt::print(
        stderr,
        "# Put this in a file of mode 0600 on each control plane machine, and give kube-apiserver the flags\n"
        "#   --authorization-mode=Node,RBAC,Webhook --authorization-webhook-version=v1\n"
        "#   --authorization-webhook-config-file=FILE\n"
        "#   --authorization-webhook-cache-authorized-ttl=10s --authorization-webhook-cache-unauthorized-ttl=10s\n");
  } else {
    fmt::print(stderr,
               "# Put this in a file of mode 0600 on each control plane machine, and give kube-apiserver the flags\n"
               "#   --authentication-token-webhook-config-file=FILE --authentication-token-webhook-version=v1\n"
               "#   --authentication-token-webhook-cache-ttl=10s\n");
  }
  return 0;
}

}  // namespace sallyport::app
