#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::api::eks {

// What method and path ask for. `operation` is the EKS operation's name, empty when the path is none of
// EKS's. `labels` are the path's parameters, percent-decoded.
struct Route {
  std::string_view operation;  // of static storage
  std::vector<std::string> labels;
};

// `path` as sent, without query. Segments are told apart before they are decoded, so that an encoded
// slash stays inside its parameter. A path that does not decode, or not to UTF-8, is none of EKS's.
// Whether Sallyport serves the operation is the handlers' affair. Source of the table: the `http` traits of the AWS
// service model "eks" (2017-11-01).
Route find_route(std::string_view method, std::string_view path);

}  // namespace sallyport::api::eks
