#pragma once

#include <string_view>

#include "base/result.h"
#include "control/control_plane.h"

namespace sallyport::api::eks {

// The body of CreateCluster. kCorrupt: not a JSON object. kInvalidParameter, naming the member's path:
// a wrong type, an unknown or missing member, a malformed value, a feature of EKS that Sallyport does not
// have. Settings that only say "without that feature", as SDKs and Terraform send them, are accepted.
base::Result<control::CreateClusterRequest> parse_create_cluster(std::string_view body);

}  // namespace sallyport::api::eks
