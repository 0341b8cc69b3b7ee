#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "iam/session.h"

namespace sallyport::api::workplace {

// What the workplace host is asked for: a shell of one principal, for one cluster.
struct HostRequest {
  std::string principal_arn;
  std::string holder;  // whom sessions are counted against: iam::who_holds
  std::string region;
  std::string request_id;
  std::string cluster;
  std::string endpoint;
  std::string certificate_authority_pem;
  iam::Session credentials;
  std::string session_token;
};

struct Granted {
  std::string ticket;   // 43 characters of base64url
  std::string session;  // "ws-" and 16 hexadecimal digits
  std::uint64_t idle_seconds = 0;
  std::uint64_t ends_at = 0;  // seconds since 1970
};

// The machine whose shells users get: `sallyport workplace`.
class Host {
 public:
  virtual ~Host() = default;
  // Asks for a session; waits at most kWorkplaceAskTime. kLimitExceeded in the host's words when it has enough of them;
  // else kUnavailable, naming the host and why. Any thread.
  virtual base::Result<Granted> open(const HostRequest& request) = 0;
};

}  // namespace sallyport::api::workplace
