#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/result.h"

// A cgroup (v2) for each session, where the machine lets us: it bounds all processes of a session together.
namespace sallyport::workplace {

struct CgroupLimits {
  std::size_t memory_bytes = 0;
  std::size_t processes = 0;
  unsigned cpu_percent = 100;  // of one CPU
};

// A session's cgroup. Kills what is left in it and tries to remove it when destroyed.
class SessionCgroup {
 public:
  SessionCgroup(std::string folder, base::Descriptor entry);
  SessionCgroup(SessionCgroup&& other) noexcept;
  SessionCgroup& operator=(SessionCgroup&&) = delete;
  ~SessionCgroup();

  // An open cgroup.procs: who writes 0 to it is in.
  int entry() const { return entry_.get(); }
  // Every process of it.
  void kill() const;
  // Whether it is gone; false while processes are in it.
  bool remove();
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  base::Descriptor entry_;
};

class Cgroups {
 public:
  // Takes the cgroup that was delegated to this process (systemd's Delegate=yes): moves the process to a cgroup "host"
  // below it and hands memory, pids and cpu to those beside. Says why where there is none. Once, before other threads
  // start processes. `proc_self` and `mount` are /proc/self/cgroup and /sys/fs/cgroup but in tests.
  static base::Result<Cgroups> take(const std::string& proc_self = "/proc/self/cgroup",
                                    const std::string& mount = "/sys/fs/cgroup");

  base::Result<SessionCgroup> make(const std::string& session, const CgroupLimits& limits) const;

 private:
  explicit Cgroups(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

// The path of the process in the v2 hierarchy, "/system.slice/x.service", of /proc/self/cgroup's text; nothing where
// another hierarchy has controllers. Pure.
std::optional<std::string> unified_path(std::string_view text);

}  // namespace sallyport::workplace
