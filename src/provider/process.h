#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "base/time.h"

// Starting, watching and ending processes. A process is only signalled through a descriptor of it (pidfd_open(2)), so
// that a number that the kernel gave to another process meanwhile is never hit.
namespace sallyport::provider {

struct Child {
  pid_t pid = 0;
  base::Descriptor handle;  // pidfd: readable when it has ended
  base::Descriptor output;  // its standard output and error, not blocking
};

// Runs `command` (an absolute path and arguments) with an environment of PATH alone: what the caller has set for
// itself, such as proxies, credentials or ETCD_*, is not for it. `kept` stays open in the child, and every other
// descriptor is closed. The child is killed when the calling thread ends. Call from a single-threaded process.
base::Result<Child> start_child(const std::vector<std::string>& command, int kept);

// How a child of this process ended ("exit code 1", "signal 9"), once its handle is readable.
std::string collect(pid_t pid);

// A handle of a process that need not be a child; invalid when there is none.
base::Descriptor open_process(pid_t pid);
bool send_signal(const base::Descriptor& process, int signal);
// Whether the handle became readable, or any other descriptor did, within `limit`.
bool wait_readable(int descriptor, base::Millis limit);

// Starts this very program with `arguments` in a session of its own, standard streams closed but for errors, which
// go to `log`. It is nobody's child afterwards. Fails with kInternal.
base::Status start_detached(const std::vector<std::string>& arguments, const std::string& log);

}  // namespace sallyport::provider
