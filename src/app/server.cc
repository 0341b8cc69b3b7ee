#include "app/server.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "api/audit/file_audit_log.h"
#include "api/console_site.h"
#include "api/http_server.h"
#include "api/service.h"
#include "app/admin_routes.h"
#include "app/console_files.h"
#include "app/data_dir.h"
#include "app/environment.h"
#include "app/health_prober.h"
#include "app/live_connections.h"
#include "app/metrics.h"
#include "app/page_token_key.h"
#include "app/probe.h"
#include "app/provider_process.h"
#include "app/switch_order.h"
#include "app/tls_watch.h"
#include "app/version.h"
#include "app/webhooks.h"
#include "base/entropy.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/webhook_limits.h"
#include "control/control_plane.h"
#include "iam/credentials.h"
#include "iam/seal.h"
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

std::string absolute(const std::string& path) {
  std::error_code failed;
  const auto full = std::filesystem::absolute(path, failed);
  return failed ? path : full.string();
}

class AllRoles final : public Server {
 public:
  explicit AllRoles(const Config& config)
      : config_(config),
        paths_{absolute(config.data_dir)},
        started_at_(clock_.now()),
        console_(console_files(), config.region, kVersion) {}
  ~AllRoles() override {
    tls_watch_.reset();
    metrics_.reset();
    if (webhooks_) webhooks_->close();
  }
  AllRoles(const AllRoles&) = delete;
  AllRoles& operator=(const AllRoles&) = delete;

  base::Status prepare() {
    auto lock = take_data_dir(paths_);
    if (!lock) return fail(lock.error());
    lock_ = *std::move(lock);
    auto root = iam::load_or_create_root_key(paths_.credentials(), entropy_, config_.account);
    if (!root) return fail(root.error());
    credentials_.put(*std::move(root));
    const auto seal_key = iam::load_or_create_seal_key(paths_.seal_key(), entropy_);
    if (!seal_key) return fail(seal_key.error());
    sealer_.emplace(*seal_key, entropy_);
    if (config_.webhooks) {
      auto webhooks = Webhooks::prepare(*config_.webhooks, paths_.webhooks(), iam::WebhookBearers(*seal_key), clock_);
      if (!webhooks) return fail(webhooks.error());
      webhooks_ = *std::move(webhooks);
    }
    auto store = store::open_sqlite_store(paths_.database());
    if (!store) return fail(store.error());
    store_ = *std::move(store);

    auto nodes = start_nodes();
    if (!nodes) return fail(nodes.error());
    auto key = page_token_key(*store_, entropy_);
    if (!key) return fail(key.error());
    control::Settings settings = control_settings(config_);
    if (const auto found = find_provider(); !found) return fail(found.error());
    settings.provider = provider_.get();
    auto control = control::ControlPlane::start(*store_, clock_, entropy_, std::move(settings), *std::move(nodes));
    if (!control) return fail(control.error());
    control_ = *std::move(control);
    audit_ = std::make_unique<api::audit::FileAuditLog>(audit_config(config_, paths_), clock_);
    service_ = std::make_unique<api::ApiService>(
        *control_, credentials_, *sealer_, clock_, entropy_, *audit_, config_.account, config_.region, *key,
        api::ec2::Ec2Settings{config_.elastic_ip_pool, config_.default_vpc_cidr}, live_connections_at(gateway_.get()));
    return {};
  }

  base::Result<bool> open_for_business(const std::function<bool()>& give_up) override {
    auto enforced = wait_for_nodes(give_up);
    if (!enforced || !*enforced) return enforced;
    if (const auto opened = open_servers(); !opened) return fail(opened.error());
    watch_certificates();
    prober_ = std::make_unique<HealthProber>(*control_, clock_, published_);
    const std::string chain = config_.api.tls_cert_file ? text_of_file(*config_.api.tls_cert_file) : std::string();
    const EndpointRecord record = endpoint_record(config_, chain);
    if (const auto written = write_endpoint_record(paths_, record); !written) return fail(written.error());
    spdlog::info("serving the API at {}, {} clusters, revision {}", record.url, control_->status().clusters,
                 control_->status().stored.value());
    ready_ = true;
    return true;
  }

  void read_certificates_again() override {
    if (tls_watch_) tls_watch_->look_soon();
  }

  void drain() override {
    ready_ = false;
    if (prober_) prober_->stop();
    if (api_) api_->drain();
    if (webhooks_) webhooks_->drain();
    if (gateway_) gateway_->drain(base::limits::kDrainTime);
  }

 private:
  // Gateway and DNS, as far as the configuration has them.
  base::Result<std::vector<control::Node>> start_nodes() {
    std::vector<control::Node> nodes;
    if (config_.has_gateway()) {
      gateway::GatewayConfig of_gateway = config_.gateway;
      if (config_.has_dns()) {
        of_gateway.before_closing = [this] {
          if (order_.opened(base::limits::kNamesTime)) return;
          spdlog::warn("DNS is late, the gateway closes what it must without waiting longer");
        };
      }
      auto gateway = gateway::Gateway::start(std::move(of_gateway));
      if (!gateway) return fail(gateway.error());
      gateway_ = *std::move(gateway);
    }
    if (config_.has_dns()) {
      auto dns = dns::DnsServer::start(config_.dns);
      if (!dns) return fail(dns.error());
      dns_ = *std::move(dns);
    }
    const bool ordered = gateway_ && dns_;
    if (gateway_) {
      nodes.push_back({"gateway", [this, ordered](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                         ordered ? order_.apply_to_gateway(std::move(snapshot), std::move(done))
                                 : gateway_->apply(std::move(snapshot), std::move(done));
                         published_.ring();
                       }});
    }
    if (dns_) {
      nodes.push_back({"dns", [this, ordered](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                         ordered ? order_.apply_to_dns(snapshot, std::move(done))
                                 : dns_->apply(std::move(snapshot), std::move(done));
                         published_.ring();
                       }});
    }
    return nodes;
  }

  base::Status find_provider() {
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

  base::Result<bool> wait_for_nodes(const std::function<bool()>& give_up) {
    using Steady = std::chrono::steady_clock;
    const model::Revision wanted = control_->snapshot()->revision;
    const auto deadline = Steady::now() + base::limits::kAcknowledgeTime;
    while (true) {
      const control::Status status = control_->status();
      const auto behind =
          std::ranges::find_if(status.nodes, [&](const auto& node) { return node.acknowledged < wanted; });
      if (behind == status.nodes.end()) return true;
      if (behind->error) {
        return fail(ErrorKind::kInternal,
                    "the " + behind->name + " cannot enforce the stored state: " + *behind->error);
      }
      if (Steady::now() > deadline) {
        return fail(ErrorKind::kUnavailable, "the " + behind->name + " did not enforce the stored state in time");
      }
      if (give_up()) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  base::Status open_servers() {
    api::HttpServerConfig api;
    api.listen = config_.api.listen;
    api.tls_cert_file = config_.api.tls_cert_file;
    api.tls_key_file = config_.api.tls_key_file;
    api.threads = base::limits::kApiThreads;
    auto served = api::HttpServer::start(api, [this](const api::HttpRequest& request) {
      if (auto page = console_.answer(request)) return *std::move(page);
      return service_->handle(request);
    });
    if (!served) return fail(served.error());
    api_ = *std::move(served);

    auto socket = SocketPath::of(paths_.control_socket());
    if (!socket) return fail(socket.error());
    socket_ = *std::move(socket);
    api::HttpServerConfig admin;
    admin.unix_socket = socket_.str();
    admin.threads = 1;
    const AdminSources sources{*control_, gateway_.get(), [this] { return status_facts(); }, webhooks_.get()};
    served = api::HttpServer::start(
        admin, [sources](const api::HttpRequest& request) { return answer_admin(sources, request); });
    if (!served) return fail(served.error());
    admin_ = *std::move(served);

    if (auto opened = open_webhooks(); !opened) return opened;
    if (config_.metrics.empty()) return {};
    api::HttpServerConfig metrics;
    metrics.listen = config_.metrics;
    metrics.threads = 1;
    served = api::HttpServer::start(
        metrics, probe_handler([this] { return why_not_ready(); }, [this] { return metrics_text(readings()); }));
    if (!served) return fail(served.error());
    metrics_ = *std::move(served);
    return {};
  }

  base::Status open_webhooks() {
    if (!webhooks_) return {};
    std::set<std::string> names;
    if (config_.api.tls_cert_file) {
      if (auto facts = read_certificate(text_of_file(*config_.api.tls_cert_file))) names = std::move(facts->names);
    }
    return webhooks_->open(std::make_unique<api::WebhookService>(
        *control_, credentials_, *sealer_, clock_, webhooks_->bearers(), config_.account, config_.region,
        iam::TokenHosts(config_.region, token_origins(config_, names))));
  }

  void watch_certificates() {
    std::vector<TlsWatch::Server> servers;
    if (config_.api.tls_cert_file) {
      servers.push_back({.name = "api",
                         .files = {*config_.api.tls_cert_file, *config_.api.tls_key_file},
                         .reload = [this] { return api_->reload_tls(); }});
    }
    if (webhooks_) servers.push_back(webhooks_->watched());
    if (!servers.empty()) tls_watch_.emplace(std::move(servers), base::limits::kCertificateFilePause);
  }

  std::optional<std::string> why_not_ready() const {
    if (!ready_) return "starting or stopping";
    for (const auto& node : control_->status().nodes) {
      if (node.error) return node.name + ": " + *node.error;
    }
    return std::nullopt;
  }

  StatusFacts status_facts() const {
    StatusFacts facts;
    facts.data_dir = paths_.root;
    facts.started_at = started_at_;
    facts.control = control_->status();
    facts.snapshot = control_->snapshot();
    if (gateway_) facts.gateway = gateway_->stats();
    if (gateway_) facts.health = gateway_->health();
    if (dns_) facts.dns = dns_->stats();
    return facts;
  }

  Readings readings() const {
    Readings readings;
    readings.started_at = started_at_;
    readings.control = control_->status();
    for (const auto& [pool, clusters] : clusters_without_pool(*control_->snapshot()))
      readings.clusters_without_pool += clusters.size();
    readings.zones = policy::count_zones(*control_->snapshot());
    if (gateway_) readings.gateway = gateway_->stats();
    if (gateway_) readings.health = gateway_->health();
    if (dns_) readings.dns = dns_->stats();
    readings.api = service_->stats();
    audit_->ready();  // a scrape is a try as well: it ends a failure that no call came to end
    readings.audit = audit_->stats();
    readings.http.emplace("api", api_->stats());
    readings.http.emplace("admin", admin_->stats());
    if (webhooks_) {
      readings.webhooks = webhooks_->stats();
      readings.http.emplace("webhooks", webhooks_->http_stats());
    }
    return readings;
  }

  // In the order of dependence: what stands lower is destroyed first. The nodes outlive the control plane,
  // which calls them; their late acknowledgements are its business.
  const base::SystemClock clock_;
  base::SystemEntropy entropy_;
  const Config config_;
  const DataPaths paths_;
  const base::Time started_at_;
  const api::ConsoleSite console_;
  Descriptor lock_;
  SocketPath socket_;
  iam::CredentialStore credentials_;
  std::optional<iam::Sealer> sealer_;  // set by prepare
  Bell published_;
  std::atomic<bool> ready_ = false;
  std::unique_ptr<Webhooks>
      webhooks_;  // what makes API servers asks it for their webhooks; closed before control_ goes
  std::unique_ptr<store::Store> store_;
  // The gateway, while it ends, may still hand DNS a snapshot.
  SwitchOrder order_{[this](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                       gateway_->apply(std::move(snapshot), std::move(done));
                     },
                     [this](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                       dns_->apply(std::move(snapshot), std::move(done));
                     }};
  std::unique_ptr<dns::DnsServer> dns_;
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<ProviderProcess> provider_;
  std::unique_ptr<control::ControlPlane> control_;
  std::unique_ptr<api::audit::FileAuditLog> audit_;
  std::unique_ptr<api::ApiService> service_;
  std::unique_ptr<HealthProber> prober_;
  std::unique_ptr<api::HttpServer> api_;
  std::unique_ptr<api::HttpServer> admin_;
  std::unique_ptr<api::HttpServer> metrics_;
  std::optional<TlsWatch> tls_watch_;
};

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(const Config& config) {
  auto server = std::make_unique<AllRoles>(config);
  if (const auto prepared = server->prepare(); !prepared) return fail(prepared.error());
  return server;
}

}  // namespace sallyport::app
