#include "app/bastion_command.h"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "app/bastion_config.h"
#include "app/bastion_metrics.h"
#include "app/logging.h"
#include "app/process.h"
#include "app/version.h"
#include "base/limits.h"
#include "bastion/bastion.h"

namespace sallyport::app {

namespace {

constexpr int kUsage = 2;

int run(const BastionFile& file, const sigset_t& signals) {
  const base::Time started_at = base::SystemClock().now();
  auto started = bastion::Bastion::start(file.bastion);
  if (!started) return fail_start(started.error());
  const std::unique_ptr<bastion::Bastion> running = *std::move(started);
  spdlog::info("leads to *.<gr1|sk1|yl4>.{}.eks.{}:{}, with logins checked by the API at {}", file.bastion.realm.region,
               file.bastion.realm.zone, file.bastion.realm.port, file.bastion.api.authority());
  return run_daemon(
      file.metrics, [&] { return bastion_metrics_text(running->stats(), started_at); }, signals,
      [&] { running->drain(base::limits::kDrainTime); });
}

}  // namespace

int run_bastion(const DaemonOptions& options) {
  const sigset_t signals = prepare_process();
  if (const auto logging = start_logging(options.log_level, options.log_format); !logging) {
    fmt::print(stderr, "sallyport: {}\n", logging.error().message);
    return kUsage;
  }
  const auto file = load_bastion_config(options.config_file);
  if (!file) {
    for (const ConfigError& error : file.error())
      fmt::print(stderr, "{}\n", describe(error, options.config_file));
    return kUsage;
  }
  spdlog::info("sallyport {} starts as a bastion with {}", kVersion, options.config_file);
  raise_descriptor_limit();
  return run(*file, signals);
}

}  // namespace sallyport::app
