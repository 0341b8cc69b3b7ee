#include "api/eks/eks_handlers.h"

#include <array>
#include <exception>
#include <utility>

#include "api/eks/eks_errors.h"
#include "api/eks/render_cluster.h"
#include "api/eks/responses.h"
#include "api/eks/routes.h"
#include "wire/uri.h"

namespace sallyport::api::eks {

EksHandlers::EksHandlers(control::ControlPlane& control, const base::Clock& clock, base::Entropy& entropy,
                         model::AccountId account, model::Region region, std::string token_key)
    : control_(control),
      clock_(clock),
      entropy_(entropy),
      account_(std::move(account)),
      region_(std::move(region)),
      token_key_(std::move(token_key)) {}

EksHandlers::Handler EksHandlers::handler_of(std::string_view operation) {
  static constexpr auto kHandlers = std::to_array<std::pair<std::string_view, Handler>>({
      {"CreateCluster", &EksHandlers::create_cluster},
      {"DescribeCluster", &EksHandlers::describe_cluster},
      {"ListClusters", &EksHandlers::list_clusters},
      {"DeleteCluster", &EksHandlers::delete_cluster},
      {"UpdateClusterConfig", &EksHandlers::update_cluster_config},
      {"DescribeUpdate", &EksHandlers::describe_update},
      {"ListUpdates", &EksHandlers::list_updates},
      {"TagResource", &EksHandlers::tag_resource},
      {"UntagResource", &EksHandlers::untag_resource},
      {"ListTagsForResource", &EksHandlers::list_tags_for_resource},
      {"CreateAccessEntry", &EksHandlers::create_access_entry},
      {"DescribeAccessEntry", &EksHandlers::describe_access_entry},
      {"ListAccessEntries", &EksHandlers::list_access_entries},
      {"UpdateAccessEntry", &EksHandlers::update_access_entry},
      {"DeleteAccessEntry", &EksHandlers::delete_access_entry},
      {"ListAccessPolicies", &EksHandlers::list_access_policies},
      {"AssociateAccessPolicy", &EksHandlers::associate_access_policy},
      {"DisassociateAccessPolicy", &EksHandlers::disassociate_access_policy},
      {"ListAssociatedAccessPolicies", &EksHandlers::list_associated_access_policies},
  });
  for (const auto& [name, handler] : kHandlers) {
    if (name == operation) return handler;
  }
  return nullptr;
}

Outcome EksHandlers::handle(const Call& call) {
  std::string operation = "unknown";
  try {
    const std::string_view path = wire::split_target(call.http.target).path;
    const Route route = find_route(call.http.method, path);
    const Handler handler = handler_of(route.operation);
    if (handler == nullptr) return {operation, unknown_operation(route.operation, call.http.method, path)};
    operation = route.operation;
    return {operation, (this->*handler)(call, route.labels)};
  } catch (const std::exception& failure) {
    return {operation, cluster_error({base::ErrorKind::kInternal, failure.what(), ""}, {}, call.request_id)};
  }
}

std::string EksHandlers::operation_of(const HttpRequest& request) {
  const Route route = find_route(request.method, wire::split_target(request.target).path);
  return handler_of(route.operation) == nullptr ? "unknown" : std::string(route.operation);
}

HttpResponse EksHandlers::cluster_answer(const model::Cluster& cluster) const {
  const model::SnapshotPtr snapshot = control_.snapshot();
  const ClusterContext context{
      control_.endpoint_url(cluster),
      "https://oidc.eks." + region_.str() + "." + snapshot->zone + "/id/" + cluster.endpoint_id.str(),
      control_.provider_progress(cluster.name)};
  return json_answer(wire::JsonObject{{"cluster", render_cluster(cluster, context)}});
}

}  // namespace sallyport::api::eks
