#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <utility>
#include <vector>

#include "base/descriptor.h"

namespace sallyport::workplace {

// Everything the child needs, made before the fork: after it, in a process of many threads, nothing may allocate.
struct Prepared {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::vector<base::Descriptor> files;  // the program, those of the plan, and where bwrap says how it goes
  std::vector<std::pair<int, rlimit>> limits;
  base::Descriptor slave;
  int cgroup = -1;
  bool change_uid = false;
  uid_t uid = 0;
};

inline constexpr const char* kBubblewrap = "/usr/bin/bwrap";
inline constexpr int kFailedToStart = 127;

// What the forked child does until it is bwrap; says on its terminal what it could not and ends with kFailedToStart.
// Only what is async-signal-safe.
[[noreturn]] void run_child(const Prepared& prepared, pid_t parent);

}  // namespace sallyport::workplace
