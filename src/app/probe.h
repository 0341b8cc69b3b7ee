#pragma once

#include <functional>
#include <optional>
#include <string>

#include "api/http.h"

namespace sallyport::app {

// Answers GET /metrics with what `metrics` gives, /healthz always, and /readyz by `why_not_ready`, which gives
// nothing when all is well. Both are called on the server's threads.
api::HttpHandler probe_handler(std::function<std::optional<std::string>()> why_not_ready,
                               std::function<std::string()> metrics);

}  // namespace sallyport::app
