#pragma once

#include <string>

#include "api/eks/eks_handlers.h"
#include "api/eks/error_type.h"
#include "api/eks/fake_control_plane.h"
#include "control/tables.h"

namespace sallyport::api::eks {

// Handlers of account 000000000000 in us-east-1 over a fake control plane, for the tests of this folder.
struct HandlersFixture {
  FakeControlPlane control;
  base::SystemClock clock;
  base::SystemEntropy entropy;
  EksHandlers handlers{control, clock, entropy, model::AccountId("000000000000"), model::Region("us-east-1"), "key"};

  Outcome call(std::string method, std::string target, std::string body = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    request.source = *base::IpAddress::parse("127.0.0.9");
    iam::Principal principal;
    principal.arn = model::Arn("arn:aws:iam::000000000000:root");
    return handlers.handle({request, principal, "request-1"});
  }

  void add_cluster(const std::string& name) {
    model::Cluster cluster;
    cluster.name = model::ClusterName(name);
    cluster.arn = model::Arn("arn:aws:eks:us-east-1:000000000000:cluster/" + name);
    cluster.endpoint_id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
    cluster.status = model::ClusterStatus::kActive;
    control.clusters[cluster.name] = cluster;
  }

  void add_entry(const std::string& cluster, const std::string& principal) {
    model::AccessEntry entry;
    entry.cluster = model::ClusterName(cluster);
    entry.principal = model::Arn(principal);
    entry.id = model::access_entry_id(entry.cluster, entry.principal);
    control::put_into(control.identities, entry);
  }
};

}  // namespace sallyport::api::eks
