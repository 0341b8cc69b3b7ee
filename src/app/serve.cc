#include "app/serve.h"

#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <string>
#include <utility>

#include "app/config.h"
#include "app/data_dir.h"
#include "app/launch.h"
#include "app/logging.h"
#include "app/process.h"
#include "app/server.h"
#include "app/successor.h"
#include "app/version.h"

namespace sallyport::app {

namespace {

constexpr int kUsage = 2;
// From an operator: have a successor take over. From this process to itself: one has.
constexpr int kRestart = SIGUSR2;

std::string socket_of_predecessor(const Config& config) { return DataPaths{config.data_dir}.handover_socket(); }

int fail_start(const base::Error& error) {
  spdlog::error("{}", error.message);
  return 1;
}

// Waits for a signal to stop, or for a successor; 0 for that.
int wait_for_the_end(Server& server, const ServeOptions& options, const sigset_t& signals) {
  const auto hangup = [&server] {
    spdlog::info("SIGHUP: certificate files are looked at now; the rest of the configuration is read at start");
    server.read_certificates_again();
  };
  const auto awaits = server.await_successor([](pid_t successor) {
    announce_successor(successor);
    ::kill(::getpid(), kRestart);
  });
  if (!awaits) spdlog::error("no process will be able to take over from this one: {}", awaits.error().message);
  while (true) {
    const int signal = next_stop_signal(signals, true, hangup);
    if (signal != kRestart) return signal;
    if (server.handed_over()) return 0;
    const auto started = start_successor(options);
    if (!started) spdlog::error("no successor: {}", started.error().message);
  }
}

int run(const Config& config, const ServeOptions& options, const sigset_t& signals) {
  std::optional<handover::Successor> predecessor;
  if (options.takeover) {
    auto asked = handover::Successor::ask(socket_of_predecessor(config));
    if (!asked) return fail_start(asked.error());
    predecessor = *std::move(asked);
    if (!predecessor) spdlog::info("no process serves the data folder; there is nothing to take over");
  }
  auto server = Server::start(config, predecessor ? &*predecessor : nullptr);
  if (!server) return fail_start(server.error());
  int stop = 0;
  const auto open = (*server)->open_for_business([&] {
    stop = next_stop_signal(signals, false);
    return stop != 0;
  });
  if (!open) return fail_start(open.error());
  if (*open) {
    predecessor.reset();
    announce_ready();
    stop = wait_for_the_end(**server, options, signals);
  }
  if (stop != 0) announce_stop(stop);
  sigset_t ending = signals;
  sigdelset(&ending, kRestart);
  end_at_second_signal(ending);
  (*server)->drain();
  server->reset();
  spdlog::info("stopped");
  return 0;
}

}  // namespace

int serve(const ServeOptions& options) {
  const sigset_t signals = prepare_process();
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
  sigset_t watched = signals;
  sigaddset(&watched, kRestart);
  pthread_sigmask(SIG_BLOCK, &watched, nullptr);
  return run(*config, options, watched);
}

}  // namespace sallyport::app
