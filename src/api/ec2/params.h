#pragma once

#include <optional>
#include <string_view>

#include "api/ec2/fault.h"
#include "api/query_params.h"
#include "model/cidr.h"
#include "wire/uri.h"

namespace sallyport::api::ec2 {

using Params = QueryParams;

// Refuses with InvalidParameterValue and MissingParameter.
Ec2Result<Params> params_of(const wire::Pairs& pairs);

// A block without host bits: else InvalidParameterValue naming the canonical one.
Ec2Result<std::optional<model::Cidr>> cidr_in(const Params& params, std::string_view name);
Ec2Result<model::Cidr> required_cidr_in(const Params& params, std::string_view name);

}  // namespace sallyport::api::ec2
