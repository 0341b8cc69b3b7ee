#pragma once

#include <string>

#include "api/handler.h"

namespace sallyport::api::route53 {

// The part of Amazon Route 53 (version 2013-04-01, REST-XML) that tells which hosted zones an account has: none.
// Clusters' private hosted zones are not the account's, so no operation shows one or admits that an id exists.
// Stateless; thread-safe.
class Route53Handlers {
 public:
  // Every request gets an answer of the Route 53 protocol.
  Outcome handle(const Call& call) const;

  // "ListHostedZones" and so on, served or not; "unknown" where the path is none of Route 53's.
  static std::string operation_of(const HttpRequest& request);
};

}  // namespace sallyport::api::route53
