#include "api/eks/render_entry.h"

#include "api/eks/render_cluster.h"

namespace sallyport::api::eks {

using wire::JsonObject;

wire::Json render_entry(const model::AccessEntry& entry, const model::Arn& arn) {
  return JsonObject{
      {"clusterName", entry.cluster.str()},
      {"principalArn", entry.principal.str()},
      {"kubernetesGroups", render_texts(entry.groups)},
      {"accessEntryArn", arn.str()},
      {"createdAt", render_time(entry.created_at)},
      {"modifiedAt", render_time(entry.modified_at)},
      {"tags", render_tags(entry.tags)},
      {"username", entry.username},
      {"type", entry.type},
  };
}

wire::Json render_association(const model::AssociatedAccessPolicy& associated) {
  return JsonObject{
      {"policyArn", associated.policy.str()},
      {"accessScope", JsonObject{{"type", associated.scope.whole_cluster ? "cluster" : "namespace"},
                                 {"namespaces", render_texts(associated.scope.namespaces)}}},
      {"associatedAt", render_time(associated.associated_at)},
      {"modifiedAt", render_time(associated.modified_at)},
  };
}

}  // namespace sallyport::api::eks
