#pragma once

#include <string>
#include <string_view>

namespace sallyport::api::insight {

// What method and path ask of the service "sallyport":
//   GET  /sallyport/clusters/NAME/explain?source=ADDRESS[&vpc=ID]   Explain
//   POST /sallyport/clusters/NAME/preview-update                     PreviewUpdate
//   POST /sallyport/clusters/NAME/workplace                          OpenWorkplace
//   GET  /sallyport/clusters/NAME/traffic                            DescribeTraffic
struct Route {
  std::string_view operation;  // of static storage; empty for none of these
  std::string cluster{};       // percent-decoded
};

// `path` as sent, without query. Pure.
Route find_route(std::string_view method, std::string_view path);

// Whether a path belongs to this service, known or not.
bool is_insight_path(std::string_view path);

}  // namespace sallyport::api::insight
