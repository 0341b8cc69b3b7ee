#pragma once

#include "api/identity/operation.h"

namespace sallyport::api::identity {

// The user that the request names, or else the one that calls. Without a name ValidationError for root and for the
// sessions of roles.
IamResult<const model::IamUser*> user_or_caller(const Context& context);

}  // namespace sallyport::api::identity
