#pragma once

#include <string>

namespace sallyport::app {

struct BastionOptions {
  std::string config_file;
  std::string log_level = "info";
  std::string log_format = "text";
};

// `sallyport bastion`: runs until SIGTERM or SIGINT, then drains; signals, "ready" and exit codes are those of
// `serve`. Call before other threads exist.
int run_bastion(const BastionOptions& options);

}  // namespace sallyport::app
