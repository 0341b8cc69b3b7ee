#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "iam/credentials.h"
#include "iam/seal.h"
#include "iam/token_hosts.h"
#include "iam/webhook_bearers.h"
#include "model/ids.h"

namespace sallyport::api {

struct WebhookStats {
  std::map<std::string, std::uint64_t> token_reviews;   // by iam::reason_of, or "authenticated"
  std::map<std::string, std::uint64_t> access_reviews;  // by iam::reason_of
  std::map<std::string, std::uint64_t> refused;         // requests: "bearer", "unknown_cluster", "malformed"
};

// What API servers ask: who bears a token (TokenReview), and what they may do (SubjectAccessReview).
//   POST /clusters/NAME/token-review
//   POST /clusters/NAME/access-review
// Each needs the cluster's own bearer token: 401 without it, 404 where there is no such cluster, 400 for a body that is
// none of Kubernetes'. Thread-safe.
class WebhookService {
 public:
  // All references must outlive the service.
  WebhookService(const control::ControlPlane& control, const iam::CredentialStore& root_keys, const iam::Sealer& sealer,
                 const base::Clock& clock, iam::WebhookBearers bearers, model::AccountId account, model::Region region,
                 iam::TokenHosts hosts);
  ~WebhookService();

  HttpResponse handle(const HttpRequest& request);
  WebhookStats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sallyport::api
