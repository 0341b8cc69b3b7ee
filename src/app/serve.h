#pragma once

#include <string>

namespace sallyport::app {

struct ServeOptions {
  std::string config_file;
  std::string data_dir;   // empty: the configuration's
  std::string roles;      // empty: all
  bool takeover = false;  // take over from the process that serves the data folder, if one does
  std::string log_level = "info";
  std::string log_format = "text";
};

// `sallyport serve`: runs until SIGTERM or SIGINT, then drains; a second signal ends the process at once. SIGUSR2
// starts a successor; once that has taken over, this process ends with its last connection. Prints "ready" once
// everything serves. Returns the exit code: 0, 1 when it could not start, 2 when the configuration or an option is
// wrong. Call before other threads exist: it blocks signals for all of them.
int serve(const ServeOptions& options);

}  // namespace sallyport::app
