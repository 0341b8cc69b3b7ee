#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/cluster.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

// What a cluster's answer holds that is not the cluster's own.
struct ClusterContext {
  std::string endpoint_url;                        // "https://…"
  std::string issuer_url;                          // of service-account tokens
  std::optional<std::string> provider_progress{};  // what a provider is doing for it
};

// The EKS shape "Cluster". Endpoint and certificate authority are there once the cluster has left
// CREATING, as on EKS.
wire::Json render_cluster(const model::Cluster& cluster, const ClusterContext& context);

// The EKS shape "Logging": enabled types first, then the others; empty groups are left out.
wire::Json render_logging(const std::vector<model::LogType>& enabled);

// Epoch seconds with milliseconds.
wire::Json render_time(base::Time time);

wire::Json render_tags(const model::Tags& tags);

// The texts as a JSON list. `Texts` is a range of ids or strings.
template <class Ids>
wire::Json render_ids(const Ids& ids) {
  wire::JsonArray array;
  for (const auto& id : ids)
    array.emplace_back(id.str());
  return array;
}
wire::Json render_texts(const std::vector<std::string>& texts);
wire::Json render_cidrs(const model::CidrSet& blocks);

}  // namespace sallyport::api::eks
