#include "workplace/launch.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "workplace/uid_owner.h"

namespace sallyport::workplace {

namespace {

namespace limits = base::limits;

// Processes that a sandbox takes besides the shell's.
constexpr std::size_t kOfBubblewrap = 4;

ResourceLimits limits_of(const WorkplaceConfig& config) {
  // The kernel counts a uid's processes over all its sessions; prlimit in the sandbox bounds each session.
  const std::size_t sessions = config.uids ? config.sessions_a_principal : config.max_sessions;
  return {(config.processes + kOfBubblewrap) * sessions, limits::kWorkplaceFiles, config.home_bytes,
          config.memory_bytes, limits::kWorkplaceCpuSeconds};
}

ProcessPlan plan_of(const WorkplaceConfig& config, const std::vector<SandboxFile>& files,
                    const std::vector<std::string>& command, const std::string& region) {
  return {.sandbox = sandbox_plan(config, files, command),
          .environment = sandbox_environment(config, region),
          .uid = std::nullopt,
          .limits = limits_of(config),
          .cgroup = -1,
          .size = {}};
}

// What the process says on its terminal until it ends; nothing when it does not in time.
std::optional<std::string> listen_to(const SandboxProcess& process) {
  std::string said;
  constexpr std::size_t kMost = 4'096;
  const auto until = Steady::now() + limits::kWorkplaceTrialTime;
  while (true) {
    const auto left = std::chrono::duration_cast<base::Millis>(until - Steady::now());
    pollfd waiting{process.terminal(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return std::nullopt;
    std::array<char, 512> part{};
    const ssize_t count = ::read(process.terminal(), part.data(), part.size());
    if (count <= 0) return said;
    if (said.size() < kMost) said.append(part.data(), static_cast<std::size_t>(count));
  }
}

std::string on_one_line(std::string text) {
  std::erase(text, '\r');
  while (text.ends_with('\n'))
    text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace

base::Result<Launched> launch(const Hub& hub, const Session& session) {
  const WorkplaceConfig& config = hub.config;
  std::vector<std::string> command{config.shell, "-l"};
  ProcessPlan plan = plan_of(config, session_files(session), command, session.request.region);
  plan.uid = session.uid;
  std::optional<SessionCgroup> cgroup;
  if (hub.cgroups) {
    auto made = hub.cgroups->make(
        session.id, {config.memory_bytes, config.processes + kOfBubblewrap, limits::kWorkplaceCpuPercent});
    if (!made) return base::fail(made.error());
    cgroup.emplace(*std::move(made));
    plan.cgroup = cgroup->entry();
  }
  auto process = SandboxProcess::start(plan);
  if (!process) return base::fail(process.error());
  return Launched{std::move(cgroup), *std::move(process)};
}

base::Status try_sandbox(const WorkplaceConfig& config) {
  if (config.uids) {
    if (auto free = nobody_has(*config.uids); !free) return free;
  }
  ProcessPlan plan =
      plan_of(config, {}, {"/bin/sh", "-c", "test -x \"$SHELL\" || { echo \"$SHELL is no program\"; exit 1; }"}, {});
  if (config.uids) plan.uid = config.uids->last;
  auto process = SandboxProcess::start(plan);
  if (!process) return base::fail(process.error());
  const auto said = listen_to(*process);
  if (!said) {
    return base::fail(base::ErrorKind::kUnavailable, "the sandbox was tried and did not end in ten seconds");
  }
  const ExitCode code = process->reap();
  if (code == 0) return {};
  return base::fail(base::ErrorKind::kUnavailable,
                    "the sandbox does not work here (exit code " + std::to_string(code) + "): " + on_one_line(*said) +
                        "; it needs the package bubblewrap and user namespaces: see sysctl user.max_user_namespaces "
                        "and kernel.unprivileged_userns_clone, and docs/workplace.md");
}

}  // namespace sallyport::workplace
