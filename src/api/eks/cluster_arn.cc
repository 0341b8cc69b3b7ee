#include "api/eks/cluster_arn.h"

#include <algorithm>
#include <array>

#include "api/eks/fields.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

base::Result<model::ClusterName> cluster_of_arn(std::string_view arn, const model::AccountId& account,
                                                const model::Region& region) {
  const std::string prefix = ":eks:" + region.str() + ":" + account.str() + ":";
  const std::string shown = wire::shortened(arn, 256);
  const std::size_t partition_end = arn.find(':', std::min<std::size_t>(arn.size(), 4));
  if (!arn.starts_with("arn:aws") || partition_end == std::string_view::npos ||
      !arn.substr(partition_end).starts_with(prefix)) {
    return base::fail(base::ErrorKind::kInvalidParameter,
                      "resourceArn '" + shown + "' does not name an EKS resource here; give one such as arn:aws" +
                          prefix + "cluster/my-cluster",
                      "resourceArn");
  }
  std::string_view resource = arn.substr(partition_end + prefix.size());
  constexpr std::string_view kKind = "cluster/";
  if (!resource.starts_with(kKind) || !is_cluster_name(resource.substr(kKind.size()))) {
    return base::fail(base::ErrorKind::kNotFound, "No resource found for ARN: " + shown + ".", "resourceArn");
  }
  return model::ClusterName(std::string(resource.substr(kKind.size())));
}

}  // namespace sallyport::api::eks
