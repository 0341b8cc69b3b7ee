#pragma once

#include "model/update.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

// The EKS shape "Update", with one member of our own, "sallyport": how far enforcement has come, which AWS
// clients pass over. `errors` is always a list. Endpoint access has always its three params; the type of
// the third is the service model's "PublicAccessCidrs", though the EKS guide prints "publicAccessCidrs".
wire::Json render_update(const model::Update& update);

}  // namespace sallyport::api::eks
