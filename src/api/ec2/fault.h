#pragma once

#include <string>

#include "api/fault.h"
#include "wire/json_value.h"

// EC2's client error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
namespace sallyport::api::ec2 {

template <class T>
using Ec2Result = Checked<T>;
using Ec2Status = Ec2Result<void>;

// A value may be as long as a request: the message has its beginning.
inline tl::unexpected<Fault> invalid_value(const std::string& parameter, const std::string& value,
                                           const std::string& why) {
  return fault("InvalidParameterValue",
               "Value (" + wire::shortened(value) + ") for parameter " + parameter + " is invalid. " + why);
}

}  // namespace sallyport::api::ec2
