#pragma once

#include <string_view>

#include "iam/credentials.h"
#include "wire/json_value.h"

namespace sallyport::api::audit {

// `userIdentity` of a record. Pure.
wire::Json identity_of(const iam::Principal& principal, std::string_view access_key_id);

}  // namespace sallyport::api::audit
