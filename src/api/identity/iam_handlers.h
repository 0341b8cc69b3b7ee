#pragma once

#include <string>

#include "api/handler.h"
#include "base/entropy.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "iam/seal.h"
#include "model/ids.h"

namespace sallyport::api::identity {

// The operations of the IAM API (version 2010-05-08, Query protocol) on users, their access keys, roles and policies.
// A change is in force when it is answered. Thread-safe; keeps nothing itself.
class IamHandlers {
 public:
  // References must outlive the handlers. `sealer` keeps the secrets of access keys, `token_key` signs Markers.
  IamHandlers(control::ControlPlane& control, const base::Clock& clock, base::Entropy& entropy,
              model::AccountId account, const iam::Sealer& sealer, std::string token_key);

  // Every request gets an answer of the IAM protocol.
  api::Outcome handle(const Call& call) const;

  // "CreateUser" and so on; "unknown" for what is not served.
  static std::string operation_of(const HttpRequest& request);

 private:
  control::ControlPlane& control_;
  const base::Clock& clock_;
  base::Entropy& entropy_;
  const model::AccountId account_;
  const iam::Sealer& sealer_;
  const std::string token_key_;
};

}  // namespace sallyport::api::identity
