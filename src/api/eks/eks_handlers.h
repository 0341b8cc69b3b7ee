#pragma once

#include <string>
#include <vector>

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
  // `control` must outlive the handlers. `token_key` signs the `nextToken`s. Time and ids are the control
  // plane's to give, so clock and entropy are not kept.
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

  HttpResponse cluster_answer(const model::Cluster& cluster) const;
  // The cluster an ARN names, if it is there.
  base::Result<model::Cluster> tagged_cluster(const std::string& arn) const;

  control::ControlPlane& control_;
  model::AccountId account_;
  model::Region region_;
  std::string token_key_;
};

}  // namespace sallyport::api::eks
