#pragma once

#include <string>
#include <string_view>

#include "api/ec2/operation.h"

namespace sallyport::api::ec2 {

// "arn:aws:ec2:us-east-1:000000000000:security-group/sg-…"
inline std::string arn_of(const Context& context, std::string_view kind, std::string_view id) {
  return "arn:aws:ec2:" + context.world.region.str() + ":" + context.account.str() + ":" + std::string(kind) + "/" +
         std::string(id);
}

}  // namespace sallyport::api::ec2
