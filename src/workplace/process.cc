#include "workplace/process.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

#include "workplace/process_tree.h"
#include "workplace/sandbox_child.h"

namespace sallyport::workplace {

namespace {

using base::Descriptor;
using base::ErrorKind;
using base::fail;

// Above every descriptor of a sandbox, so that moving one to its place overwrites none that is still to be moved.
constexpr int kSafeDescriptor = 64;
constexpr int kSignalBase = 128;
// How long bwrap is given to stop: a process in a system call stops when that is done.
constexpr int kStopLooks = 200;
constexpr std::chrono::milliseconds kStopPause{1};

tl::unexpected<base::Error> fail_with(const char* what) {
  return fail(ErrorKind::kUnavailable, std::string(what) + ": " + std::strerror(errno));
}

Descriptor raised(Descriptor low) { return Descriptor(::fcntl(low.get(), F_DUPFD_CLOEXEC, kSafeDescriptor)); }

base::Result<Descriptor> memory_file(const std::string& content) {
  Descriptor file(::memfd_create("workplace", MFD_CLOEXEC));
  if (!file.valid()) return fail_with("no memory for the sandbox's files");
  std::size_t written = 0;
  while (written < content.size()) {
    const ssize_t count = ::write(file.get(), content.data() + written, content.size() - written);
    if (count <= 0) return fail_with("no memory for the sandbox's files");
    written += static_cast<std::size_t>(count);
  }
  ::lseek(file.get(), 0, SEEK_SET);
  Descriptor high = raised(std::move(file));
  if (!high.valid()) return fail_with("no descriptor for the sandbox's files");
  return high;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts)
    all.push_back(const_cast<char*>(text.c_str()));  // NOLINT(cppcoreguidelines-pro-type-const-cast): execve's type
  all.push_back(nullptr);
  return all;
}

std::vector<std::pair<int, rlimit>> limits_of(const ResourceLimits& limits) {
  // Never above what this process was given: that needs a privilege.
  const auto entry = [](auto which, std::size_t wanted) {
    rlimit now{};
    ::getrlimit(which, &now);
    const rlim_t value = std::min<rlim_t>(wanted, now.rlim_max);
    return std::pair<int, rlimit>{static_cast<int>(which), {value, value}};
  };
  return {entry(RLIMIT_CORE, 0),
          entry(RLIMIT_NPROC, limits.processes),
          entry(RLIMIT_NOFILE, limits.files),
          entry(RLIMIT_FSIZE, limits.file_bytes),
          entry(RLIMIT_DATA, limits.memory_bytes),
          entry(RLIMIT_CPU, limits.cpu_seconds),
          entry(RLIMIT_MEMLOCK, 0)};
}

base::Result<Prepared> prepare(const ProcessPlan& plan) {
  Prepared prepared;
  prepared.arguments = pointers(plan.sandbox.arguments);
  prepared.environment = pointers(plan.environment);
  prepared.limits = limits_of(plan.limits);
  prepared.cgroup = plan.cgroup;
  prepared.change_uid = plan.uid.has_value();
  prepared.uid = plan.uid.value_or(0);
  Descriptor program = raised(Descriptor(::open("/proc/self/exe", O_PATH | O_CLOEXEC)));
  if (!program.valid()) return fail_with("cannot open this program");
  prepared.files.push_back(std::move(program));
  for (const SandboxFile& file : plan.sandbox.files) {
    auto made = memory_file(file.content);
    if (!made) return fail(made.error());
    prepared.files.push_back(*std::move(made));
  }
  return prepared;
}

// The reading end, which does not block; the other goes with the files of `prepared`.
base::Result<Descriptor> status_pipe(Prepared& prepared) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_with("no pipe to be had");
  Descriptor reading(ends[0]);
  Descriptor writing = raised(Descriptor(ends[1]));
  if (!writing.valid() || ::fcntl(reading.get(), F_SETFL, O_NONBLOCK) != 0) return fail_with("no pipe to be had");
  prepared.files.push_back(std::move(writing));
  return reading;
}

Descriptor open_pidfd(pid_t pid) { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

void send_kill(const Descriptor& pidfd) { ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0); }

winsize window(Size size) { return {size.rows, size.columns, 0, 0}; }

}  // namespace

base::Result<SandboxProcess> SandboxProcess::start(const ProcessPlan& plan) {
  auto prepared = prepare(plan);
  if (!prepared) return fail(prepared.error());
  Descriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (!master.valid() || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0) {
    return fail_with("no terminal to be had");
  }
  prepared->slave = raised(Descriptor(::ioctl(master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)));
  if (!prepared->slave.valid()) return fail_with("no terminal to be had");
  auto status = status_pipe(*prepared);
  if (!status) return fail(status.error());
  const winsize size = window(plan.size);
  ::ioctl(master.get(), TIOCSWINSZ, &size);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) run_child(*prepared, parent);
  if (pid < 0) return fail_with("no process to be had");
  SandboxProcess process(pid, open_pidfd(pid), std::move(master), *std::move(status));
  if (!process.pidfd_.valid()) return fail_with("cannot watch the session's process");
  return process;
}

SandboxProcess::SandboxProcess(pid_t pid, Descriptor pidfd, Descriptor terminal, Descriptor status)
    : pid_(pid), pidfd_(std::move(pidfd)), terminal_(std::move(terminal)), status_(std::move(status)) {}

SandboxProcess::SandboxProcess(SandboxProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      terminal_(std::move(other.terminal_)),
      status_(std::move(other.status_)),
      first_(std::move(other.first_)),
      said_(std::move(other.said_)),
      code_(other.code_) {}

SandboxProcess::~SandboxProcess() {
  if (pid_ < 0) return;
  kill();
  reap();
}

void SandboxProcess::resize(Size size) const {
  const winsize wanted = window(size);
  ::ioctl(terminal_.get(), TIOCSWINSZ, &wanted);
}

bool SandboxProcess::meet() {
  std::array<char, 512> piece{};
  ssize_t count = 0;
  while ((count = ::read(status_.get(), piece.data(), piece.size())) > 0)
    said_.hear(std::string_view(piece.data(), static_cast<std::size_t>(count)));
  const bool over = count == 0;
  // Its number is another's only once bwrap has reaped it, and then bwrap is not the parent.
  if (const auto first = said_.first(); first && !first_.valid()) {
    Descriptor held = open_pidfd(*first);
    if (held.valid() && !code_ && parent_of(*first) == pid_) first_ = std::move(held);
  }
  return over;
}

void SandboxProcess::kill() {
  if (!meet() && !first_.valid() && !code_) kill_what_is_begun();
  if (first_.valid()) send_kill(first_);
  if (!code_) ::kill(pid_, SIGKILL);
}

// bwrap has not named the first process yet. It may have made it, and without a word from bwrap that one waits for
// ever, not yet asking to die with it. So bwrap is stopped, and then has no more children than can be seen.
void SandboxProcess::kill_what_is_begun() {
  ::kill(pid_, SIGSTOP);
  siginfo_t state{};
  for (int i = 0; i < kStopLooks && state.si_pid == 0; ++i) {
    if (i > 0) std::this_thread::sleep_for(kStopPause);
    if (::waitid(P_PID, static_cast<id_t>(pid_), &state, WSTOPPED | WEXITED | WNOWAIT | WNOHANG) != 0) break;
  }
  meet();
  if (first_.valid()) return;
  for (const pid_t child : children_of(pid_)) {
    Descriptor held = open_pidfd(child);
    if (held.valid() && parent_of(child) == pid_) send_kill(held);
  }
}

ExitCode SandboxProcess::reap() {
  if (code_) return *code_;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  meet();
  code_ = WIFSIGNALED(status) ? kSignalBase + WTERMSIG(status) : WEXITSTATUS(status);
  return *code_;
}

bool may_change_uid() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> have{};
  if (::syscall(SYS_capget, &header, have.data()) != 0) return false;
  constexpr std::uint32_t kWanted = 1U << CAP_SETUID | 1U << CAP_SETGID | 1U << CAP_KILL;
  return (have[0].effective & kWanted) == kWanted;
}

}  // namespace sallyport::workplace
