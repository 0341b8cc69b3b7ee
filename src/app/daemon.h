#pragma once

#include <signal.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/http_server.h"
#include "base/ip_address.h"
#include "base/result.h"

// What the subcommands that run beside a server have in common.
namespace sallyport::app {

struct DaemonOptions {
  std::string config_file;
  std::string log_level = "info";
  std::string log_format = "text";
};

// The exit code for a start that failed with `error`, which is logged.
int fail_start(const base::Error& error);

// Serves metrics at `listen`, if anywhere; says "ready"; waits for a signal to stop, calls `drain`, after which another
// signal ends the process at once, and gives the exit code.
int run_daemon(const std::vector<base::SocketAddress>& listen, std::function<std::string()> metrics,
               const sigset_t& signals, const std::function<void()>& drain);

}  // namespace sallyport::app
