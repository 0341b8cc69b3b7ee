#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "provider/layout.h"
#include "provider/state.h"

namespace sallyport::provider {

// How a process is to be started, and a digest of all that it reads once, at its start: its command line, its binary,
// the files that name the webhooks. A process whose revision is another one must be restarted; certificates are not
// part of it, because they are taken up while it runs.
struct Plan {
  std::vector<std::string> command;
  std::string revision;
};

base::Result<Plan> plan_etcd(const ClusterState& state, const Layout& layout);
base::Result<Plan> plan_api_server(const ClusterState& state, const Layout& layout);

}  // namespace sallyport::provider
