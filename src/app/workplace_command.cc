#include "app/workplace_command.h"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "app/logging.h"
#include "app/process.h"
#include "app/version.h"
#include "app/workplace_config.h"
#include "app/workplace_metrics.h"
#include "base/limits.h"
#include "workplace/workplace.h"

namespace sallyport::app {

namespace {

constexpr int kUsage = 2;

int run(const WorkplaceFile& file, const sigset_t& signals) {
  const base::Time started_at = base::SystemClock().now();
  auto started = workplace::Workplace::start(file.workplace);
  if (!started) return fail_start(started.error());
  const std::unique_ptr<workplace::Workplace> running = *std::move(started);
  spdlog::info("opens shells for the API at {}", file.workplace.api);
  return run_daemon(
      file.metrics, [&] { return workplace_metrics_text(running->stats(), started_at); }, signals,
      [&] { running->drain(base::limits::kDrainTime); });
}

}  // namespace

int run_workplace(const DaemonOptions& options) {
  const sigset_t signals = prepare_process();
  if (const auto logging = start_logging(options.log_level, options.log_format); !logging) {
    fmt::print(stderr, "sallyport: {}\n", logging.error().message);
    return kUsage;
  }
  const auto file = load_workplace_config(options.config_file);
  if (!file) {
    for (const ConfigError& error : file.error())
      fmt::print(stderr, "{}\n", describe(error, options.config_file));
    return kUsage;
  }
  spdlog::info("sallyport {} starts as a workplace host with {}", kVersion, options.config_file);
  raise_descriptor_limit();
  return run(*file, signals);
}

}  // namespace sallyport::app
