#pragma once

#include <string_view>

#include "base/result.h"
#include "control/control_plane.h"

namespace sallyport::api::eks {

// The body of UpdateClusterConfig; errors as parse_create_cluster. A request changes exactly one thing:
// endpoint access, subnets and security groups, logging, deletion protection, or the authentication mode.
base::Result<control::UpdateClusterRequest> parse_update_cluster(const model::ClusterName& cluster,
                                                                 std::string_view body);

}  // namespace sallyport::api::eks
