#include "api/authorise.h"

#include <string>

namespace sallyport::api {

base::Status authorise(const iam::Principal& principal, std::string_view action) {
  if (principal.is_root) return {};
  return base::fail(base::ErrorKind::kAccessDenied,
                    "User: " + principal.arn.str() + " is not authorized to perform: " + std::string(action));
}

}  // namespace sallyport::api
