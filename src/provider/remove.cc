#include "provider/remove.h"

#include <signal.h>

#include <chrono>
#include <utility>

#include "base/limits.h"
#include "provider/files.h"
#include "provider/process.h"
#include "provider/supervisor.h"

namespace sallyport::provider {

namespace {

namespace limits = base::limits;
using base::ErrorKind;
using base::fail;

// Killed by the kernel with their supervisor, the processes may need a moment to be gone.
constexpr base::Millis kGoneTime{15'000};

// False where it did not end within the limit or the caller lost interest.
bool ends(const base::Descriptor& process, base::Millis limit, const Caller& caller) {
  constexpr base::Millis kSlice{100};
  for (base::Millis waited{0}; waited < limit && !caller.stopped(); waited += kSlice) {
    if (wait_readable(process.get(), kSlice)) return true;
  }
  return false;
}

}  // namespace

base::Result<FileLock> lock_cluster(const StateDir& dir, const model::EndpointId& id, const Options& options,
                                    const Caller& caller) {
  bool told = false;
  return FileLock::take(dir.cluster_lock(id), options.timeout, [&] {
    if (!std::exchange(told, true)) caller.tell("waiting for another call about this cluster to end");
    return caller.stopped();
  });
}

base::Status stop_cluster(const Layout& layout, const Caller& caller) {
  if (const auto supervisor = find_supervisor(layout)) {
    send_signal(*supervisor, SIGTERM);
    if (!ends(*supervisor, limits::kProviderSupervisorStopTime, caller)) {
      if (caller.stopped()) return fail(ErrorKind::kUnavailable, "stopped by a signal; call delete again to go on");
      caller.tell("killing the supervisor: it has not ended in time");
      send_signal(*supervisor, SIGKILL);
    }
  }
  const auto gone = FileLock::take(layout.running_lock(), kGoneTime, caller.stopped);
  if (!gone) return fail(gone.error());
  return {};
}

base::Status remove(const DeleteRequest& request, const Options& options, const Caller& caller) {
  const StateDir dir{options.state_dir};
  if (!exists(dir.root)) return {};
  if (auto usable = make_folder(dir.root); !usable) return usable;
  const auto lock = lock_cluster(dir, request.id, options, caller);
  if (!lock) return fail(lock.error());
  const Layout layout{dir.cluster(request.id)};
  if (exists(layout.root)) {
    caller.tell("stopping kube-apiserver and etcd");
    if (auto stopped = stop_cluster(layout, caller); !stopped) return stopped;
    caller.tell("removing " + layout.root);
    if (auto removed = remove_folder(dir.leaving(request.id)); !removed) return removed;
    // From here on it is no cluster, should the removal be interrupted.
    if (auto renamed = rename_folder(layout.root, dir.leaving(request.id)); !renamed) return renamed;
  }
  if (auto removed = remove_folder(dir.leaving(request.id)); !removed) return removed;
  // Still locked: whoever waits for it finds it gone and makes another.
  return remove_file(dir.cluster_lock(request.id));
}

}  // namespace sallyport::provider
