#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "model/ids.h"
#include "provider/kubernetes_version.h"
#include "provider/ports.h"

// The two records in a cluster's folder. Values, and their texts; no I/O.
namespace sallyport::provider {

// cluster.json: what the cluster is to be. Written by create, read by the supervisor. Holds no secret.
struct ClusterState {
  model::EndpointId id;
  model::ClusterName cluster;
  std::string endpoint;
  KubernetesVersion version;
  std::string service_cidr;
  std::vector<std::string> sans;  // as asked for
  base::IpAddress address;        // where kube-apiserver listens
  Ports ports;
  std::string kube_apiserver;  // absolute paths of the binaries
  std::string etcd;
  KubernetesVersion binary_version;  // differs from `version` where any version was allowed
  bool webhooks = false;
  bool was_ready = false;  // it served once: from then on a create that fails leaves it running

  friend bool operator==(const ClusterState&, const ClusterState&) = default;
};

std::string render_state(const ClusterState& state);
// Fails with kCorrupt, naming what does not decode.
base::Result<ClusterState> parse_state(std::string_view text);

struct ProcessStatus {
  pid_t pid = 0;         // 0: does not run
  std::string revision;  // of the plan it was started with
  std::uint64_t starts = 0;
  std::string last_end;  // "exit code 1", "signal 9"; empty when it never ended

  friend bool operator==(const ProcessStatus&, const ProcessStatus&) = default;
};

// status.json: what runs. Written by the supervisor, read by create and by people.
struct SupervisorStatus {
  pid_t supervisor = 0;
  ProcessStatus etcd;
  ProcessStatus api_server;

  friend bool operator==(const SupervisorStatus&, const SupervisorStatus&) = default;
};

std::string render_status(const SupervisorStatus& status);
base::Result<SupervisorStatus> parse_status(std::string_view text);

}  // namespace sallyport::provider
