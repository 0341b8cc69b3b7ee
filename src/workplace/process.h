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
#include "workplace/sandbox_status.h"

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
// namespace with its first process. That one asks to die with bwrap, but the user owns it and could take the wish back,
// so it is killed itself. One thread at a time.
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
  // Readable when bwrap has ended.
  int ended() const { return pidfd_.get(); }
  // Readable when bwrap has something to say, which `meet` hears.
  int status() const { return status_.get(); }
  // Gets hold of the first process of the sandbox once bwrap has named it; whether there is nothing more to hear.
  bool meet();
  // Readable when every process of the sandbox has ended; -1 before `meet` has it.
  int all_ended() const { return first_.get(); }
  // Whether the sandbox was made and its command ran to an end; to be asked after `reap`.
  bool ran() const { return said_.exit_code().has_value(); }
  pid_t pid() const { return pid_; }
  void resize(Size size) const;
  // Every process of it; again is harmless.
  void kill();
  // Once `ended` is readable, or to wait for the end. Again gives the same.
  ExitCode reap();

 private:
  SandboxProcess(pid_t pid, base::Descriptor pidfd, base::Descriptor terminal, base::Descriptor status);

  void kill_what_is_begun();

  pid_t pid_ = -1;
  base::Descriptor pidfd_;
  base::Descriptor terminal_;
  base::Descriptor status_;
  base::Descriptor first_;
  SandboxStatus said_;
  std::optional<ExitCode> code_;
};

// Whether this process may start others as other users: CAP_SETUID, CAP_SETGID and CAP_KILL.
bool may_change_uid();

}  // namespace sallyport::workplace
