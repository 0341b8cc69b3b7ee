#include "workplace/process.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

namespace sallyport::workplace {

namespace {

using base::Descriptor;
using base::ErrorKind;
using base::fail;

constexpr const char* kBubblewrap = "/usr/bin/bwrap";
constexpr int kFailedToStart = 127;
// Above every descriptor of a sandbox, so that moving one to its place overwrites none that is still to be moved.
constexpr int kSafeDescriptor = 64;
constexpr int kSignalBase = 128;

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

// Everything the child needs, made before the fork: after it, in a process of many threads, nothing may allocate.
struct Prepared {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::vector<Descriptor> files;  // the program, those of the plan, and where bwrap says how it goes
  std::vector<std::pair<int, rlimit>> limits;
  Descriptor slave;
  int cgroup = -1;
  bool change_uid = false;
  uid_t uid = 0;
};

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

// Below, until the end of run_child: in the child, only what is async-signal-safe.

[[noreturn]] void give_up(const char* what) {
  const auto say = [](const char* text) {
    if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) return;
  };
  say("sallyport: ");
  say(what);
  say(": ");
  const char* why = ::strerrordesc_np(errno);
  say(why == nullptr ? "unknown error" : why);
  say("\r\n");
  ::_exit(kFailedToStart);
}

void drop_capabilities() {
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> none{};
  if (::syscall(SYS_capset, &header, none.data()) != 0) give_up("cannot give up capabilities");
}

void expect_the_oom_killer() {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  const ssize_t ignored = ::write(file, "500", 3);
  static_cast<void>(ignored);
  ::close(file);
}

void become(const Prepared& prepared) {
  if (prepared.change_uid) {
    // The C library's own would look for this process's other threads, which a fork does not copy.
    const uid_t id = prepared.uid;
    if (::syscall(SYS_setgroups, 0, nullptr) != 0) give_up("cannot leave groups");
    if (::syscall(SYS_setresgid, id, id, id) != 0) give_up("cannot change the group");
    if (::syscall(SYS_setresuid, id, id, id) != 0) give_up("cannot change the user");
  }
  drop_capabilities();
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up("cannot forgo new privileges");
}

[[noreturn]] void run_child(const Prepared& prepared, pid_t parent) {
  if (::setsid() < 0 || ::ioctl(prepared.slave.get(), TIOCSCTTY, 0) != 0) ::_exit(kFailedToStart);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::dup2(prepared.slave.get(), standard) < 0) ::_exit(kFailedToStart);
  }
  expect_the_oom_killer();
  if (prepared.cgroup >= 0 && ::write(prepared.cgroup, "0", 1) != 1) give_up("cannot enter the session's cgroup");
  int next = kProgramDescriptor;
  for (const Descriptor& file : prepared.files) {
    if (::dup2(file.get(), next++) < 0) give_up("cannot pass a file");
  }
  if (::close_range(static_cast<unsigned>(next), ~0U, 0) != 0) give_up("cannot close what is not the session's");
  for (const auto& [which, limit] : prepared.limits) {
    if (::setrlimit(static_cast<__rlimit_resource>(which), &limit) != 0) give_up("cannot set a resource limit");
  }
  become(prepared);
  // After the change of user, which clears it; bwrap sets it for itself once it runs.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::getppid() != parent) ::_exit(kFailedToStart);
  ::umask(S_IWGRP | S_IWOTH);
  for (const int ignored : {SIGPIPE, SIGXFSZ})
    ::signal(ignored, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(kBubblewrap, prepared.arguments.data(), prepared.environment.data());
  give_up("cannot run /usr/bin/bwrap, of the package bubblewrap");
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

// Of /proc/PID/status; a process that is gone has none.
pid_t parent_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; file >> word;) {
    pid_t parent = 0;
    if (word == "PPid:" && file >> parent) return parent;
  }
  return 0;
}

Descriptor open_pidfd(pid_t pid) { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

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
  meet();
  if (first_.valid()) ::syscall(SYS_pidfd_send_signal, first_.get(), SIGKILL, nullptr, 0);
  if (!code_) ::kill(pid_, SIGKILL);
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
