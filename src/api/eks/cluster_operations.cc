#include <utility>

#include "api/eks/eks_errors.h"
#include "api/eks/eks_handlers.h"
#include "api/eks/fields.h"
#include "api/eks/parse_create.h"
#include "api/eks/query.h"
#include "api/eks/render_cluster.h"
#include "api/eks/responses.h"
#include "api/page_token.h"
#include "wire/uri.h"

namespace sallyport::api::eks {

namespace {

constexpr std::string_view kListPurpose = "eks:ListClusters";

}  // namespace

HttpResponse EksHandlers::create_cluster(const Call& call, const Labels&) {
  const auto request = parse_create_cluster(call.http.body);
  if (!request) return request_error(request.error(), {});
  const auto cluster = control_.create_cluster(*request, caller_of(call));
  if (!cluster) return cluster_error(cluster.error(), request->name.str(), call.request_id);
  return cluster_answer(*cluster);
}

HttpResponse EksHandlers::describe_cluster(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const auto cluster = control_.describe_cluster(model::ClusterName(name));
  if (!cluster) return cluster_error(cluster.error(), name, call.request_id);
  return cluster_answer(*cluster);
}

HttpResponse EksHandlers::delete_cluster(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const auto cluster = control_.delete_cluster(model::ClusterName(name), caller_of(call));
  if (!cluster) return cluster_error(cluster.error(), name, call.request_id);
  return cluster_answer(*cluster);
}

HttpResponse EksHandlers::list_clusters(const Call& call, const Labels&) {
  const auto query = Query::parse(wire::split_target(call.http.target).query, {"maxResults", "nextToken", "include"});
  if (!query) return request_error(query.error(), {});
  for (const std::string& kind : query->all("include")) {
    if (kind != "all") {
      return request_error(
          {base::ErrorKind::kInvalidParameter, "include must be 'all', is '" + wire::shortened(kind) + "'", "include"},
          {});
    }
  }
  const auto most = query->max_results();
  if (!most) return request_error(most.error(), {});
  const auto token = query->one("nextToken");
  if (!token) return request_error(token.error(), {});
  std::optional<model::ClusterName> after;
  if (*token) {
    auto position = open_page_token(token_key_, kListPurpose, **token);
    if (!position) return request_error(position.error(), {});
    after = model::ClusterName(std::move(*position));
  }

  // One more than asked tells whether a page follows.
  std::vector<model::ClusterName> names = control_.list_clusters(after, *most + 1);
  wire::JsonObject answer;
  const bool more = names.size() > *most;
  if (more) names.resize(*most);
  answer.push_back({"clusters", render_ids(names)});
  if (more) answer.push_back({"nextToken", seal_page_token(token_key_, kListPurpose, names.back().str())});
  return json_answer(answer);
}

}  // namespace sallyport::api::eks
