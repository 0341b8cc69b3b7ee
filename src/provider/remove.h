#pragma once

#include "base/result.h"
#include "provider/caller.h"
#include "provider/layout.h"
#include "provider/locks.h"
#include "provider/options.h"
#include "provider/request.h"

namespace sallyport::provider {

// Stops the cluster and removes its folder, its data included; success where there is none. May be called again after
// any failure and any crash. Blocks until everything has ended.
base::Status remove(const DeleteRequest& request, const Options& options, const Caller& caller);

// Ends the supervisor and both processes, and waits until the kernel says that none is left. Call under the lock of
// the cluster.
base::Status stop_cluster(const Layout& layout, const Caller& caller);

// Serialises calls about one cluster.
base::Result<FileLock> lock_cluster(const StateDir& dir, const model::EndpointId& id, const Options& options,
                                    const Caller& caller);

}  // namespace sallyport::provider
