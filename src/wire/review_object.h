#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/json_value.h"

namespace sallyport::wire {

// The spec of a Kubernetes object of group `group` and kind `kind` in v1 or v1beta1.
struct ReviewObject {
  std::string api_version;
  JsonObject spec;
};

// kInvalidParameter names the field that is wrong, never its value.
base::Result<ReviewObject> parse_review_object(std::string_view body, std::string_view group, std::string_view kind);

// {"apiVersion": …, "kind": …, "status": …}
std::string render_review_object(const std::string& api_version, std::string_view kind, JsonObject status);

}  // namespace sallyport::wire
