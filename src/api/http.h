#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ip_address.h"

namespace sallyport::api {

// One complete request as received; header names keep their case, lookups ignore it.
struct HttpRequest {
  std::string method;
  std::string target;                                        // origin form as sent: path and query, undecoded
  std::vector<std::pair<std::string, std::string>> headers;  // in order; repeated names repeat
  std::string body;
  base::IpAddress source;
  bool over_tls = false;

  // The first value; empty when absent.
  std::string_view header(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // Content-Length and Date are added by the server
  std::string body;
};

// Called on a server thread; must be thread-safe.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

}  // namespace sallyport::api
