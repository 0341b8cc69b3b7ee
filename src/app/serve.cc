#include "app/serve.h"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include "app/config.h"
#include "app/logging.h"
#include "app/process.h"
#include "app/server.h"
#include "app/version.h"

namespace sallyport::app {

namespace {

constexpr int kUsage = 2;

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
    announce_ready();
    stop = next_stop_signal(signals, true, [&] {
      spdlog::info("SIGHUP: certificate files are looked at now; the rest of the configuration is read at start");
      (*server)->read_certificates_again();
    });
  }
  announce_stop(stop);
  end_at_second_signal(signals);
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
  return run(*config, signals);
}

}  // namespace sallyport::app
