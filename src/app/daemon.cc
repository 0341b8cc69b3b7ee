#include "app/daemon.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <optional>
#include <utility>

#include "app/probe.h"
#include "app/process.h"

namespace sallyport::app {

namespace {

constexpr int kFailed = 1;

}  // namespace

int fail_start(const base::Error& error) {
  spdlog::error("{}", error.message);
  return kFailed;
}

int run_daemon(const std::vector<base::SocketAddress>& listen, std::function<std::string()> metrics,
               const sigset_t& signals, const std::function<void()>& drain) {
  std::atomic<bool> stopping{false};
  std::unique_ptr<api::HttpServer> server;
  if (!listen.empty()) {
    api::HttpServerConfig config;
    config.listen = listen;
    config.threads = 1;
    const auto why_not_ready = [&] { return stopping ? std::optional<std::string>("stopping") : std::nullopt; };
    auto served = api::HttpServer::start(config, probe_handler(why_not_ready, std::move(metrics)));
    if (!served) return fail_start(served.error());
    server = *std::move(served);
  }
  announce_ready();
  const int stop = next_stop_signal(signals, true);
  stopping = true;
  announce_stop(stop);
  end_at_second_signal(signals);
  drain();
  server.reset();
  spdlog::info("stopped");
  return 0;
}

}  // namespace sallyport::app
