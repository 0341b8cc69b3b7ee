#include "provider/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string_view>

#include "provider/files.h"

namespace sallyport::provider {

namespace {

using base::Descriptor;
using base::ErrorKind;
using base::fail;

constexpr int kCannotRun = 127;

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> child_environment() {
  std::vector<std::string> environment{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"};
#ifdef __aarch64__
  // etcd 3.4 refuses this machine otherwise.
  environment.emplace_back("ETCD_UNSUPPORTED_ARCH=arm64");
#endif
  return environment;
}

void close_all_from(unsigned first) {
  if (first > 2) ::syscall(SYS_close_range, first, ~0U, 0);
}

void unblock_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGPIPE, SIGTERM, SIGINT, SIGHUP})
    ::signal(number, SIG_DFL);
}

// What the service of the caller may do that a plain process may not, such as binding port 443, is not for us.
void drop_ambient_capabilities() { ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); }

// After fork: only what is safe there. Standard streams first, then the kept descriptor as number 3, nothing above.
[[noreturn]] void become(char* const* words, char* const* environment, int output, int kept, pid_t parent) {
  unblock_signals();
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) _exit(kCannotRun);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0 ||
      ::dup2(output, STDERR_FILENO) < 0) {
    _exit(kCannotRun);
  }
  constexpr int kFirstFree = 3;
  if (kept >= 0) {
    if (kept == kFirstFree) {
      if (::fcntl(kept, F_SETFD, 0) != 0) _exit(kCannotRun);
    } else if (::dup2(kept, kFirstFree) < 0) {
      _exit(kCannotRun);
    }
  }
  close_all_from(kept >= 0 ? kFirstFree + 1 : kFirstFree);
  ::execve(words[0], words, environment);
  constexpr std::string_view kMessage = "this file cannot be run; check that it is a program for this machine\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  _exit(kCannotRun);
}

}  // namespace

base::Result<Child> start_child(const std::vector<std::string>& command, int kept) {
  std::vector<std::string> words = command;
  std::vector<std::string> environment = child_environment();
  const std::vector<char*> word_pointers = pointers_to(words);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(ErrorKind::kInternal, "cannot make a pipe: " + reason(errno));
  Descriptor output(ends[0]);
  const Descriptor input(ends[1]);
  ::fcntl(output.get(), F_SETFL, O_NONBLOCK);

  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return fail(ErrorKind::kInternal, "cannot fork: " + reason(errno));
  if (pid == 0) become(word_pointers.data(), environment_pointers.data(), input.get(), kept, parent);
  Child child;
  child.pid = pid;
  child.output = std::move(output);
  // A child's number is its own until it is waited for.
  child.handle = open_process(pid);
  if (!child.handle.valid()) {
    const int error = errno;
    ::kill(pid, SIGKILL);
    collect(pid);
    return fail(ErrorKind::kInternal, "cannot watch a process: " + reason(error) + "; Linux 5.3 or newer is needed");
  }
  return child;
}

std::string collect(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "exit code " + std::to_string(WEXITSTATUS(status));
}

base::Descriptor open_process(pid_t pid) { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

bool send_signal(const base::Descriptor& process, int signal) {
  return ::syscall(SYS_pidfd_send_signal, process.get(), signal, nullptr, 0) == 0;
}

bool wait_readable(int descriptor, base::Millis limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (true) {
    const auto left = std::chrono::ceil<base::Millis>(deadline - std::chrono::steady_clock::now()).count();
    pollfd waiting{descriptor, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, left > 0 ? static_cast<int>(left) : 0);
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

base::Status start_detached(const std::vector<std::string>& arguments, const std::string& log) {
  std::vector<std::string> words{"sallyport-provider-kube-apiserver"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = child_environment();
  const std::vector<char*> word_pointers = pointers_to(words);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const Descriptor errors(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!errors.valid() || !nothing.valid())
    return fail(ErrorKind::kInternal, "cannot open " + log + ": " + reason(errno));

  const pid_t between = ::fork();
  if (between < 0) return fail(ErrorKind::kInternal, "cannot fork: " + reason(errno));
  if (between == 0) {
    // Twice, so that whoever waits for the caller's children never waits for this one.
    if (::setsid() < 0) _exit(kCannotRun);
    const pid_t last = ::fork();
    if (last != 0) _exit(last < 0 ? kCannotRun : 0);
    unblock_signals();
    drop_ambient_capabilities();
    ::dup2(nothing.get(), STDIN_FILENO);
    ::dup2(nothing.get(), STDOUT_FILENO);
    ::dup2(errors.get(), STDERR_FILENO);
    close_all_from(STDERR_FILENO + 1);
    if (::chdir("/") != 0) _exit(kCannotRun);
    ::execve("/proc/self/exe", word_pointers.data(), environment_pointers.data());
    _exit(kCannotRun);
  }
  const std::string end = collect(between);
  if (end != "exit code 0") return fail(ErrorKind::kInternal, "cannot start the supervisor: " + end);
  return {};
}

}  // namespace sallyport::provider
