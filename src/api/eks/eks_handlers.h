#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/eks/entry_changes.h"
#include "api/handler.h"
#include "api/http.h"
#include "base/entropy.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "model/ids.h"

namespace sallyport::api::eks {

// The operations of the EKS API that Sallyport serves, over the control plane: reads the request, checks
// its form, asks, renders. Thread-safe; holds no state of its own.
class EksHandlers {
 public:
  // References must outlive the handlers. `token_key` signs the `nextToken`s.
  EksHandlers(control::ControlPlane& control, const base::Clock& clock, base::Entropy& entropy,
              model::AccountId account, model::Region region, std::string token_key);

  // Never throws; every request gets an answer of the EKS protocol.
  Outcome handle(const Call& call);

  // "CreateCluster" and so on, by method and path; "unknown" for what is not served.
  static std::string operation_of(const HttpRequest& request);

 private:
  using Labels = std::vector<std::string>;
  using Handler = HttpResponse (EksHandlers::*)(const Call&, const Labels&);
  static Handler handler_of(std::string_view operation);

  HttpResponse create_cluster(const Call& call, const Labels& labels);
  HttpResponse describe_cluster(const Call& call, const Labels& labels);
  HttpResponse list_clusters(const Call& call, const Labels& labels);
  HttpResponse delete_cluster(const Call& call, const Labels& labels);
  HttpResponse update_cluster_config(const Call& call, const Labels& labels);
  HttpResponse describe_update(const Call& call, const Labels& labels);
  HttpResponse list_updates(const Call& call, const Labels& labels);
  HttpResponse tag_resource(const Call& call, const Labels& labels);
  HttpResponse untag_resource(const Call& call, const Labels& labels);
  HttpResponse list_tags_for_resource(const Call& call, const Labels& labels);

  HttpResponse create_access_entry(const Call& call, const Labels& labels);
  HttpResponse describe_access_entry(const Call& call, const Labels& labels);
  HttpResponse list_access_entries(const Call& call, const Labels& labels);
  HttpResponse update_access_entry(const Call& call, const Labels& labels);
  HttpResponse delete_access_entry(const Call& call, const Labels& labels);
  HttpResponse list_access_policies(const Call& call, const Labels& labels);
  HttpResponse associate_access_policy(const Call& call, const Labels& labels);
  HttpResponse disassociate_access_policy(const Call& call, const Labels& labels);
  HttpResponse list_associated_access_policies(const Call& call, const Labels& labels);

  using PlanEntry = std::function<base::Result<EntryChange>(const EntryContext& context)>;
  // Commits what `plan` gives; the entry after it.
  base::Result<model::AccessEntry> change_entry(const Call& call, const model::ClusterName& cluster,
                                                const std::string& operation, const PlanEntry& plan);
  using ReadEntries = std::function<void(const model::IdentityObjects& identities)>;
  // Calls `read`, which must not block, where the cluster exists and its mode lets entries be seen.
  base::Status read_entries(const model::ClusterName& cluster, const ReadEntries& read) const;
  base::Result<model::AccessEntry> find_entry(const model::ClusterName& cluster, const model::Arn& principal) const;
  // The entry an ARN names, if it is there.
  base::Result<model::AccessEntry> tagged_entry(const model::ClusterName& cluster, const std::string& arn) const;

  using ChangeClusterTags = std::function<base::Status(const model::ClusterName& cluster)>;
  using ChangeEntryTags =
      std::function<base::Result<EntryChange>(const EntryContext& context, const model::Arn& principal)>;
  base::Status change_tags(const Call& call, const std::string& arn, const std::string& operation,
                           const ChangeClusterTags& of_cluster, const ChangeEntryTags& of_entry);

  HttpResponse entry_answer(const model::AccessEntry& entry) const;
  HttpResponse cluster_answer(const model::Cluster& cluster) const;
  // The cluster an ARN names, if it is there.
  base::Result<model::Cluster> tagged_cluster(const std::string& arn) const;

  control::ControlPlane& control_;
  const base::Clock& clock_;
  base::Entropy& entropy_;
  model::AccountId account_;
  model::Region region_;
  std::string token_key_;
};

}  // namespace sallyport::api::eks
