#pragma once

#include <string>

#include "api/handler.h"

namespace sallyport::api::sts {

// AWS STS of API version 2011-06-15, Query protocol: GetCallerIdentity. Other actions are InvalidAction.
// Stateless; thread-safe.
class StsHandlers {
 public:
  Outcome handle(const Call& call) const;

  // "GetCallerIdentity", or "unknown".
  static std::string operation_of(const HttpRequest& request);
};

}  // namespace sallyport::api::sts
