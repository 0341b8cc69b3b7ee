#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.h"

namespace sallyport::app {

// The value of the AWS CLI's `--resources-vpc-config`: JSON, or its shorthand (AWS CLI User Guide, "Using shorthand
// syntax"): key=value joined by commas, further values of a list after commas or in brackets, values in quotes where
// they hold either. "true" and "false" come out as booleans, members named as lists of EKS as lists.
// kInvalidParameter: neither. Pure.
base::Result<boost::json::object> parse_vpc_config_option(std::string_view text);

}  // namespace sallyport::app
