#pragma once

#include <functional>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "api/http.h"
#include "api/protocol.h"
#include "base/time.h"
#include "iam/credentials.h"
#include "model/ids.h"

namespace sallyport::api {

struct Authenticated {
  iam::Principal principal;
  std::string service;  // of the credential scope
  std::string access_key_id;
};

struct AuthenticationFailure {
  Protocol protocol = Protocol::kRestJson;
  ErrorText error;
  std::string message;
  // What the request says of itself, where it is readable; nobody vouches for it.
  std::string claimed_service{};
  std::string claimed_key_id{};
};

// The key of that id, for a request that carries `token` or none; nothing when there is no such key now.
using KeyLookup = std::function<std::optional<iam::AccessKey>(const std::string& access_key_id,
                                                              const std::optional<std::string>& token)>;

// Establishes who sent the request by its Signature Version 4. The scope's region must be `region`; services
// AWS runs once for all regions (IAM, Route 53, STS's global endpoint) may be scoped to us-east-1 as well.
tl::expected<Authenticated, AuthenticationFailure> authenticate(const HttpRequest& request, const KeyLookup& find_key,
                                                                const model::Region& region, base::Time now);

}  // namespace sallyport::api
