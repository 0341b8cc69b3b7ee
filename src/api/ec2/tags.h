#pragma once

#include <string_view>

#include "api/ec2/operation.h"
#include "model/tags.h"

namespace sallyport::api::ec2 {

// The tags a Create operation gives by TagSpecification.N for its own resource type, such as "vpc"; a
// specification for another type is InvalidParameterValue. A few operations call the list otherwise.
Ec2Result<model::Tags> tags_at_creation(const Params& params, std::string_view resource_type,
                                        std::string_view list = "TagSpecification");

}  // namespace sallyport::api::ec2
