#include "api/asked.h"
#include "api/insight/insight_routes.h"
#include "wire/uri.h"

namespace sallyport::api {

// About the cluster, whose tags policies may look at as they do for EKS.
void ask_sallyport(Asked& asked, const HttpRequest& request, const Surroundings& around) {
  const insight::Route route = insight::find_route(request.method, wire::split_target(request.target).path);
  if (route.operation.empty()) return;
  const auto tags = around.cluster_tags ? around.cluster_tags(route.cluster) : std::nullopt;
  asked.resources = {
      {.arn = "arn:aws:eks:" + around.region.str() + ":" + around.account.str() + ":cluster/" + route.cluster,
       .tags = tags.value_or(model::Tags())}};
}

}  // namespace sallyport::api
