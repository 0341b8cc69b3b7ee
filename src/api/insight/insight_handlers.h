#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/handler.h"
#include "control/control_plane.h"
#include "model/cluster.h"
#include "policy/impact.h"

namespace sallyport::api::insight {

// The live connections of a cluster, by source and side; empty function where this process has no gateway.
using LiveConnectionsOf = std::function<std::vector<policy::LiveConnections>(const model::Cluster& cluster)>;

// The service "sallyport", which AWS has not: what explains and foretells. REST-JSON; reads only; thread-safe.
class InsightHandlers {
 public:
  // `control` must outlive this; `live` is called on the thread of the request.
  InsightHandlers(const control::ControlPlane& control, LiveConnectionsOf live)
      : control_(control), live_(std::move(live)) {}

  Outcome handle(const Call& call) const;

  // "Explain", "PreviewUpdate", "OpenWorkplace", which api/workplace answers, or "unknown".
  static std::string operation_of(const HttpRequest& request);

 private:
  HttpResponse explain(const Call& call, const model::ClusterName& cluster) const;
  HttpResponse preview_update(const Call& call, const model::ClusterName& cluster) const;

  const control::ControlPlane& control_;
  const LiveConnectionsOf live_;
};

}  // namespace sallyport::api::insight
