#pragma once

#include <string>
#include <utility>

#include "api/handler.h"
#include "api/insight/sight.h"
#include "control/control_plane.h"
#include "model/cluster.h"

namespace sallyport::api::insight {

// The service "sallyport", which AWS has not: what explains and foretells. REST-JSON; reads only; thread-safe.
class InsightHandlers {
 public:
  // `control` must outlive this; `sight` is asked on the thread of the request.
  InsightHandlers(const control::ControlPlane& control, Sight sight) : control_(control), sight_(std::move(sight)) {}

  Outcome handle(const Call& call) const;

  // "Explain", "PreviewUpdate", "DescribeTraffic", "OpenWorkplace", which api/workplace answers, or "unknown".
  static std::string operation_of(const HttpRequest& request);

 private:
  HttpResponse explain(const Call& call, const model::ClusterName& cluster) const;
  HttpResponse preview_update(const Call& call, const model::ClusterName& cluster) const;
  HttpResponse describe_traffic(const Call& call, const model::ClusterName& cluster) const;

  const control::ControlPlane& control_;
  const Sight sight_;
};

}  // namespace sallyport::api::insight
