#include "workplace/sandbox_child.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "workplace/sandbox.h"

namespace sallyport::workplace {

namespace {

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

}  // namespace

void run_child(const Prepared& prepared, pid_t parent) {
  if (::setsid() < 0 || ::ioctl(prepared.slave.get(), TIOCSCTTY, 0) != 0) ::_exit(kFailedToStart);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::dup2(prepared.slave.get(), standard) < 0) ::_exit(kFailedToStart);
  }
  expect_the_oom_killer();
  if (prepared.cgroup >= 0 && ::write(prepared.cgroup, "0", 1) != 1) give_up("cannot enter the session's cgroup");
  int next = kProgramDescriptor;
  for (const base::Descriptor& file : prepared.files) {
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

}  // namespace sallyport::workplace
