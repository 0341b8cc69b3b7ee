#pragma once

#include "app/daemon.h"

namespace sallyport::app {

// `sallyport workplace`: runs until SIGTERM or SIGINT, then drains; signals, "ready" and exit codes are those of
// `serve`. Call before other threads exist.
int run_workplace(const DaemonOptions& options);

}  // namespace sallyport::app
