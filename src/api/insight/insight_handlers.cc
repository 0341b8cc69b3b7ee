#include "api/insight/insight_handlers.h"

#include <optional>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/eks/eks_errors.h"
#include "api/errors.h"
#include "api/insight/explain_view.h"
#include "api/insight/insight_routes.h"
#include "api/insight/preview.h"
#include "api/insight/traffic_view.h"
#include "base/ip_address.h"
#include "policy/explain.h"
#include "wire/uri.h"

namespace sallyport::api::insight {

namespace {

namespace json = boost::json;
using base::ErrorKind;

HttpResponse answer_of(const json::object& body) {
  return {200, {{"Content-Type", "application/json"}}, json::serialize(body)};
}

HttpResponse refuse(std::string message, const model::ClusterName& cluster) {
  return eks::request_error({ErrorKind::kInvalidParameter, std::move(message), {}}, cluster.str());
}

}  // namespace

std::string InsightHandlers::operation_of(const HttpRequest& request) {
  const Route route = find_route(request.method, wire::split_target(request.target).path);
  return route.operation.empty() ? "unknown" : std::string(route.operation);
}

Outcome InsightHandlers::handle(const Call& call) const {
  const Route route = find_route(call.http.method, wire::split_target(call.http.target).path);
  const model::ClusterName cluster(route.cluster);
  if (route.operation == "Explain") return {"Explain", explain(call, cluster)};
  if (route.operation == "PreviewUpdate") return {"PreviewUpdate", preview_update(call, cluster)};
  if (route.operation == "DescribeTraffic") return {"DescribeTraffic", describe_traffic(call, cluster)};
  return {"unknown", rest_json_error(404, "UnknownOperationException",
                                     "The service sallyport serves GET /sallyport/clusters/NAME/explain, GET "
                                     "/sallyport/clusters/NAME/traffic, POST /sallyport/clusters/NAME/preview-update "
                                     "and POST /sallyport/clusters/NAME/workplace.")};
}

HttpResponse InsightHandlers::explain(const Call& call, const model::ClusterName& cluster) const {
  const auto query = wire::parse_pairs(wire::split_target(call.http.target).query);
  const auto source = query ? wire::only_value(*query, "source") : std::nullopt;
  if (!source) return refuse("source must be given once: the address that asks to reach the cluster", cluster);
  const auto address = base::IpAddress::parse(*source);
  if (!address) {
    return refuse("source '" + std::string(source->substr(0, 64)) + "' is not an IPv4 or IPv6 address", cluster);
  }
  std::optional<model::VpcId> vpc;
  if (const auto id = wire::only_value(*query, "vpc")) vpc = model::VpcId(std::string(*id));
  const auto told = policy::explain(*control_.snapshot(), cluster, *address, vpc);
  if (!told) return eks::cluster_error(told.error(), cluster.str(), call.request_id);
  return answer_of(explain_view(cluster, *told));
}

HttpResponse InsightHandlers::preview_update(const Call& call, const model::ClusterName& cluster) const {
  const auto change = parse_preview(cluster, call.http.body);
  if (!change) return eks::request_error(change.error(), cluster.str());
  const auto preview = foretell(control_, sight_, cluster, *change);
  if (!preview) return eks::cluster_error(preview.error(), cluster.str(), call.request_id);
  return answer_of(preview_view(cluster, *preview));
}

HttpResponse InsightHandlers::describe_traffic(const Call& call, const model::ClusterName& cluster) const {
  if (const auto present = control_.describe_cluster(cluster); !present) {
    return eks::cluster_error(present.error(), cluster.str(), call.request_id);
  }
  json::object view{{"cluster", cluster.str()}};
  if (sight_.traffic) view["traffic"] = traffic_view(sight_.traffic(cluster));
  return answer_of(view);
}

}  // namespace sallyport::api::insight
