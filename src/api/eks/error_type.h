#pragma once

#include <string>

#include "api/http.h"
#include "base/bytes.h"

namespace sallyport::api::eks {

// The x-amzn-ErrorType of an answer, for the tests of this folder; empty when there is none.
inline std::string error_type(const HttpResponse& response) {
  for (const auto& [name, value] : response.headers) {
    if (base::ascii_iequals(name, "x-amzn-ErrorType")) return value;
  }
  return {};
}

}  // namespace sallyport::api::eks
