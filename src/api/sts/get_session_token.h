#pragma once

#include "api/handler.h"
#include "api/sts/assume_role.h"

namespace sallyport::api::sts {

// GetSessionToken: temporary credentials of the user or root that calls, with a lasting key. MFA devices, which
// Sallyport does not have, are refused by name.
HttpResponse get_session_token(const Call& call, const Granting& granting);

}  // namespace sallyport::api::sts
