#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::api::route53 {

// What method and path ask for. `operation` is the Route 53 operation's name, empty when the path is none of Route
// 53's. `labels` are the path's parameters, percent-decoded.
struct Route {
  std::string_view operation;  // of static storage
  std::vector<std::string> labels;
};

// `path` as sent, without query; a '/' at its end changes nothing. Whether Sallyport serves the operation is the
// handlers' affair. Source of the table: the `http` traits of the AWS service model "route53" (2013-04-01).
Route find_route(std::string_view method, std::string_view path);

}  // namespace sallyport::api::route53
