#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "workplace/config.h"
#include "workplace/session_table.h"

// What bubblewrap is told to make of one session: its view of the files, its namespaces, what runs. Pure.
namespace sallyport::workplace {

// A file that exists in the sandbox alone. Its content goes in by a descriptor, never by the command line.
struct SandboxFile {
  std::string path;
  std::string content;
  bool secret = false;  // mode 0600 and the user's own; else read-only
};

struct SandboxPlan {
  std::vector<std::string> arguments;  // of bwrap, argv[0] among them
  // Read from the descriptors kFirstFileDescriptor and following; behind them is where bwrap says how it goes
  // (SandboxStatus).
  std::vector<SandboxFile> files;
};

inline constexpr int kFirstFileDescriptor = 4;
// An open O_PATH descriptor of this very program, which `kubectl` runs to get tokens.
inline constexpr int kProgramDescriptor = 3;

// `command` is what runs in the sandbox, after limits that only a process of the sandbox can set to itself.
SandboxPlan sandbox_plan(const WorkplaceConfig& config, const std::vector<SandboxFile>& files,
                         const std::vector<std::string>& command);

// The files of a session: kubeconfig, AWS configuration and credentials, and the shell's.
std::vector<SandboxFile> session_files(const Session& session);

// The environment of every process of a session; holds no secret. The region is empty for the trial at the start.
std::vector<std::string> sandbox_environment(const WorkplaceConfig& config, const std::string& region);

inline constexpr const char* kHome = "/home/user";

}  // namespace sallyport::workplace
