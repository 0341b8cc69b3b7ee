#include "app/authority.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include "app/admin_routes.h"
#include "app/console_files.h"
#include "app/environment.h"
#include "app/live_connections.h"
#include "app/page_token_key.h"
#include "app/probe.h"
#include "app/version.h"
#include "base/limits.h"
#include "store/sqlite/sqlite_store.h"

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

control::Settings control_settings(const Config& config) {
  control::Settings settings;
  settings.account = config.account;
  settings.region = config.region;
  settings.zone = config.zone;
  settings.listeners = config.gateway.listeners;
  for (const dns::ResolverConfig& resolver : config.dns.resolvers) {
    if (!resolver.vpc) settings.resolvers.push_back(resolver.bind);
  }
  settings.pools = config.pools;
  settings.default_vpc_cidr = config.default_vpc_cidr;
  settings.max_clusters = config.max_clusters;
  settings.default_kubernetes_version = config.default_kubernetes_version;
  settings.refuse_reserved_cidrs = config.refuse_reserved_cidrs;
  settings.acknowledge_time = base::limits::kAcknowledgeTime;
  return settings;
}

api::audit::FileAuditLogConfig audit_config(const Config& config, const DataPaths& paths) {
  constexpr std::uint64_t kMib = 1024 * 1024;
  return {.records = {.folder = config.audit.dir.empty() ? paths.audit() : config.audit.dir,
                      .account = config.account,
                      .region = config.region,
                      .max_file_bytes = config.audit.max_file_mib * kMib,
                      .keep_bytes = config.audit.keep_mib * kMib},
          .keep_unauthenticated_bytes = config.audit.keep_unauthenticated_mib * kMib};
}

std::string handed_name(const std::string& server, const base::SocketAddress& at) {
  return "http " + server + " " + at.to_string();
}

}  // namespace

base::Result<std::unique_ptr<Authority>> Authority::start(const Surroundings& around, Enforcers enforcers) {
  std::unique_ptr<Authority> authority(new Authority(around, std::move(enforcers)));
  if (const auto prepared = authority->prepare(); !prepared) return fail(prepared.error());
  return authority;
}

Authority::Authority(const Surroundings& around, Enforcers enforcers)
    : around_(around),
      config_(around.config),
      enforcers_(std::move(enforcers)),
      console_(console_files(), config_.region, kVersion, config_.workplace.has_value()) {}

Authority::~Authority() {
  tls_watch_.reset();
  metrics_.reset();
  if (webhooks_) webhooks_->close();
}

base::Status Authority::prepare() {
  auto root = iam::load_or_create_root_key(around_.paths.credentials(), around_.entropy, config_.account);
  if (!root) return fail(root.error());
  credentials_.put(*std::move(root));
  const auto seal_key = iam::load_or_create_seal_key(around_.paths.seal_key(), around_.entropy);
  if (!seal_key) return fail(seal_key.error());
  sealer_.emplace(*seal_key, around_.entropy);
  if (config_.webhooks) {
    auto webhooks =
        Webhooks::prepare(*config_.webhooks, around_.paths.webhooks(), iam::WebhookBearers(*seal_key), around_.clock);
    if (!webhooks) return fail(webhooks.error());
    webhooks_ = *std::move(webhooks);
  }
  auto store = store::open_sqlite_store(around_.paths.database());
  if (!store) return fail(store.error());
  store_ = *std::move(store);
  auto key = page_token_key(*store_, around_.entropy);
  if (!key) return fail(key.error());
  control::Settings settings = control_settings(config_);
  if (const auto found = find_provider(); !found) return fail(found.error());
  settings.provider = provider_.get();
  auto control =
      control::ControlPlane::start(*store_, around_.clock, around_.entropy, std::move(settings), enforcers_.nodes);
  if (!control) return fail(control.error());
  control_ = *std::move(control);
  audit_ = std::make_unique<api::audit::FileAuditLog>(audit_config(config_, around_.paths), around_.clock);
  if (config_.workplace) {
    const api::workplace::Register now{*control_,     credentials_,    *sealer_,
                                       around_.clock, config_.account, config_.region};
    auto terminals = Terminals::make(config_, now, *audit_, around_.entropy);
    if (!terminals) return fail(terminals.error());
    terminals_ = *std::move(terminals);
  }
  service_ = std::make_unique<api::ApiService>(
      *control_, credentials_, *sealer_, around_.clock, around_.entropy, *audit_, config_.account, config_.region, *key,
      api::ec2::Ec2Settings{config_.elastic_ip_pool, config_.default_vpc_cidr}, sight_of(enforcers_.gateway),
      terminals_ ? &terminals_->workplace() : nullptr);
  return {};
}

base::Status Authority::find_provider() {
  if (!config_.provider) return {};
  const auto& [command, arguments] = *config_.provider;
  if (::access(command.c_str(), X_OK) != 0) {
    return fail(ErrorKind::kInvalidParameter,
                "[provider] command \"" + command +
                    "\" is no program that this user may run: " + std::generic_category().message(errno));
  }
  provider_ = std::make_unique<ProviderProcess>(ProviderProcess::Settings{
      .command = command,
      .arguments = arguments,
      .region = config_.region,
      .zone = config_.zone,
      .webhooks = [this](const model::Cluster& cluster) -> std::optional<control::WebhookEndpoints> {
        if (!webhooks_) return std::nullopt;
        return webhooks_->endpoints_of(cluster);
      }});
  return {};
}

base::Result<std::unique_ptr<api::HttpServer>> Authority::open_server(api::HttpServerConfig config,
                                                                      const std::string& name,
                                                                      base::NamedDescriptors& handed,
                                                                      api::HttpHandler handler) {
  config.hold = true;
  config.listening_at = [&handed, &name](const base::SocketAddress& at) { return handed.take(handed_name(name, at)); };
  return api::HttpServer::start(std::move(config), std::move(handler));
}

base::Status Authority::open(base::NamedDescriptors& handed) {
  api::HttpServerConfig api;
  api.listen = config_.api.listen;
  api.tls_cert_file = config_.api.tls_cert_file;
  api.tls_key_file = config_.api.tls_key_file;
  api.threads = base::limits::kApiThreads;
  if (terminals_) api.upgrades = &terminals_->gate();
  auto served = open_server(api, "api", handed, [this](const api::HttpRequest& request) {
    if (auto page = console_.answer(request)) return *std::move(page);
    return service_->handle(request);
  });
  if (!served) return fail(served.error());
  api_ = *std::move(served);

  auto socket = SocketPath::of(around_.paths.control_socket());
  if (!socket) return fail(socket.error());
  socket_ = *std::move(socket);
  api::HttpServerConfig admin;
  admin.unix_socket = socket_.str();
  admin.threads = 1;
  const AdminSources sources{*control_, enforcers_.gateway, [this] { return status_facts(); },
                             sight_of(enforcers_.gateway), webhooks_.get()};
  served = open_server(admin, "admin", handed,
                       [sources](const api::HttpRequest& request) { return answer_admin(sources, request); });
  if (!served) return fail(served.error());
  admin_ = *std::move(served);

  if (auto opened = open_webhooks(handed); !opened) return opened;
  const std::string chain = config_.api.tls_cert_file ? text_of_file(*config_.api.tls_cert_file) : std::string();
  const EndpointRecord record = endpoint_record(config_, chain);
  if (const auto written = write_endpoint_record(around_.paths, record); !written) return fail(written.error());
  url_ = record.url;
  if (config_.metrics.empty()) return {};
  api::HttpServerConfig metrics;
  metrics.listen = config_.metrics;
  metrics.threads = 1;
  served = open_server(metrics, "metrics", handed,
                       probe_handler([this] { return why_not_ready(); }, [this] { return metrics_text(readings()); }));
  if (!served) return fail(served.error());
  metrics_ = *std::move(served);
  return {};
}

base::Status Authority::open_webhooks(base::NamedDescriptors& handed) {
  if (!webhooks_) return {};
  std::set<std::string> names;
  if (config_.api.tls_cert_file) {
    if (auto facts = read_certificate(text_of_file(*config_.api.tls_cert_file))) names = std::move(facts->names);
  }
  auto service = std::make_unique<api::WebhookService>(*control_, credentials_, *sealer_, around_.clock,
                                                       webhooks_->bearers(), config_.account, config_.region,
                                                       iam::TokenHosts(config_.region, token_origins(config_, names)));
  return webhooks_->open(std::move(service),
                         [&handed](const base::SocketAddress& at) { return handed.take(handed_name("webhooks", at)); });
}

void Authority::serve() {
  api_->begin();
  admin_->begin();
  if (metrics_) metrics_->begin();
  if (webhooks_) webhooks_->begin();
  watch_certificates();
  prober_ = std::make_unique<HealthProber>(*control_, around_.clock, around_.published);
  spdlog::info("serving the API at {}, {} clusters, revision {}", url_, control_->status().clusters,
               control_->status().stored.value());
  ready_ = true;
}

void Authority::hand_over(base::NamedDescriptors& to) {
  const auto add = [&to](const std::string& name, const std::vector<base::SocketAddress>& at,
                         std::vector<base::Descriptor> sockets) {
    for (std::size_t i = 0; i < sockets.size(); ++i)
      to.add(handed_name(name, at[i]), std::move(sockets[i]));
  };
  if (api_) add("api", config_.api.listen, api_->share_listeners());
  if (metrics_) add("metrics", config_.metrics, metrics_->share_listeners());
  if (webhooks_) add("webhooks", config_.webhooks->listen, webhooks_->share_listeners());
}

void Authority::drain() {
  ready_ = false;
  if (prober_) prober_->stop();
  if (terminals_) terminals_->close();
  if (api_) api_->drain();
  if (webhooks_) webhooks_->drain();
}

void Authority::finish() {
  if (admin_) admin_->drain();
  if (metrics_) metrics_->drain();
}

void Authority::read_certificates_again() {
  if (tls_watch_) tls_watch_->look_soon();
}

void Authority::watch_certificates() {
  std::vector<TlsWatch::Server> servers;
  if (config_.api.tls_cert_file) {
    servers.push_back({.name = "api",
                       .files = {*config_.api.tls_cert_file, *config_.api.tls_key_file},
                       .reload = [this] { return api_->reload_tls(); }});
  }
  if (webhooks_) servers.push_back(webhooks_->watched());
  if (!servers.empty()) tls_watch_.emplace(std::move(servers), base::limits::kCertificateFilePause);
}

std::optional<std::string> Authority::why_not_ready() const {
  if (!ready_) return "starting or stopping";
  for (const auto& node : control_->status().nodes) {
    if (node.error) return node.name + ": " + *node.error;
  }
  return std::nullopt;
}

StatusFacts Authority::status_facts() const {
  StatusFacts facts;
  facts.data_dir = around_.paths.root;
  facts.started_at = around_.started_at;
  facts.control = control_->status();
  facts.snapshot = control_->snapshot();
  if (enforcers_.gateway) facts.gateway = enforcers_.gateway->stats();
  if (enforcers_.gateway) facts.health = enforcers_.gateway->health();
  if (enforcers_.dns) facts.dns = enforcers_.dns->stats();
  return facts;
}

Readings Authority::readings() const {
  Readings readings;
  readings.started_at = around_.started_at;
  readings.control = control_->status();
  for (const auto& [pool, clusters] : clusters_without_pool(*control_->snapshot()))
    readings.clusters_without_pool += clusters.size();
  readings.zones = policy::count_zones(*control_->snapshot());
  if (enforcers_.gateway) readings.gateway = enforcers_.gateway->stats();
  if (enforcers_.gateway) readings.health = enforcers_.gateway->health();
  if (enforcers_.dns) readings.dns = enforcers_.dns->stats();
  readings.api = service_->stats();
  audit_->ready();  // a scrape is a try as well: it ends a failure that no call came to end
  readings.audit = audit_->stats();
  readings.http.emplace("api", api_->stats());
  if (terminals_) readings.terminals = terminals_->stats();
  readings.http.emplace("admin", admin_->stats());
  if (webhooks_) {
    readings.webhooks = webhooks_->stats();
    readings.http.emplace("webhooks", webhooks_->http_stats());
  }
  return readings;
}

}  // namespace sallyport::app
