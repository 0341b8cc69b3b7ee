#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sallyport::api {

// A `nextToken`: the position after which the next page begins, bound by HMAC-SHA256 (128 bits) to
// `purpose`, which names the operation and whatever else must not change between pages, such as the
// cluster. Opaque by contract with clients, not secret. The token is base64url without padding.
std::string seal_page_token(std::string_view key, std::string_view purpose, std::string_view position);

// The position, or kInvalidParameter with field "nextToken" when the token was not made with this key
// and purpose.
base::Result<std::string> open_page_token(std::string_view key, std::string_view purpose, std::string_view token);

}  // namespace sallyport::api
