#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "wire/json_value.h"

namespace sallyport::api::ec2 {

// A refusal in EC2's own words: `code` is one of its documented client error codes
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html), `message` names the
// parameter, its value and the remedy.
struct Fault {
  std::string code;
  std::string message;
  int status = 400;
};

template <class T>
using Ec2Result = tl::expected<T, Fault>;
using Ec2Status = Ec2Result<void>;

inline tl::unexpected<Fault> fault(std::string code, std::string message) {
  return tl::unexpected<Fault>(Fault{std::move(code), std::move(message), 400});
}
inline tl::unexpected<Fault> fault(Fault known) { return tl::unexpected<Fault>(std::move(known)); }

// A value may be as long as a request: the message has its beginning.
inline tl::unexpected<Fault> invalid_value(const std::string& parameter, const std::string& value,
                                           const std::string& why) {
  return fault("InvalidParameterValue",
               "Value (" + wire::shortened(value) + ") for parameter " + parameter + " is invalid. " + why);
}

}  // namespace sallyport::api::ec2
