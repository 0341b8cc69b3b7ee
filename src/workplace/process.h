#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "workplace/messages.h"
#include "workplace/sandbox.h"

// A sandbox as a process on a terminal of its own.
namespace sallyport::workplace {

struct ResourceLimits {
  std::size_t processes = 0;     // of the uid, all its sessions
  std::size_t files = 0;         // open in one process
  std::size_t file_bytes = 0;    // of one file
  std::size_t memory_bytes = 0;  // of one process's data
  std::size_t cpu_seconds = 0;   // of one process
};

struct ProcessPlan {
  SandboxPlan sandbox;
  std::vector<std::string> environment;
  std::optional<uid_t> uid;  // and gid; the caller's own when absent
  ResourceLimits limits;
  int cgroup = -1;  // an open cgroup.procs to enter, or none; borrowed
  Size size;
};

// How a process ended: its exit code, or 128 and the signal, as shells say it.
using ExitCode = int;

// Kills and reaps what it holds when it is destroyed, which ends every process of the sandbox: the kernel kills a pid
// namespace with its first process, which dies with bwrap.
class SandboxProcess {
 public:
  // Call from a thread that lives as long as the process: bwrap dies with the thread it was forked from. Fails, saying
  // what, where there is no terminal or no process to be had; what fails later ends the process with code 127 and a
  // word on its terminal.
  static base::Result<SandboxProcess> start(const ProcessPlan& plan);

  SandboxProcess(SandboxProcess&& other) noexcept;
  SandboxProcess& operator=(SandboxProcess&&) = delete;
  ~SandboxProcess();

  // The terminal's master end, non-blocking; EIO once the process has ended and its output is read.
  int terminal() const { return terminal_.get(); }
  // Readable when the process has ended.
  int ended() const { return pidfd_.get(); }
  pid_t pid() const { return pid_; }
  void resize(Size size) const;
  void kill() const;
  // Once `ended` is readable, or to wait for the end. Again gives the same.
  ExitCode reap();

 private:
  SandboxProcess(pid_t pid, base::Descriptor pidfd, base::Descriptor terminal);

  pid_t pid_ = -1;
  base::Descriptor pidfd_;
  base::Descriptor terminal_;
  std::optional<ExitCode> code_;
};

// Whether this process may start others as other users: CAP_SETUID, CAP_SETGID and CAP_KILL.
bool may_change_uid();

}  // namespace sallyport::workplace
