#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "iam/credentials.h"
#include "wire/json_value.h"

namespace sallyport::api::audit {

// `userIdentity` of a record. Pure.
wire::Json identity_of(const iam::Principal& principal, std::string_view access_key_id);

// A time as records have it: to the second.
std::string seconds_of(base::Time time);

}  // namespace sallyport::api::audit
