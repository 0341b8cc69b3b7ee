#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/http_server.h"
#include "api/webhook_service.h"
#include "app/config.h"
#include "app/tls_watch.h"
#include "app/webhook_certificates.h"
#include "base/time.h"
#include "control/provider.h"
#include "iam/webhook_bearers.h"
#include "model/cluster.h"

namespace sallyport::app {

// The webhooks that API servers ask: their server, its certificates, and what an API server must be told of them.
class Webhooks {
 public:
  // Makes or checks the certificates, in `folder` where the configuration names no files. Serves nothing yet. `clock`
  // must outlive the result.
  static base::Result<std::unique_ptr<Webhooks>> prepare(const WebhookConfig& config, const std::string& folder,
                                                         const iam::WebhookBearers& bearers, const base::Clock& clock);

  // Known before `open`: a provider may make an API server then already. Any thread.
  control::WebhookEndpoints endpoints_of(const model::Cluster& cluster) const;

  // Accepts from `begin` on. `listening_at` as HttpServerConfig has it.
  base::Status open(std::unique_ptr<api::WebhookService> service,
                    const std::function<base::Descriptor(const base::SocketAddress&)>& listening_at);
  void begin() { server_->begin(); }
  std::vector<base::Descriptor> share_listeners();
  // What keeps the server's certificate fresh; after `open`. `this` must outlive it.
  TlsWatch::Server watched();
  void drain();
  // Serves no more, and lets go of what `open` was given. After that, only `endpoints_of` may be called.
  void close();

  const iam::WebhookBearers& bearers() const { return bearers_; }

  // After `open`.
  api::WebhookStats stats() const { return service_->stats(); }
  api::HttpStats http_stats() const { return server_->stats(); }

 private:
  Webhooks(const WebhookConfig& config, const iam::WebhookBearers& bearers, const base::Clock& clock)
      : config_(config), bearers_(bearers), clock_(clock) {}
  void renew();

  const WebhookConfig config_;
  const iam::WebhookBearers bearers_;
  const base::Clock& clock_;
  std::string ca_pem_;
  std::optional<WebhookCertificates> own_;  // the watch's thread's, once that runs
  api::HttpServerConfig http_;
  std::unique_ptr<api::WebhookService> service_;
  std::unique_ptr<api::HttpServer> server_;
};

// Where clients reach this API, as the host of the tokens they presign: "http://127.0.0.1:8787".
// `certificate_names` are those of its own certificate.
std::vector<std::string> token_origins(const Config& config, const std::set<std::string>& certificate_names);

// The kubeconfig file of --authentication-token-webhook-config-file or --authorization-webhook-config-file.
std::string webhook_kubeconfig(const std::string& cluster, const std::string& url, const std::string& ca_pem,
                               const std::string& bearer_token);

}  // namespace sallyport::app
