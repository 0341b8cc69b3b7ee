#pragma once

#include <string>

#include "api/ec2/deleted_connections.h"
#include "api/ec2/ec2_settings.h"
#include "api/handler.h"
#include "base/entropy.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "model/ids.h"

namespace sallyport::api::ec2 {

// The operations of the EC2 API (version 2016-11-15, Query protocol) that describe networks. A change is answered
// once every gateway and DNS server enforces it. Thread-safe; all that it keeps itself is which VPN connections were
// deleted lately.
class Ec2Handlers {
 public:
  // References must outlive the handlers. `token_key` signs NextTokens.
  Ec2Handlers(control::ControlPlane& control, const base::Clock& clock, base::Entropy& entropy,
              model::AccountId account, std::string token_key, Ec2Settings settings);

  // Every request gets an answer of the EC2 protocol.
  api::Outcome handle(const Call& call);

  // "CreateVpc" and so on; "unknown" for what is not served.
  static std::string operation_of(const HttpRequest& request);

 private:
  control::ControlPlane& control_;
  const base::Clock& clock_;
  base::Entropy& entropy_;
  const model::AccountId account_;
  const std::string token_key_;
  const Ec2Settings settings_;
  DeletedConnections deleted_connections_;
};

}  // namespace sallyport::api::ec2
