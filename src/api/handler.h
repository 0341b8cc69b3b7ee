#pragma once

#include <string>

#include "api/http.h"
#include "iam/credentials.h"

namespace sallyport::api {

// A verified, authorised request as a service's handlers see it. `http` lives as long as the call.
struct Call {
  const HttpRequest& http;
  iam::Principal principal;
  std::string request_id;       // RFC 4122 UUID, lower case
  std::string access_key_id{};  // what signed it
};

// What a handler made of a call. `operation` names it for logs and counters, so it comes from a fixed
// set: an operation of the service, or "unknown". The service adds x-amzn-RequestId to the response.
struct Outcome {
  std::string operation;
  HttpResponse response;
};

}  // namespace sallyport::api
