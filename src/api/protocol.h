#pragma once

#include <string>
#include <string_view>

#include "api/http.h"

namespace sallyport::api {

// How a service wraps its errors.
enum class Protocol { kRestJson, kQuery, kEc2, kRoute53 };

// By the service name of a credential scope. Services that are not served get the protocol their clients
// read, as far as these tell them apart.
Protocol protocol_of(std::string_view service);

// Of a request that names no service.
Protocol protocol_spoken(const HttpRequest& request);

// `service` if it is one of those named in logs and counters, else "other": a caller chooses the name.
std::string_view known_service(std::string_view service);

struct ErrorText {
  int status = 500;
  std::string_view rest_json_type;
  std::string_view query_code;  // Route 53's as well
  std::string_view ec2_code;
};

HttpResponse render_error(Protocol protocol, const ErrorText& error, std::string_view message,
                          std::string_view request_id);

}  // namespace sallyport::api
