#pragma once

#include "model/access_entry.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

// The EKS shape "AccessEntry".
wire::Json render_entry(const model::AccessEntry& entry, const model::Arn& arn);

// The EKS shape "AssociatedAccessPolicy".
wire::Json render_association(const model::AssociatedAccessPolicy& associated);

}  // namespace sallyport::api::eks
