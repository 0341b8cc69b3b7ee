#include "app/process.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>

#include "app/service_notice.h"

namespace sallyport::app {

namespace {

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&set, number);
  return set;
}

}  // namespace

sigset_t prepare_process() {
  ::umask(S_IRWXG | S_IRWXO);
  const sigset_t signals = watched_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error of the write, not the end of the process
  return signals;
}

int next_stop_signal(const sigset_t& set, bool wait, const std::function<void()>& hangup) {
  constexpr timespec kAtOnce{0, 0};
  while (true) {
    const int number = wait ? sigwaitinfo(&set, nullptr) : sigtimedwait(&set, nullptr, &kAtOnce);
    if (number == SIGHUP && hangup) {
      hangup();
    } else if (number == SIGHUP) {
      spdlog::warn("SIGHUP does nothing: the configuration is read at start; restart to apply a change");
    } else if (number > 0) {
      return number;
    } else if (errno != EINTR) {
      return 0;
    }
  }
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) spdlog::warn("the limit of open files stays at {}", limit.rlim_cur);
}

void end_at_second_signal(const sigset_t& set) {
  std::thread([set] {
    const int number = next_stop_signal(set, true);
    spdlog::warn("stopping at once, by signal {}", number);
    _exit(128 + number);
  }).detach();
}

void announce_ready() {
  notify_supervisor("READY=1\nSTATUS=serving");
  std::fputs("ready\n", stdout);
  std::fflush(stdout);
}

void announce_successor(pid_t successor) {
  spdlog::info("process {} serves now; this one ends with its connections", successor);
  notify_supervisor("MAINPID=" + std::to_string(successor));
}

void announce_stop(int signal) {
  spdlog::info("stopping by signal {}", signal);
  notify_supervisor("STOPPING=1\nSTATUS=draining");
}

}  // namespace sallyport::app
