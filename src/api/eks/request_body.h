#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

// The body of a request as a JSON object; anything else is kCorrupt, telling where it goes wrong.
base::Result<wire::JsonObject> parse_body(std::string_view body);

// Hexadecimal SHA-256 over operation, resource and the canonical body without `clientRequestToken`: two
// requests with one token are a retry when their hashes agree, a clash when they do not.
std::string request_hash(std::string_view operation, std::string_view resource, const wire::JsonObject& body);

}  // namespace sallyport::api::eks
