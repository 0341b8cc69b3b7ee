#include "app/webhooks.h"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <set>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

// "10.0.0.5" of "10.0.0.5:8790", "::1" of "[::1]:8790".
std::string host_of(const std::string& advertise) {
  const std::string host = advertise.substr(0, advertise.rfind(':'));
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

std::vector<std::string> names_of(const WebhookConfig& config) {
  std::set<std::string> names{host_of(config.advertise)};
  for (const base::SocketAddress& at : config.listen) {
    if (at.address == base::IpAddress::v4(0) || at.address == base::IpAddress{}) continue;
    names.insert(at.address.to_string());
    if (at.address.is_loopback()) names.insert("localhost");
  }
  return {names.begin(), names.end()};
}

}  // namespace

base::Result<std::unique_ptr<Webhooks>> Webhooks::prepare(const WebhookConfig& config, const std::string& folder,
                                                          const iam::WebhookBearers& bearers,
                                                          const base::Clock& clock) {
  std::unique_ptr<Webhooks> made(new Webhooks(config, bearers, clock));
  made->http_.listen = config.listen;
  made->http_.threads = base::limits::kWebhookThreads;
  if (config.tls_cert_file) {
    made->http_.tls_cert_file = config.tls_cert_file;
    made->http_.tls_key_file = config.tls_key_file;
    made->ca_pem_ = config.ca_pem;
    return made;
  }
  auto own = WebhookCertificates::open(folder, names_of(config), clock.now());
  if (!own) return base::fail(own.error());
  made->own_ = *std::move(own);
  made->ca_pem_ = made->own_->authority_pem();
  made->http_.tls_cert_file = made->own_->serving_file();
  made->http_.tls_key_file = made->own_->serving_file();
  return made;
}

control::WebhookEndpoints Webhooks::endpoints_of(const model::Cluster& cluster) const {
  const std::string base = "https://" + config_.advertise + "/clusters/" + cluster.name.str();
  return {.authentication_url = base + "/token-review",
          .authorization_url = base + "/access-review",
          .ca_pem = ca_pem_,
          .bearer_token = bearers_.of(cluster.endpoint_id)};
}

base::Status Webhooks::open(std::unique_ptr<api::WebhookService> service,
                            const std::function<base::Descriptor(const base::SocketAddress&)>& listening_at) {
  service_ = std::move(service);
  http_.hold = true;
  http_.listening_at = listening_at;
  auto served =
      api::HttpServer::start(http_, [this](const api::HttpRequest& request) { return service_->handle(request); });
  if (!served) return base::fail(served.error());
  server_ = *std::move(served);
  return {};
}

std::vector<base::Descriptor> Webhooks::share_listeners() {
  if (!server_) return {};
  return server_->share_listeners();
}

TlsWatch::Server Webhooks::watched() {
  TlsWatch::Server watched{
      .name = "webhooks",
      .files = {*http_.tls_cert_file, *http_.tls_key_file},
      .reload = [this] { return server_->reload_tls(); },
  };
  if (own_) watched.before = [this] { renew(); };
  return watched;
}

void Webhooks::renew() {
  const auto renewed = own_->renew_if_due(clock_.now());
  if (!renewed) {
    spdlog::error("the webhooks' certificate could not be renewed, and is tried again: {}", renewed.error().message);
  }
}

void Webhooks::drain() {
  if (server_) server_->drain();
}

void Webhooks::close() {
  server_.reset();
  service_.reset();
}

std::vector<std::string> token_origins(const Config& config, const std::set<std::string>& certificate_names) {
  const std::string_view scheme = config.api.tls_cert_file ? "https" : "http";
  std::vector<std::string> origins;
  for (const base::SocketAddress& at : config.api.listen) {
    origins.push_back(fmt::format("{}://{}", scheme, at.to_string()));
    if (at.address.is_loopback()) origins.push_back(fmt::format("{}://localhost:{}", scheme, at.port));
    for (const std::string& name : certificate_names) {
      const bool v6 = name.find(':') != std::string::npos;
      origins.push_back(fmt::format(fmt::runtime(v6 ? "{}://[{}]:{}" : "{}://{}:{}"), scheme, name, at.port));
    }
  }
  if (config.webhooks) {
    origins.insert(origins.end(), config.webhooks->token_origins.begin(), config.webhooks->token_origins.end());
  }
  return origins;
}

std::string webhook_kubeconfig(const std::string& cluster, const std::string& url, const std::string& ca_pem,
                               const std::string& bearer_token) {
  return fmt::format(
      "# Whom the API servers of the cluster {} ask who callers are and what they may do. Holds a secret: mode 0600.\n"
      "apiVersion: v1\n"
      "kind: Config\n"
      "clusters:\n"
      "- name: sallyport\n"
      "  cluster:\n"
      "    server: {}\n"
      "    certificate-authority-data: {}\n"
      "users:\n"
      "- name: apiserver\n"
      "  user:\n"
      "    token: {}\n"
      "contexts:\n"
      "- name: sallyport\n"
      "  context: {{cluster: sallyport, user: apiserver}}\n"
      "current-context: sallyport\n",
      cluster, url, base::to_base64(base::as_bytes(ca_pem)), bearer_token);
}

}  // namespace sallyport::app
