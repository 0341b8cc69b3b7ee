#pragma once

#include <string>
#include <string_view>

#include "api/http.h"

namespace sallyport::api {

// How a service wraps its errors.
enum class Protocol { kRestJson, kQuery, kEc2 };

// By the service name of a credential scope. Services that are not served get the protocol their clients
// read, as far as the three tell them apart.
Protocol protocol_of(std::string_view service);

// `service` if it is one of those named in logs and counters, else "other": a caller chooses the name.
std::string_view known_service(std::string_view service);

struct ErrorText {
  int status = 500;
  std::string_view rest_json_type;
  std::string_view query_code;
  std::string_view ec2_code;
};

HttpResponse render_error(Protocol protocol, const ErrorText& error, std::string_view message,
                          std::string_view request_id);

}  // namespace sallyport::api
