#pragma once

#include <optional>

#include "base/result.h"
#include "workplace/cgroup.h"
#include "workplace/hub.h"
#include "workplace/process.h"

namespace sallyport::workplace {

// A session's processes. The cgroup goes last, when the process is reaped.
struct Launched {
  std::optional<SessionCgroup> cgroup;
  SandboxProcess process;
};

// Starts the shell of a session. See SandboxProcess::start for the thread this needs.
base::Result<Launched> launch(const Hub& hub, const Session& session);

// Whether sandboxes work here, tried with one that runs `true`; else what bubblewrap says and what to do about it.
// Waits at most kWorkplaceTrialTime. Before there are other threads; refuses uids that somebody has.
base::Status try_sandbox(const WorkplaceConfig& config);

}  // namespace sallyport::workplace
