#include "app/probe.h"

#include <utility>

#include "app/metrics.h"

namespace sallyport::app {

namespace {

api::HttpResponse text(int status, std::string body) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(body)};
}

}  // namespace

api::HttpHandler probe_handler(std::function<std::optional<std::string>()> why_not_ready,
                               std::function<std::string()> metrics) {
  return [why_not_ready = std::move(why_not_ready), metrics = std::move(metrics)](const api::HttpRequest& request) {
    if (request.method != "GET" && request.method != "HEAD") return text(405, "only GET is served here\n");
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (path == "/metrics") return api::HttpResponse{200, {{"Content-Type", kMetricsContentType}}, metrics()};
    if (path == "/healthz") return text(200, "ok\n");
    if (path != "/readyz") return text(404, "there are /metrics, /healthz and /readyz\n");
    if (const auto why = why_not_ready()) return text(503, *why + "\n");
    return text(200, "ok\n");
  };
}

}  // namespace sallyport::app
