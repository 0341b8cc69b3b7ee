#include "api/eks/cluster_arn.h"
#include "api/eks/eks_errors.h"
#include "api/eks/eks_handlers.h"
#include "api/eks/entry_arn.h"
#include "api/eks/parse_tags.h"
#include "api/eks/query.h"
#include "api/eks/render_cluster.h"
#include "api/eks/responses.h"
#include "wire/json_value.h"
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

base::Result<model::AccessEntry> EksHandlers::tagged_entry(const model::ClusterName& cluster,
                                                           const std::string& arn) const {
  const auto absent = [&] {
    return base::fail(base::ErrorKind::kNotFound, "No resource found for ARN: " + wire::shortened(arn, 256) + ".",
                      "resourceArn");
  };
  std::optional<model::AccessEntry> entry;
  const auto done = read_entries(cluster, [&](const model::IdentityObjects& identities) {
    if (const auto* found = find_entry_by_arn(identities, arn, account_, region_)) entry = *found;
  });
  if (!done && done.error().kind != base::ErrorKind::kNotFound) return base::fail(done.error());
  if (!entry) return absent();
  return *std::move(entry);
}

base::Status EksHandlers::change_tags(const Call& call, const std::string& arn, const std::string& operation,
                                      const ChangeClusterTags& of_cluster, const ChangeEntryTags& of_entry) {
  if (const auto name = cluster_of_entry_arn(arn, account_, region_)) {
    const auto entry = tagged_entry(*name, arn);
    if (!entry) return base::fail(entry.error());
    const PlanEntry plan = [&](const EntryContext& context) { return of_entry(context, entry->principal); };
    const auto changed = change_entry(call, *name, operation, plan);
    return changed ? base::Status() : base::Status(base::fail(changed.error()));
  }
  const auto cluster = tagged_cluster(arn);
  if (!cluster) return base::fail(cluster.error());
  return of_cluster(cluster->name);
}

HttpResponse EksHandlers::tag_resource(const Call& call, const Labels& labels) {
  const auto tags = parse_tag_resource(call.http.body);
  if (!tags) return tag_request_error(tags.error());
  const auto done = change_tags(
      call, labels.front(), "TagResource",
      [&](const model::ClusterName& name) { return control_.tag_cluster(name, *tags, caller_of(call)); },
      [&](const EntryContext& context, const model::Arn& principal) { return tag_entry(context, principal, *tags); });
  if (!done) return tag_error(done.error(), call.request_id);
  return json_answer(wire::JsonObject{});
}

HttpResponse EksHandlers::untag_resource(const Call& call, const Labels& labels) {
  const auto query = Query::parse(wire::split_target(call.http.target).query, {"tagKeys"});
  if (!query) return tag_request_error(query.error());
  const auto keys = parse_tag_keys(*query);
  if (!keys) return tag_request_error(keys.error());
  const auto done = change_tags(
      call, labels.front(), "UntagResource",
      [&](const model::ClusterName& name) { return control_.untag_cluster(name, *keys, caller_of(call)); },
      [&](const EntryContext& context, const model::Arn& principal) { return untag_entry(context, principal, *keys); });
  if (!done) return tag_error(done.error(), call.request_id);
  return json_answer(wire::JsonObject{});
}

HttpResponse EksHandlers::list_tags_for_resource(const Call& call, const Labels& labels) {
  const std::string& arn = labels.front();
  if (const auto name = cluster_of_entry_arn(arn, account_, region_)) {
    const auto entry = tagged_entry(*name, arn);
    if (!entry) return tag_error(entry.error(), call.request_id);
    return json_answer(wire::JsonObject{{"tags", render_tags(entry->tags)}});
  }
  const auto cluster = tagged_cluster(arn);
  if (!cluster) return tag_error(cluster.error(), call.request_id);
  return json_answer(wire::JsonObject{{"tags", render_tags(cluster->tags)}});
}

}  // namespace sallyport::api::eks
