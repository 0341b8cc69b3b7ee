#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/audit/file_audit_log.h"
#include "api/console_site.h"
#include "api/http_server.h"
#include "api/service.h"
#include "app/config.h"
#include "app/data_dir.h"
#include "app/health_prober.h"
#include "app/metrics.h"
#include "app/provider_process.h"
#include "app/terminals.h"
#include "app/tls_watch.h"
#include "app/views.h"
#include "app/webhooks.h"
#include "base/entropy.h"
#include "base/named_descriptors.h"
#include "base/result.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "iam/credentials.h"
#include "iam/seal.h"
#include "store/store.h"

namespace sallyport::app {

// What enforces, and outlives an authority over it: the nodes, and what is read of them. Null where not configured.
struct Enforcers {
  gateway::Gateway* gateway = nullptr;
  dns::DnsServer* dns = nullptr;
  std::vector<control::Node> nodes;
};

// What one process at a time may be over a data folder: the owner of the store, with everything that writes to it and
// answers for it: the control plane, the API and the operator's servers. Destroyed, it has let go of all of it, and
// another process, or this one again, may be the authority.
class Authority {
 public:
  // Everything passed outlives the authority. `published` is rung for each snapshot by the nodes.
  struct Surroundings {
    const Config& config;
    const DataPaths& paths;
    const base::Clock& clock;
    base::Entropy& entropy;
    Bell& published;
    base::Time started_at;
  };

  // Loads the store and publishes the first snapshot.
  static base::Result<std::unique_ptr<Authority>> start(const Surroundings& around, Enforcers enforcers);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  // Opens the servers, on sockets of `handed` as far as it has them; they accept from `serve` on, which cannot fail.
  base::Status open(base::NamedDescriptors& handed);
  void serve();
  // Adds other descriptors of what the servers listen at.
  void hand_over(base::NamedDescriptors& to);
  // Finishes API requests. `/readyz` fails from here on.
  void drain();
  // The same for the operator's requests and the metrics.
  void finish();
  void read_certificates_again();

  model::Revision published() const { return control_->snapshot()->revision; }

 private:
  Authority(const Surroundings& around, Enforcers enforcers);

  base::Status prepare();
  base::Status find_provider();
  base::Result<std::unique_ptr<api::HttpServer>> open_server(api::HttpServerConfig config, const std::string& name,
                                                             base::NamedDescriptors& handed, api::HttpHandler handler);
  base::Status open_webhooks(base::NamedDescriptors& handed);
  void watch_certificates();
  std::optional<std::string> why_not_ready() const;
  StatusFacts status_facts() const;
  Readings readings() const;

  // In the order of dependence: what stands lower is destroyed first.
  const Surroundings around_;
  const Config& config_;
  const Enforcers enforcers_;
  const api::ConsoleSite console_;
  SocketPath socket_;
  std::string url_;  // of the API, once it is open
  iam::CredentialStore credentials_;
  std::optional<iam::Sealer> sealer_;  // set by prepare
  std::atomic<bool> ready_ = false;
  std::unique_ptr<Webhooks> webhooks_;  // what makes API servers asks it for theirs; closed before control_ goes
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<ProviderProcess> provider_;
  std::unique_ptr<control::ControlPlane> control_;
  std::unique_ptr<api::audit::FileAuditLog> audit_;
  std::unique_ptr<Terminals> terminals_;  // where a workplace is configured
  std::unique_ptr<api::ApiService> service_;
  std::unique_ptr<HealthProber> prober_;
  std::unique_ptr<api::HttpServer> api_;
  std::unique_ptr<api::HttpServer> admin_;
  std::unique_ptr<api::HttpServer> metrics_;
  std::optional<TlsWatch> tls_watch_;
};

}  // namespace sallyport::app
