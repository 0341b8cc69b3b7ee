#pragma once

#include <chrono>

#include "base/result.h"
#include "provider/caller.h"
#include "provider/layout.h"
#include "provider/state.h"

namespace sallyport::provider {

// Has the cluster's supervisor, which is started where there is none, run what `state` and the files of `layout` say,
// and waits until the API server answers /readyz for the endpoint's name with the certificate on disk. Fails with
// kUnavailable, with the end of the log that tells why.
base::Status make_ready(const ClusterState& state, const Layout& layout, std::chrono::seconds limit,
                        const Caller& caller);

}  // namespace sallyport::provider
