#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "control/provider.h"
#include "model/ids.h"

namespace sallyport::app {

// A provider that is an executable (docs/provider.md), run once for each piece of work: without a shell, in a process
// group of its own that ends with the work, with this process's environment but for credentials, and for at most
// limits::kProviderTime. Thread-safe.
class ProviderProcess final : public control::Provider {
 public:
  struct Settings {
    std::string command;  // a path
    std::vector<std::string> arguments;
    model::Region region;
    std::string zone;
    // What a cluster's API server is to ask; nothing where webhooks are not served.
    std::function<std::optional<control::WebhookEndpoints>(const model::Cluster&)> webhooks;
  };

  explicit ProviderProcess(Settings settings) : settings_(std::move(settings)) {}

  base::Result<control::ProvidedServers> create(const model::Cluster& cluster,
                                                const control::ProgressFn& progress) override;
  base::Status remove(const model::Cluster& cluster, const control::ProgressFn& progress) override;
  void stop() override { stopping_ = true; }

 private:
  // What the program wrote to standard output, when it exited with 0.
  base::Result<std::string> run(const std::string& request, const control::ProgressFn& progress);

  const Settings settings_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace sallyport::app
