#pragma once

#include <string>
#include <utility>

#include "model/ids.h"

namespace sallyport::provider {

// What the state folder of all clusters holds, by path.
struct StateDir {
  std::string root;

  std::string cluster(const model::EndpointId& id) const { return root + "/" + id.str(); }
  // Of a cluster whose deletion has begun; no create takes it for a cluster.
  std::string leaving(const model::EndpointId& id) const { return root + "/." + id.str() + ".leaving"; }
  std::string cluster_lock(const model::EndpointId& id) const { return root + "/." + id.str() + ".lock"; }
  std::string ports_lock() const { return root + "/.ports.lock"; }
};

// What the folder of one cluster holds, by path.
struct Layout {
  std::string root;

  std::string state() const { return root + "/cluster.json"; }
  std::string status() const { return root + "/status.json"; }
  std::string admin_kubeconfig() const { return root + "/admin.kubeconfig"; }
  // Held by the supervisor and both of its children, as long as one of them lives.
  std::string running_lock() const { return root + "/running.lock"; }
  // Locked by the supervisor alone, so that the kernel tells its process id.
  std::string supervisor_lock() const { return root + "/supervisor.lock"; }

  std::string pki() const { return root + "/pki"; }
  std::string certificate(const std::string& name) const { return pki() + "/" + name + ".crt"; }
  std::string key(const std::string& name) const { return pki() + "/" + name + ".key"; }
  std::string service_account_public() const { return pki() + "/service-accounts.pub"; }

  std::string config() const { return root + "/config"; }
  std::string authentication_config() const { return config() + "/authentication.json"; }
  std::string authentication_webhook() const { return config() + "/authentication-webhook.kubeconfig"; }
  std::string authorization_webhook() const { return config() + "/authorization-webhook.kubeconfig"; }

  std::string etcd_data() const { return root + "/etcd"; }
  std::string logs() const { return root + "/logs"; }
  std::string log(const std::string& name) const { return logs() + "/" + name + ".log"; }
};

}  // namespace sallyport::provider
