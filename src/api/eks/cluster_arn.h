#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/ids.h"

namespace sallyport::api::eks {

// The cluster that arn:<partition>:eks:<region>:<account>:cluster/<name> names. kInvalidParameter for
// what is no ARN of an EKS resource of this account and region; kNotFound for one that is no cluster.
base::Result<model::ClusterName> cluster_of_arn(std::string_view arn, const model::AccountId& account,
                                                const model::Region& region);

}  // namespace sallyport::api::eks
