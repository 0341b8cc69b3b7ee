#include "api/eks/cluster_arn.h"
#include "api/eks/eks_errors.h"
#include "api/eks/eks_handlers.h"
#include "api/eks/parse_tags.h"
#include "api/eks/query.h"
#include "api/eks/render_cluster.h"
#include "api/eks/responses.h"
#include "wire/uri.h"

namespace sallyport::api::eks {

base::Result<model::Cluster> EksHandlers::tagged_cluster(const std::string& arn) const {
  const auto name = cluster_of_arn(arn, account_, region_);
  if (!name) return base::fail(name.error());
  auto cluster = control_.describe_cluster(*name);
  const bool absent = cluster ? cluster->arn.str() != arn : cluster.error().kind == base::ErrorKind::kNotFound;
  if (absent) return base::fail(base::ErrorKind::kNotFound, "No resource found for ARN: " + arn + ".", "resourceArn");
  return cluster;
}

HttpResponse EksHandlers::tag_resource(const Call& call, const Labels& labels) {
  const auto tags = parse_tag_resource(call.http.body);
  if (!tags) return tag_request_error(tags.error());
  const auto cluster = tagged_cluster(labels.front());
  if (!cluster) return tag_error(cluster.error(), call.request_id);
  if (const auto done = control_.tag_cluster(cluster->name, *tags, caller_of(call)); !done) {
    return tag_error(done.error(), call.request_id);
  }
  return json_answer(wire::JsonObject{});
}

HttpResponse EksHandlers::untag_resource(const Call& call, const Labels& labels) {
  const auto query = Query::parse(wire::split_target(call.http.target).query, {"tagKeys"});
  if (!query) return tag_request_error(query.error());
  const auto keys = parse_tag_keys(*query);
  if (!keys) return tag_request_error(keys.error());
  const auto cluster = tagged_cluster(labels.front());
  if (!cluster) return tag_error(cluster.error(), call.request_id);
  if (const auto done = control_.untag_cluster(cluster->name, *keys, caller_of(call)); !done) {
    return tag_error(done.error(), call.request_id);
  }
  return json_answer(wire::JsonObject{});
}

HttpResponse EksHandlers::list_tags_for_resource(const Call& call, const Labels& labels) {
  const auto cluster = tagged_cluster(labels.front());
  if (!cluster) return tag_error(cluster.error(), call.request_id);
  return json_answer(wire::JsonObject{{"tags", render_tags(cluster->tags)}});
}

}  // namespace sallyport::api::eks
