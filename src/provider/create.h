#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "provider/caller.h"
#include "provider/options.h"
#include "provider/request.h"

namespace sallyport::provider {

struct Created {
  std::vector<std::string> servers;
  std::string ca_pem;
};

// Makes the cluster, or makes sure that it runs as asked for now; returns once it is ready. May be called again after
// any failure and any crash, and changes nothing then that is as it should be. Blocks, at most `options.timeout` for
// the API server and as long for another call about this cluster.
base::Result<Created> create(const CreateRequest& request, const Options& options, const Caller& caller);

}  // namespace sallyport::provider
