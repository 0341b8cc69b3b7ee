#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "api/insight/sight.h"
#include "base/result.h"
#include "control/control_plane.h"
#include "model/cluster.h"
#include "model/endpoint_access.h"
#include "policy/impact.h"

namespace sallyport::api::insight {

// What an update of endpoint access would do, were it made now.
struct Preview {
  model::EndpointAccess present;
  model::EndpointAccess target;
  std::vector<std::string> warnings;
  std::optional<policy::Impact> impact;    // none where no gateway is seen
  std::optional<std::uint64_t> inherited;  // as Sight::inherited
};

// `body` is that of UpdateClusterConfig; kCorrupt where it is not JSON, kInvalidParameter where the update would be
// refused, or is none of endpoint access.
base::Result<control::UpdateAccessRequest> parse_preview(const model::ClusterName& cluster, std::string_view body);

// Changes nothing. kNotFound without the cluster, kInvalidParameter where the update would be refused.
base::Result<Preview> foretell(const control::ControlPlane& control, const Sight& sight,
                               const model::ClusterName& cluster, const control::UpdateAccessRequest& change);

// `warnings` and, where a gateway is seen, `connections`: what PreviewUpdate answers. Pure.
boost::json::object preview_view(const model::ClusterName& cluster, const Preview& preview);

}  // namespace sallyport::api::insight
