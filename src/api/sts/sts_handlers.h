#pragma once

#include <string>

#include "api/handler.h"
#include "api/sts/assume_role.h"

namespace sallyport::api::sts {

// AWS STS of API version 2011-06-15, Query protocol: AssumeRole, GetCallerIdentity and GetSessionToken. Other
// actions are InvalidAction. Stateless; thread-safe.
class StsHandlers {
 public:
  explicit StsHandlers(Granting granting) : granting_(granting) {}

  Outcome handle(const Call& call) const;

  // "GetCallerIdentity", "AssumeRole", "GetSessionToken", or "unknown".
  static std::string operation_of(const HttpRequest& request);

 private:
  const Granting granting_;
};

}  // namespace sallyport::api::sts
