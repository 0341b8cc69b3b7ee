#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "api/handler.h"
#include "control/control_plane.h"
#include "model/cluster.h"
#include "model/traffic.h"
#include "policy/impact.h"

namespace sallyport::api::insight {

// What the gateway of this process sees; empty functions where it has none. Any thread; may block.
struct Sight {
  // The live connections of a cluster, by source and side.
  std::function<std::vector<policy::LiveConnections>(const model::Cluster& cluster)> live;
  // Relays of any cluster that go on in earlier processes, which `live` has not.
  std::function<std::uint64_t()> inherited;
  std::function<model::Traffic(const model::ClusterName& cluster)> traffic;
};

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
