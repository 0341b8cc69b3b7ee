#pragma once

#include <optional>
#include <string>

#include "base/descriptor.h"
#include "provider/layout.h"

// The process that keeps a cluster's etcd and kube-apiserver running (docs/provider.md). SIGTERM stops both in order
// and ends it; SIGHUP makes it read cluster.json again, restart what must be, and start at once what waits.
namespace sallyport::provider {

// Runs in this process until SIGTERM; the exit code.
int supervise(const std::string& folder);

// The supervisor of that folder; nothing where none runs.
std::optional<base::Descriptor> find_supervisor(const Layout& layout);

}  // namespace sallyport::provider
