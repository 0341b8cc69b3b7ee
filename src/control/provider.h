#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "model/cluster.h"

// The port to what makes API servers (design.md section 4, "provider").
namespace sallyport::control {

// Where an API server asks who a token is and what they may do, and how it knows us and we it.
struct WebhookEndpoints {
  std::string authentication_url;  // "https://127.0.0.1:8790/clusters/demo/token-review"
  std::string authorization_url;   // "https://127.0.0.1:8790/clusters/demo/access-review"
  std::string ca_pem;              // of the authority both URLs' certificate is signed by
  std::string bearer_token;        // secret; good for this cluster only
};

struct ProvidedServers {
  std::vector<base::SocketAddress> servers;  // at least one
  std::string ca_pem;
};

// Told what is being done, a line a step. Called on the provider's thread.
using ProgressFn = std::function<void(const std::string& line)>;

class Provider {
 public:
  virtual ~Provider() = default;
  // Makes the cluster's API servers, or makes sure that they run; may take minutes. Safe to repeat. Errors are fit for
  // the cluster's owner.
  virtual base::Result<ProvidedServers> create(const model::Cluster& cluster, const ProgressFn& progress) = 0;
  // Leaves nothing of them; what is not there is no error. Safe to repeat.
  virtual base::Status remove(const model::Cluster& cluster, const ProgressFn& progress) = 0;
  // Makes calls under way, and later ones, fail soon. Any thread.
  virtual void stop() = 0;
};

}  // namespace sallyport::control
