#include "api/ec2/params.h"

namespace sallyport::api::ec2 {

Ec2Result<Params> params_of(const wire::Pairs& pairs) {
  return Params::of(pairs, {.invalid = "InvalidParameterValue", .missing = "MissingParameter"});
}

Ec2Result<std::optional<model::Cidr>> cidr_in(const Params& params, std::string_view name) {
  const auto value = params.text(name);
  if (!value) return std::optional<model::Cidr>{};
  const auto block = model::Cidr::parse(*value);
  if (!block) return params.invalid(name, *value, block.error().message + ".");
  return std::optional(*block);
}

Ec2Result<model::Cidr> required_cidr_in(const Params& params, std::string_view name) {
  if (const auto given = params.required(name); !given) return fault(given.error());
  const auto value = cidr_in(params, name);
  if (!value) return fault(value.error());
  return **value;
}

}  // namespace sallyport::api::ec2
