#include "app/serve.h"

#include <fmt/core.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <thread>

#include "app/config.h"
#include "app/logging.h"
#include "app/server.h"
#include "app/service_notice.h"
#include "app/version.h"

namespace sallyport::app {

namespace {

constexpr int kUsage = 2;

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&set, number);
  return set;
}

// The next signal to stop, waiting for one or not; 0 when there is none.
int next_stop_signal(const sigset_t& set, bool wait) {
  constexpr timespec kAtOnce{0, 0};
  while (true) {
    const int number = wait ? sigwaitinfo(&set, nullptr) : sigtimedwait(&set, nullptr, &kAtOnce);
    if (number == SIGHUP) {
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

int fail_start(const base::Error& error) {
  spdlog::error("{}", error.message);
  return 1;
}

int run(const Config& config, const sigset_t& signals) {
  auto server = Server::start(config);
  if (!server) return fail_start(server.error());
  int stop = 0;
  const auto open = (*server)->open_for_business([&] {
    stop = next_stop_signal(signals, false);
    return stop != 0;
  });
  if (!open) return fail_start(open.error());
  if (*open) {
    notify_supervisor("READY=1\nSTATUS=serving");
    std::fputs("ready\n", stdout);
    std::fflush(stdout);
    stop = next_stop_signal(signals, true);
  }
  spdlog::info("stopping by signal {}", stop);
  notify_supervisor("STOPPING=1\nSTATUS=draining");
  end_at_second_signal(signals);
  (*server)->drain();
  server->reset();
  spdlog::info("stopped");
  return 0;
}

}  // namespace

int serve(const ServeOptions& options) {
  ::umask(S_IRWXG | S_IRWXO);
  const sigset_t signals = watched_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  if (const auto logging = start_logging(options.log_level, options.log_format); !logging) {
    fmt::print(stderr, "sallyport: {}\n", logging.error().message);
    return kUsage;
  }
  auto config = load_config(options.config_file);
  if (!config) {
    for (const ConfigError& error : config.error())
      fmt::print(stderr, "{}\n", describe(error, options.config_file));
    return kUsage;
  }
  if (!options.data_dir.empty()) config->data_dir = options.data_dir;
  if (const auto roles = check_roles(options.roles, *config); !roles) {
    fmt::print(stderr, "sallyport: {}\n", roles.error().message);
    return kUsage;
  }
  spdlog::info("sallyport {} starts with {}", kVersion, options.config_file);
  raise_descriptor_limit();
  if (!config->has_gateway()) spdlog::warn("no [gateway] address is configured: endpoints will have no address");
  return run(*config, signals);
}

}  // namespace sallyport::app
