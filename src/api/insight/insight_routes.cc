#include "api/insight/insight_routes.h"

#include <optional>
#include <utility>

#include "wire/uri.h"

namespace sallyport::api::insight {

namespace {

constexpr std::string_view kPrefix = "/sallyport/";
constexpr std::string_view kClusters = "/sallyport/clusters/";

}  // namespace

bool is_insight_path(std::string_view path) { return path.starts_with(kPrefix); }

Route find_route(std::string_view method, std::string_view path) {
  if (!path.starts_with(kClusters)) return {};
  path.remove_prefix(kClusters.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  std::optional<std::string> cluster = wire::percent_decode(path.substr(0, slash));
  if (!cluster || cluster->empty()) return {};
  const std::string_view what = path.substr(slash + 1);
  if (method == "GET" && what == "explain") return {"Explain", *std::move(cluster)};
  if (method == "POST" && what == "preview-update") return {"PreviewUpdate", *std::move(cluster)};
  if (method == "POST" && what == "workplace") return {"OpenWorkplace", *std::move(cluster)};
  if (method == "GET" && what == "traffic") return {"DescribeTraffic", *std::move(cluster)};
  return {};
}

}  // namespace sallyport::api::insight
