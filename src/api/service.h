#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "api/audit/audit_log.h"
#include "api/ec2/ec2_settings.h"
#include "api/http.h"
#include "api/insight/insight_handlers.h"
#include "api/workplace/open_workplace.h"
#include "base/entropy.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "iam/credentials.h"
#include "iam/seal.h"

namespace sallyport::api {

struct ApiStats {
  std::map<std::string, std::uint64_t> calls;  // "eks:CreateCluster 200"; unknown operations as "eks:unknown 404"
  std::uint64_t authentication_failures = 0;
  std::uint64_t changes_refused_unrecorded = 0;
};

// The AWS-shaped API: verifies SigV4, authorises, tells services apart by credential scope, dispatches to
// the handlers of ec2/, eks/, identity/, insight/, route53/ and sts/, renders errors as the service at hand does. Every
// call leaves one record in the audit log before it is answered; changes are refused while that cannot be written.
// Thread-safe.
class ApiService {
 public:
  // All references must outlive the service.
  ApiService(control::ControlPlane& control, const iam::CredentialStore& credentials, const iam::Sealer& sealer,
             const base::Clock& clock, base::Entropy& entropy, audit::AuditLog& audit_log, model::AccountId account,
             model::Region region, const std::string& token_key, ec2::Ec2Settings ec2 = {}, insight::Sight sight = {},
             workplace::Workplace* workplace = nullptr);
  ~ApiService();

  HttpResponse handle(const HttpRequest& request);
  ApiStats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sallyport::api
