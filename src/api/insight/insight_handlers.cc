#include "api/insight/insight_handlers.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/eks/eks_errors.h"
#include "api/eks/parse_update.h"
#include "api/errors.h"
#include "api/insight/explain_view.h"
#include "api/insight/insight_routes.h"
#include "api/insight/traffic_view.h"
#include "base/ip_address.h"
#include "policy/explain.h"
#include "policy/validate.h"
#include "policy/warnings.h"
#include "wire/uri.h"

namespace sallyport::api::insight {

namespace {

namespace json = boost::json;
using base::ErrorKind;

// Sources named in a preview, those with the most connections first; the count is of all.
constexpr std::size_t kSourcesNamed = 100;

HttpResponse answer_of(const json::object& body) {
  return {200, {{"Content-Type", "application/json"}}, json::serialize(body)};
}

HttpResponse refuse(std::string message, const model::ClusterName& cluster) {
  return eks::request_error({ErrorKind::kInvalidParameter, std::move(message), {}}, cluster.str());
}

json::object impact_view(policy::Impact impact) {
  std::ranges::stable_sort(impact.cut, std::greater(), &policy::LiveConnections::count);
  json::array cut;
  for (std::size_t i = 0; i < std::min(impact.cut.size(), kSourcesNamed); ++i) {
    const policy::LiveConnections& lost = impact.cut[i];
    cut.push_back(json::object{{"source", lost.source.to_string()},
                               {"side", lost.private_vpc ? "private" : "public"},
                               {"connections", lost.count}});
  }
  return {{"cut", impact.connections_cut},
          {"kept", impact.connections_kept},
          {"cutSources", std::move(cut)},
          {"cutSourcesOmitted", impact.cut.size() - std::min(impact.cut.size(), kSourcesNamed)}};
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
  const auto request = eks::parse_update_cluster(cluster, call.http.body);
  if (!request) return eks::request_error(request.error(), cluster.str());
  const auto* change = std::get_if<control::UpdateAccessRequest>(&request->change);
  if (change == nullptr) return refuse("only a change of endpoint access can be previewed", cluster);
  const auto present = control_.describe_cluster(cluster);
  if (!present) return eks::cluster_error(present.error(), cluster.str(), call.request_id);
  const auto target = policy::changed_access(
      present->access, {change->endpoint_public_access, change->endpoint_private_access, change->public_access_cidrs},
      {});
  if (!target) return eks::cluster_error(target.error(), cluster.str(), call.request_id);

  const model::SnapshotPtr snapshot = control_.snapshot();
  json::array warnings;
  for (const std::string& warning : policy::access_warnings(*snapshot, *present, *target))
    warnings.emplace_back(warning);
  json::object view{{"cluster", cluster.str()}, {"warnings", std::move(warnings)}};
  if (sight_.live) {
    json::object impact = impact_view(policy::impact(*snapshot, cluster, *target, sight_.live(*present)));
    // They are cut too where they must be; which they are is known to the process that has them alone.
    if (sight_.inherited) impact["inEarlierProcesses"] = sight_.inherited();
    view["connections"] = std::move(impact);
  }
  return answer_of(view);
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
