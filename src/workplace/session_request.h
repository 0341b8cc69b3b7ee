#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

// What the API asks for when a user opens a workplace.
namespace sallyport::workplace {

// Temporary credentials of the user. Never logged.
struct SessionCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  base::Time expiration{};
};

struct ClusterAddress {
  std::string name;
  std::string endpoint;               // "https://<32 hex>.gr1.us-east-1.eks.sallyport.internal"
  std::string certificate_authority;  // base64 of PEM
};

struct SessionRequest {
  std::string principal;  // ARN
  std::string holder;     // whom the limit counts: the same for every name that one user goes by
  std::string region;
  std::string request_id;
  ClusterAddress cluster;
  SessionCredentials credentials;
};

// Reads the body of POST /v1/sessions. Refuses what could end a line of a file or of the log: every text is printable
// ASCII without blanks. The message names the member and holds no secret. Pure.
base::Result<SessionRequest> parse_session_request(std::string_view body);

}  // namespace sallyport::workplace
