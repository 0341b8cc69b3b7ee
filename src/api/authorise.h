#pragma once

#include <string_view>

#include "base/result.h"
#include "iam/credentials.h"

namespace sallyport::api {

// Whether `principal` may do `action` ("eks:CreateCluster"): the account's root may do all, and nobody else
// exists who may do anything. kAccessDenied with the message AWS gives. The one place where this is decided.
base::Status authorise(const iam::Principal& principal, std::string_view action);

}  // namespace sallyport::api
